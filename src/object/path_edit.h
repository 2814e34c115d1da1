/*
 * object/path_edit.h - a whole tree that differs in a few paths from another
 *
 * Costs what changed, whatever the size of the tree. The id is the one that
 * building the tree anew (object/path_tree.h) would give.
 */
#ifndef OBJECT_PATH_EDIT_H
#define OBJECT_PATH_EDIT_H

#include "object/tree.h"

/* What a path becomes. */
struct path_change {
    const char *path;
    enum tree_mode mode; /* 0: it is removed, and may be absent */
    struct dits_oid id;
};

/*
 * Apply `count` changes, whose paths rise (path_compare()), to `tree`, which is
 * in the store. A file takes the place of a folder of its name; folders that
 * become empty go. Errors: INVALID (names, order, a file within a file), those
 * of the store.
 */
MUST_USE dits_error *path_edit(struct store *store, struct store_writer *writer,
                               const struct dits_oid *tree,
                               const struct path_change *changes, size_t count,
                               struct dits_oid *out_id);

#endif
