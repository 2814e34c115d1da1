/*
 * media/mxf/mxf_index.h - index tables
 *
 * SMPTE ST 377-1, 11. A segment covers edit units in a row, either with one
 * size for all, or with an entry for each. Entries stay in the file: a segment
 * is a view of them.
 */
#ifndef MEDIA_MXF_MXF_INDEX_H
#define MEDIA_MXF_MXF_INDEX_H

#include "media/mxf/mxf_partition.h"

struct mxf_segment {
    uint32_t body_sid;
    uint64_t start;     /* its first edit unit */
    uint64_t duration;  /* 0: to the end of the essence */
    uint64_t unit_size; /* 0: entries tell */
    uint64_t entries;   /* their offset in the file */
    uint64_t count;
    uint32_t entry_size;
};

struct mxf_entry {
    int8_t temporal_offset;
    uint8_t flags;
    uint64_t stream_offset;
};

/* Sorted by stream and start. */
struct mxf_index {
    size_t count;
    size_t capacity;
    struct mxf_segment *segments;
};

void mxf_index_release(struct mxf_index *index);

/* Read the segments of all partitions. Errors: of the source, NOMEM. */
MUST_USE dits_error *mxf_index_load(struct mxf_index *index,
                                    struct window *window,
                                    const struct mxf_partitions *partitions);

/* The segment of an edit unit of a stream; NULL: none. */
const struct mxf_segment *mxf_index_find(const struct mxf_index *index,
                                         uint32_t body_sid, uint64_t unit);

/* The entry of an edit unit, in stored order. */
MUST_USE dits_error *mxf_index_entry(const struct mxf_index *index,
                                     struct window *window, uint32_t body_sid,
                                     uint64_t unit, struct mxf_entry *out,
                                     bool *out_found);

/* Where the stored unit `unit` is shown: its place in presentation order. */
MUST_USE dits_error *mxf_index_presented(const struct mxf_index *index,
                                         struct window *window,
                                         uint32_t body_sid, uint64_t unit,
                                         uint64_t *out);

/* How far presentation lags behind decoding: by the first entries. */
MUST_USE dits_error *mxf_index_delay(const struct mxf_index *index,
                                     struct window *window, uint32_t body_sid,
                                     unsigned *out);

#endif
