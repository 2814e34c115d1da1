/*
 * object/list_builder.h - cutting a list of chunks into stored segments
 *
 * Memory does not depend on the length of the list.
 */
#ifndef OBJECT_LIST_BUILDER_H
#define OBJECT_LIST_BUILDER_H

#include "object/list_node.h"
#include "store/ingest.h"

/* A zero value with `writer` set is an empty builder. */
struct list_builder {
    struct store_writer *writer; /* borrowed */
    struct list_level {
        struct list_node node;
        size_t capacity;
    } levels[LIST_MAX_LEVELS];
    uint64_t bytes; /* added so far */
    struct buf scratch;
};

void list_builder_release(struct list_builder *builder);

/* Errors: LIMIT (beyond 1 PiB), and those of the store. */
MUST_USE dits_error *list_builder_add(struct list_builder *builder,
                                      const struct chunk_ref *chunk);

/* Hand over the top segment; all below it are stored. Empty: no entries. */
MUST_USE dits_error *list_builder_finish(struct list_builder *builder,
                                         struct list_node *out);

#endif
