/*
 * object/tree_builder.h - what tree_edit.c needs of a builder beyond tree.h
 */
#ifndef OBJECT_TREE_BUILDER_H
#define OBJECT_TREE_BUILDER_H

#include "object/tree_node.h"

/*
 * Add a stored node of `level` as it is, if that gives the tree which its
 * entries would have given one by one: when the entries so far end a node of
 * each level up to there. The caller sees to it that the node did not just end
 * because the folder did, unless it is the last here too.
 */
MUST_USE dits_error *tree_builder_add_node(struct tree_builder *builder,
                                           unsigned level,
                                           const struct tree_item *item,
                                           bool *out_added);

#endif
