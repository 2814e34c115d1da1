/*
 * media/mxf/mxf_partition.h - the partitions of a file
 *
 * SMPTE ST 377-1, 7: each partition pack says what follows it: metadata, index
 * tables, essence of one stream. The random index pack at the end, or the
 * chain of "previous partition", lists them.
 */
#ifndef MEDIA_MXF_MXF_PARTITION_H
#define MEDIA_MXF_MXF_PARTITION_H

#include "media/mxf/mxf_klv.h"

enum mxf_partition_kind {
    MXF_PARTITION_HEADER = 2,
    MXF_PARTITION_BODY = 3,
    MXF_PARTITION_FOOTER = 4,
};

struct mxf_partition {
    uint8_t kind;
    bool is_closed; /* its metadata is final */
    uint32_t body_sid;
    uint32_t index_sid;
    uint64_t end; /* of the pack: where what it tells of starts */
    uint64_t header_bytes;
    uint64_t index_bytes;
    uint64_t previous; /* from the first byte of the header partition */
    uint64_t footer;
    uint8_t operational_pattern[16];
};

/* `klv` is a partition pack. `*out_found` is false if it is too short. */
MUST_USE dits_error *mxf_partition_read(struct window *window,
                                        const struct mxf_klv *klv,
                                        struct mxf_partition *out,
                                        bool *out_found);

struct mxf_partitions {
    size_t count;
    size_t capacity;
    struct mxf_partition *list; /* in no order; the header's is the first */
};

void mxf_partitions_release(struct mxf_partitions *partitions);

/*
 * All that can be found without reading essence; `run_in` is the offset of the
 * header partition. Errors: of the source, NOMEM.
 */
MUST_USE dits_error *mxf_partitions_find(struct mxf_partitions *partitions,
                                         struct window *window,
                                         uint64_t run_in);

#endif
