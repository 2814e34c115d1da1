/*
 * object/tree_node.h - one node of a folder's B-tree
 *
 * Nodes of level 0 hold the entries of the folder, those above hold nodes of
 * the level below under the first name in them. A node ends where the names in
 * it say so (docs/formats/tree.md).
 */
#ifndef OBJECT_TREE_NODE_H
#define OBJECT_TREE_NODE_H

#include "base/cursor.h"
#include "object/tree.h"

/* Bounds of the format, in bytes. A node is cut between the two. */
#define TREE_NODE_MIN 4096
#define TREE_NODE_MAX 65536
#define TREE_MAX_LEVELS 8

/* Folders within folders. */
#define TREE_MAX_DEPTH 2048

/* An entry of a folder, or (mode 0) a node below. Borrows from its node. */
struct tree_item {
    const char *name; /* NUL-terminated */
    size_t length;    /* of the name */
    uint8_t mode;
    const struct dits_oid *id;
};

/* A node, read from front to end. Owns its bytes. */
struct tree_node {
    struct buf bytes;
    unsigned level;
    size_t left; /* items not yet read */
    struct cursor in;
    const char *previous; /* name of the last item read, or NULL */
};

void tree_node_release(struct tree_node *node);

/* Take over `bytes`, a whole object. Errors: CORRUPT, UNSUPPORTED. */
MUST_USE dits_error *tree_node_parse(struct buf *bytes, struct tree_node *out);

/* Never reads the empty tree. */
MUST_USE dits_error *tree_node_load(struct store *store,
                                    const struct dits_oid *id,
                                    struct tree_node *out);

/* `*out_found` is false after the last. Errors: CORRUPT. */
MUST_USE dits_error *tree_node_next(struct tree_node *node,
                                    struct tree_item *out, bool *out_found);

/* Add an item to the encoded items of a node. */
MUST_USE dits_error *tree_item_encode(const struct tree_item *item,
                                      struct buf *out);

/*
 * Whether a node of `level` with `size` bytes of items ends with the one called
 * `name`.
 */
bool tree_node_ends(unsigned level, size_t size, const char *name,
                    size_t length);

/* A whole node, from `count` encoded items. */
MUST_USE dits_error *tree_node_encode(unsigned level, size_t count,
                                      struct slice items, struct buf *out);

#endif
