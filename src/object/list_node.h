/*
 * object/list_node.h - a segment of a long list of chunks
 *
 * A list is a tree of segments: those of level 0 name chunks, those above name
 * segments, with the bytes and chunks below each. Segments end where the ids
 * in them say so, so that two versions of a list share all segments but the
 * changed ones. The top segment lies in the asset itself
 * (docs/formats/chunk-list.md).
 */
#ifndef OBJECT_LIST_NODE_H
#define OBJECT_LIST_NODE_H

#include "base/cursor.h"
#include "store/store.h"

/* Bounds of the format. A segment is cut between the first two. */
#define LIST_MIN_ENTRIES 64
#define LIST_MAX_ENTRIES 1024
#define LIST_MAX_LEVELS 8

/* No list, and so no file, is larger: 1 PiB. A hostile list ends here. */
#define LIST_MAX_BYTES (UINT64_C(1) << 50)

/* Level 0: a chunk, so many times in a row. Above: a segment. */
struct list_entry {
    struct dits_oid id;
    uint64_t offset; /* of its first byte, from the start of the node */
    uint64_t size;   /* of one chunk, or of all that is below the segment */
    uint64_t count;  /* of repeats, or of the chunks below the segment */
};

/* Owns its entries. The zero value is the empty list. */
struct list_node {
    unsigned level;
    size_t count;
    struct list_entry *entries;
    uint64_t bytes;  /* in all */
    uint64_t chunks; /* in all, repeats counted */
};

void list_node_release(struct list_node *node);

/* Whether a segment of `count` entries, whose last is `last`, ends there. */
bool list_node_ends(size_t count, const struct dits_oid *last);

/* Without an object header, as in an asset. */
MUST_USE dits_error *list_node_encode(const struct list_node *node,
                                      struct buf *out);

/* Errors: CORRUPT. */
MUST_USE dits_error *list_node_parse(struct cursor *in, struct list_node *out);

/* As an object of its own. */
MUST_USE dits_error *list_segment_encode(const struct list_node *node,
                                         struct buf *out);
MUST_USE dits_error *list_segment_parse(struct slice bytes,
                                        struct list_node *out);

/* What an object of kind LIST holds. Values are on disk. */
enum list_form {
    LIST_FORM_CHUNKS = 1,
    LIST_FORM_WEAVE = 2, /* object/weave.h */
};

#endif
