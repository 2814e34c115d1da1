/*
 * object/list_cursor.h - a place in a long list of chunks
 *
 * One thread. Holds one segment of each level.
 */
#ifndef OBJECT_LIST_CURSOR_H
#define OBJECT_LIST_CURSOR_H

#include "object/list_node.h"

/* The same chunk `count` times in a row. */
struct list_span {
    struct dits_oid id;
    uint64_t offset; /* of the first byte, in the list */
    uint32_t size;   /* of one chunk */
    uint64_t count;
};

/* The fields are for list_cursor.c alone. */
struct list_cursor {
    struct store *store;
    const struct list_node *top;
    struct list_place {
        struct list_node node; /* owned; unused for the top */
        size_t index;
        uint64_t offset; /* where the node begins in the list */
    } places[LIST_MAX_LEVELS];
    uint64_t repeat; /* within the entry at level 0 */
    bool is_open;    /* a segment of each level is at hand */
    bool at_end;
};

/* At the start of the list under `top`, which is borrowed. */
struct list_cursor list_cursor_over(struct store *store,
                                    const struct list_node *top);
void list_cursor_release(struct list_cursor *cursor);

/*
 * Go to the chunk that holds `offset`, which is at most the list's size. Cheap
 * when it lies in the segment at hand.
 */
MUST_USE dits_error *list_cursor_seek(struct list_cursor *cursor,
                                      uint64_t offset);

/* What is at the cursor. `*out_found` is false at the end. */
MUST_USE dits_error *list_cursor_get(struct list_cursor *cursor,
                                     struct list_span *out, bool *out_found);

/* Past `count` of the chunks that list_cursor_get() gave. */
void list_cursor_skip(struct list_cursor *cursor, uint64_t count);

/* A segment below `parent`, checked against what its entry says of it. */
MUST_USE dits_error *list_segment_load(struct store *store, unsigned level,
                                       const struct list_entry *entry,
                                       struct list_node *out);

#endif
