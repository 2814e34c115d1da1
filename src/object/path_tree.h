/*
 * object/path_tree.h - a whole tree from sorted paths
 *
 * What commit makes of the index, and what operations keep of touched paths.
 */
#ifndef OBJECT_PATH_TREE_H
#define OBJECT_PATH_TREE_H

#include "object/tree.h"

struct path_tree_builder;

MUST_USE dits_error *path_tree_builder_new(struct store_writer *writer,
                                           struct path_tree_builder **out);

/*
 * Paths must rise in the order of path_compare().
 * Folders are made as they are met. INVALID when a path is both a file and a
 * folder, or breaks the order.
 */
MUST_USE dits_error *path_tree_builder_add(struct path_tree_builder *builder,
                                           const char *path,
                                           enum tree_mode mode,
                                           const struct dits_oid *id);
MUST_USE dits_error *path_tree_builder_finish(struct path_tree_builder *builder,
                                              struct dits_oid *out_id);
void path_tree_builder_free(struct path_tree_builder *builder);
void path_tree_builder_freep(struct path_tree_builder **builder);

#endif
