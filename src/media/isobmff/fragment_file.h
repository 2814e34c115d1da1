/*
 * media/isobmff/fragment_file.h - a file made of some fragments of another
 *
 * It exists only as a plan: the movie box and the tables, which are made anew
 * and kept in memory, and the fragments, of which a 'moof' is patched when it
 * is read. See fragment_init.h and fragment_patch.h for what is changed. The
 * media data comes from the source as it is.
 */
#ifndef MEDIA_ISOBMFF_FRAGMENT_FILE_H
#define MEDIA_ISOBMFF_FRAGMENT_FILE_H

#include "media/isobmff/fragment_index.h"
#include "media/isobmff/fragment_tables.h"

struct fragment_file_options {
    bool keep_times;   /* of the source; else the first is 0 */
    bool keep_numbers; /* of the source; else they count from 1 */
    bool no_tables;    /* neither 'sidx' nor 'mfra' */
};

/* Bytes side by side: in memory, or in the source. */
struct file_extent {
    uint64_t at;
    uint64_t size;
    uint64_t source;      /* offset */
    const uint8_t *bytes; /* NULL: of the source */
};

/* The fields are for fragment_file.c and its parts alone. */
struct fragment_file {
    struct source *source;              /* borrowed */
    const struct fragment_index *index; /* borrowed */
    struct fragment_file_options options;
    struct served_range range;
    int64_t *shifts;           /* ticks taken off the times, by track */
    int64_t origin;            /* the same in ticks of one track, */
    uint32_t origin_timescale; /* whose scale this is */
    uint64_t size;
    uint64_t fragments_at;
    uint64_t fragments_end;
    struct buf head;               /* all that is made before the fragments */
    struct buf tail;               /* and behind them */
    struct file_extent extents[5]; /* all but the fragments */
    size_t extent_count;
    struct buf moof; /* the one that was read last, patched */
    size_t moof_of;  /* its fragment; SIZE_MAX: none */
};

void fragment_file_release(struct fragment_file *file);

/*
 * The fragments `first` to `last` - 1. With all of them and nothing to change
 * it is the source itself. `out` is zero before.
 *
 * Errors: INVALID (no such fragments), UNSUPPORTED (a fragment that has samples
 * outside of itself, or an edit list that holds for the whole only), CORRUPT,
 * LIMIT, NOMEM, those of the source.
 */
MUST_USE dits_error *fragment_file_open(
    struct source *source, const struct fragment_index *index, size_t first,
    size_t last, const struct fragment_file_options *options,
    struct fragment_file *out);

/* Exactly `size` bytes. INVALID past the end. */
MUST_USE dits_error *fragment_file_read(struct fragment_file *file,
                                        uint64_t offset, size_t size,
                                        void *out);

#endif
