/*
 * media/matroska/blocks.h - the blocks of all clusters, in file order
 *
 * Steps from header to header; memory and reads do not depend on the size of
 * the file. Where no header can be read, the next cluster that looks like one
 * is searched for.
 */
#ifndef MEDIA_MATROSKA_BLOCKS_H
#define MEDIA_MATROSKA_BLOCKS_H

#include "media/matroska/lacing.h"
#include "media/matroska/state.h"

struct block {
    uint64_t offset; /* of the first frame */
    uint32_t track;  /* index */
    bool is_key;
    int64_t time;     /* ticks */
    int64_t duration; /* of all frames, ticks; < 0 unknown */
    struct lace lace; /* count and sizes of the frames */
};

/* The fields are for blocks.c alone. */
struct blocks {
    struct media_file *file;
    struct window window;
    uint64_t at;
    bool is_in_cluster;
    uint64_t cluster_end; /* at most: one of no size ends at the next */
    int64_t cluster_time;
    uint64_t searched; /* bytes looked through for clusters */
};

/* From the start of the segment. */
struct blocks blocks_of(struct media_file *file);
void blocks_release(struct blocks *blocks);

/* The next block whose track is known. */
MUST_USE dits_error *blocks_next(struct blocks *blocks, struct block *out,
                                 bool *out_found);

#endif
