/*
 * media/isobmff/chunks.h - the chunks of a track, in the order of its table
 *
 * ISO/IEC 14496-12, 8.7.4 (stsc) and 8.7.5 (stco, co64).
 */
#ifndef MEDIA_ISOBMFF_CHUNKS_H
#define MEDIA_ISOBMFF_CHUNKS_H

#include "media/isobmff/sample_table.h"

struct chunk {
    uint64_t offset;
    uint64_t first; /* number of its first sample */
    uint32_t count; /* samples; may be 0 */
    uint32_t description;
};

/* The fields are for chunks.c alone. */
struct chunk_cursor {
    const struct sample_table *table;
    struct table_reader runs;
    struct table_reader offsets;
    uint32_t chunk;    /* the next one */
    uint32_t run;      /* the row of stsc after the current one */
    uint32_t run_end;  /* the chunk where that row begins to hold */
    uint32_t in_chunk; /* samples */
    uint32_t description;
    uint64_t sample; /* the first of the next chunk */
};

void chunk_cursor_open(struct chunk_cursor *cursor,
                       const struct sample_table *table);
void chunk_cursor_release(struct chunk_cursor *cursor);
MUST_USE dits_error *chunk_cursor_next(struct chunk_cursor *cursor,
                                       struct chunk *out, bool *out_found);

/* How many samples all chunks hold. Looks at stsc only. */
MUST_USE dits_error *chunks_count_samples(const struct sample_table *table,
                                          uint64_t *out);

#endif
