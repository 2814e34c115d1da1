/*
 * object/tree_stack.h - the folders that a walk is in, and its path
 *
 * For one tree, or for two that are compared. Bounded by TREE_MAX_DEPTH, and
 * not on the thread's own stack: paths may be very deep.
 */
#ifndef OBJECT_TREE_STACK_H
#define OBJECT_TREE_STACK_H

#include "object/tree_cursor.h"

struct tree_frame {
    struct tree_cursor cursors[2]; /* at the end where there is no folder */
    size_t path_length;            /* of the folder itself */
};

struct tree_stack {
    struct tree_frame *frames;
    size_t count;
    size_t capacity;
    struct buf path; /* of the item that was named last */
};

void tree_stack_release(struct tree_stack *stack);
bool tree_stack_is_empty(const struct tree_stack *stack);

/* Borrowed until the next push. */
struct tree_frame *tree_stack_top(const struct tree_stack *stack);

/*
 * Go into the folders `a` and `b` of the item that was named last; NULL for
 * none. Errors: LIMIT (too deep).
 */
MUST_USE dits_error *tree_stack_push(struct tree_stack *stack,
                                     struct store *store,
                                     const struct dits_oid *a,
                                     const struct dits_oid *b);
void tree_stack_pop(struct tree_stack *stack);

/* Make the path that of `item` in the folder at the top. */
MUST_USE dits_error *tree_stack_name(struct tree_stack *stack,
                                     const struct tree_item *item);
const char *tree_stack_path(const struct tree_stack *stack);

/* An item as callers see it; the name is borrowed. */
struct tree_entry tree_stack_entry(const struct tree_item *item);

#endif
