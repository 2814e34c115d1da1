/*
 * object/tree_edit.h - a folder that differs in a few names from another
 *
 * Costs what changed: nodes that no change touches are neither read nor
 * written. The id is the one that building the folder anew would give.
 */
#ifndef OBJECT_TREE_EDIT_H
#define OBJECT_TREE_EDIT_H

#include "object/tree.h"

/* A name and what it becomes. */
struct tree_change {
    struct tree_entry entry; /* the name alone counts when it is removed */
    bool is_removal;         /* of a name that may be absent */
};

/*
 * Apply `count` changes, whose names rise, to the one folder `tree`, which is
 * in the store. Errors: INVALID (names), those of the store.
 */
MUST_USE dits_error *tree_edit(struct store *store, struct store_writer *writer,
                               const struct dits_oid *tree,
                               const struct tree_change *changes, size_t count,
                               struct dits_oid *out_id);

#endif
