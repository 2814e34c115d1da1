/*
 * media/keyframes.h - where decoding of a track can start
 *
 * The container's index says which samples are sync; the bitstream is asked
 * whether that is so. Where they disagree, and where there is no index, the
 * samples are scanned. A place is never guessed: without evidence the table is
 * empty.
 */
#ifndef MEDIA_KEYFRAMES_H
#define MEDIA_KEYFRAMES_H

#include "media/codec/codec.h"

enum keyframe_source {
    KEYFRAMES_NONE = 0,  /* nothing is known */
    KEYFRAMES_INDEX,     /* what the container says */
    KEYFRAMES_SCAN,      /* what the samples say */
    KEYFRAMES_ESTIMATED, /* for hints of time; this table never is */
};

struct keyframe {
    uint64_t
        number; /* of the sample, in decode order; of a scan: of pictures */
    uint64_t offset; /* in the file */
    int64_t dts, pts;
    enum media_sync sync;       /* YES or PARTIAL */
    enum codec_sync_class kind; /* UNKNOWN where it was not looked at */
};

/* Owns `list`. Zero is empty. */
struct keyframes {
    enum keyframe_source source;
    unsigned confidence;   /* per cent */
    bool every_sample;     /* all of them are sync; `list` is empty */
    bool is_complete;      /* no limit was met */
    uint64_t sample_count; /* that were walked */
    uint64_t checked;      /* against the bitstream */
    uint64_t contradicted; /* of these */
    size_t count;
    struct keyframe *list;
    size_t capacity;
};

void keyframes_release(struct keyframes *keyframes);

/*
 * The table of one track of `file`. Reads at most LIMIT_PROBE bytes to check an
 * index, LIMIT_SCAN to scan. Errors: of the source, NOMEM, CANCELLED.
 */
MUST_USE dits_error *keyframes_of_track(struct media_file *file, uint32_t track,
                                        struct keyframes *out);

/*
 * The table of bytes without an index: a damaged movie's media data, or a byte
 * stream. `file` may have no tracks. KEYFRAMES_NONE where no coded video is
 * recognised. Errors: as above.
 */
MUST_USE dits_error *keyframes_of_bytes(struct source *source, uint64_t offset,
                                        uint64_t size, struct keyframes *out);

/* "index", "scan", "estimated", "none". */
const char *keyframe_source_name(enum keyframe_source source);

#endif
