/*
 * object/weave_builder.h - cutting a weave into stored segments
 */
#ifndef OBJECT_WEAVE_BUILDER_H
#define OBJECT_WEAVE_BUILDER_H

#include "object/weave.h"

/* A zero value with `writer` and `weave.streams` set is an empty builder. */
struct weave_builder {
    struct store_writer *writer; /* borrowed */
    struct weave weave;
    struct weave_segment segment; /* under way */
    size_t segment_capacity;
    size_t capacity;                       /* of the tables of `weave` */
    uint64_t starts[WEAVE_MAX_STREAMS];    /* of the segment */
    uint64_t positions[WEAVE_MAX_STREAMS]; /* of the next run */
};

void weave_builder_release(struct weave_builder *builder);

/* Runs of one stream in a row become one. */
MUST_USE dits_error *weave_builder_add(struct weave_builder *builder,
                                       struct weave_run run);

/* Hand over the index; all segments are stored. */
MUST_USE dits_error *weave_builder_finish(struct weave_builder *builder,
                                          struct weave *out);

#endif
