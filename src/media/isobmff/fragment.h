/*
 * media/isobmff/fragment.h - movie fragments
 *
 * ISO/IEC 14496-12, 8.8. Kept is where runs of samples lie, not the samples:
 * their rows are read again when they are walked.
 */
#ifndef MEDIA_ISOBMFF_FRAGMENT_H
#define MEDIA_ISOBMFF_FRAGMENT_H

#include "media/isobmff/box.h"
#include "media/isobmff/fragment_boxes.h"
#include "media/isobmff/table.h"
#include "media/media.h"

/* Of one track. */
struct fragment_track {
    bool has_defaults;
    struct sample_defaults defaults; /* trex, 8.8.3 */
    bool is_started;
    int64_t first_dts; /* of all samples, also those before the fragments */
    int64_t next_dts;
    uint64_t next_number;
};

struct fragment {
    uint64_t offset;
    uint64_t size;
    uint32_t sequence_number;
};

/* A 'traf' of which at least one run has samples. */
struct fragment_part {
    uint32_t fragment;               /* index */
    uint32_t track;                  /* index */
    struct sample_defaults defaults; /* of the track, and then its own */
    bool has_time;                   /* tfdt or the like */
};

/* A 'trun' with samples. */
struct run {
    uint64_t offset; /* of its first byte; UINT64_MAX: outside of any file */
    uint64_t rows;   /* where they lie */
    uint64_t first;  /* number of its first sample */
    int64_t dts;     /* of that one */
    uint32_t part;   /* index */
    uint32_t count;  /* samples */
    uint32_t flags;  /* 24 bits; above them the version */
    uint32_t first_flags;
};

/* Zero is empty. All lists are in the order of the file. */
struct fragments {
    struct fragment *list;
    struct fragment_part *parts;
    struct run *runs;
    size_t count, capacity;
    size_t part_count, part_capacity;
    size_t run_count, run_capacity;
    bool is_full; /* LIMIT_RUNS was reached: told once */
};

void fragments_release(struct fragments *fragments);

/*
 * Take over a 'moof' of the file. Tracks that nobody announced are added.
 * `*out_end` is where it really ends: media data ends it.
 */
MUST_USE dits_error *fragment_parse(struct media_file *file,
                                    const struct box *moof, uint64_t *out_end);

/* Defaults of a track, from the payload of 'trex'. */
MUST_USE dits_error *fragment_set_defaults(struct media_file *file,
                                           struct slice payload);

/* The samples of a run, one after the other. */
struct run_sample {
    uint32_t size;
    enum media_sync sync;
    int64_t duration;
    int64_t shift; /* from decode to presentation time */
};

/* Bytes of each row of a 'trun' with these flags. */
uint32_t run_row_size(uint32_t flags);

/* What a row says over what `out` says already. The flags, or `otherwise`. */
uint32_t run_parse_row(uint32_t flags, const uint8_t *row, uint32_t otherwise,
                       struct run_sample *out);

/* The fields are for run_rows.c alone. */
struct run_cursor_rows {
    struct table table;
    struct table_reader rows;
    const struct fragment_part *part;
    const struct run *run;
    uint32_t next;
    bool all_sync; /* sound: what its flags say is not to be trusted */
};

/* The rows of a run. The cursor is borrowed by nobody: it may not move. */
void run_rows_open(struct run_cursor_rows *cursor,
                   const struct media_file *file, const struct run *run);
void run_rows_release(struct run_cursor_rows *cursor);

/* The next of run->count samples. */
MUST_USE dits_error *run_rows_next(struct run_cursor_rows *cursor,
                                   struct run_sample *out);

/* The size of every sample, if they share it and all are sync; else 0. */
uint32_t run_rows_constant_size(const struct run_cursor_rows *cursor);

#endif
