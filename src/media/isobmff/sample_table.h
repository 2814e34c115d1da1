/*
 * media/isobmff/sample_table.h - where the samples of a track are
 *
 * The tables of a 'stbl' box as views (ISO/IEC 14496-12, 8.6 to 8.9; 'stps'
 * after the QuickTime File Format), and cursors over them. Nothing is kept per
 * sample: a walk needs a few pages, whatever the number of samples.
 */
#ifndef MEDIA_ISOBMFF_SAMPLE_TABLE_H
#define MEDIA_ISOBMFF_SAMPLE_TABLE_H

#include "media/isobmff/box.h"
#include "media/isobmff/table.h"
#include "media/media.h"

/* Zero has no samples. */
struct sample_table {
    struct table durations;   /* stts: count u32, delta u32 */
    struct table shifts;      /* ctts: count u32, offset i32 */
    struct table sync;        /* stss: number u32, from 1 */
    struct table partial;     /* stps: the same */
    struct table groups;      /* sbgp 'rap ': count u32, description u32 */
    struct table chunk_runs;  /* stsc: first u32, samples u32, description */
    struct table chunks;      /* stco, co64: offset */
    struct table sizes;       /* stsz, stz2 */
    bool has_sync;            /* without stss every sample is sync */
    uint8_t size_bits;        /* of one size: 4, 8, 16 or 32 */
    uint32_t constant_size;   /* of every sample as stsz has it; 0: a table */
    uint32_t claimed_samples; /* as stsz has it */

    /* What sample_table_finish() makes of them. */
    uint32_t frames_per_sample; /* QuickTime packs sound: at least 1 */
    uint32_t sample_bytes;      /* of every sample; 0: as the table says */
    uint64_t sample_count;
};

/* Take over a box of 'stbl' that is one of the tables; ignore any other. */
MUST_USE dits_error *sample_table_add(struct media_file *file,
                                      struct sample_table *table,
                                      struct window *window,
                                      const struct box *box, const char *where);

/*
 * After all boxes: count the samples. Where sizes are constant and `packing`
 * is not empty, a sample has so many frames in so many bytes, because 'stsz'
 * of old sound says neither.
 */
struct packing {
    uint32_t frames;
    uint32_t bytes;
};
MUST_USE dits_error *sample_table_finish(struct media_file *file,
                                         struct sample_table *table,
                                         struct packing packing,
                                         const char *where);

/* Every sample is a sync sample. */
bool sample_table_is_all_sync(const struct sample_table *table);

/* Sizes, in any order. Zero with `table` set is good to use. */
struct size_cursor {
    const struct sample_table *table;
    struct table_reader rows;
};

void size_cursor_open(struct size_cursor *cursor,
                      const struct sample_table *table);
void size_cursor_release(struct size_cursor *cursor);
MUST_USE dits_error *size_cursor_at(struct size_cursor *cursor, uint64_t number,
                                    uint32_t *out);

#endif
