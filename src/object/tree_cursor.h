/*
 * object/tree_cursor.h - a place in one folder's B-tree
 *
 * At a node that was not opened yet, or at an entry. So what two trees have in
 * common is passed over unread. One thread.
 */
#ifndef OBJECT_TREE_CURSOR_H
#define OBJECT_TREE_CURSOR_H

#include "object/tree_node.h"

/* The fields are for tree_cursor.c alone. The zero value is at the end. */
struct tree_cursor {
    struct store *store;
    struct tree_place *places;    /* TREE_MAX_LEVELS of them, from the top */
    size_t depth;                 /* of them in use */
    char last[TREE_NAME_MAX + 1]; /* the last name of the last node */
};

/* At the first item of the folder's top node. */
MUST_USE dits_error *tree_cursor_open(struct store *store,
                                      const struct dits_oid *tree,
                                      struct tree_cursor *out);
void tree_cursor_release(struct tree_cursor *cursor);

/* What is at the cursor, borrowed until it moves; NULL at the end. */
const struct tree_item *tree_cursor_item(const struct tree_cursor *cursor);

/* 0: the item is an entry; n: a node of level n - 1. */
unsigned tree_cursor_level(const struct tree_cursor *cursor);

/* The first name behind the item, or NULL when it is the last. */
MUST_USE dits_error *tree_cursor_following(const struct tree_cursor *cursor,
                                           const char **out);

/* Open the node at the cursor and go to its first item. Else it stays. */
MUST_USE dits_error *tree_cursor_descend(struct tree_cursor *cursor);

/* Past the item, with all that is below it. */
MUST_USE dits_error *tree_cursor_next(struct tree_cursor *cursor);

#endif
