/*
 * object/tree.h - the names in a folder
 *
 * A tree maps names to entries. A large folder is a B-tree whose nodes (4 to
 * 64 KiB) are split by content, so its id depends on the entries alone, not on
 * how it came to be, and one changed name rewrites a handful of nodes
 * (docs/formats/tree.md).
 *
 * Names are well-formed UTF-8, 1 to 255 bytes, without '/' and NUL, and never
 * ".", ".." or ".dits" in any case: readers refuse trees that break this
 * (CORRUPT), so code above may trust names that come out of here. Order is that
 * of memcmp() of the names.
 */
#ifndef OBJECT_TREE_H
#define OBJECT_TREE_H

#include "base/buf.h"
#include "store/store.h"

/* Values are on disk. */
enum tree_mode {
    TREE_FILE = 1,       /* id: an asset */
    TREE_EXECUTABLE = 2, /* id: an asset */
    TREE_SYMLINK = 3,    /* id: an asset whose bytes are the target */
    TREE_FOLDER = 4,     /* id: a tree */
};

#define TREE_NAME_MAX 255

/* A name that an entry may have. */
bool tree_name_is_valid(const char *name, size_t length);

struct tree_entry {
    const char *name; /* NUL-terminated; borrowed */
    enum tree_mode mode;
    struct dits_oid id;
};

/* Builds one folder from entries that come in order. */
struct tree_builder;

MUST_USE dits_error *tree_builder_new(struct store_writer *writer,
                                      struct tree_builder **out);

/* Names must rise: INVALID otherwise. The name is copied. */
MUST_USE dits_error *tree_builder_add(struct tree_builder *builder,
                                      const struct tree_entry *entry);

/* The builder is empty and usable again afterwards. */
MUST_USE dits_error *tree_builder_finish(struct tree_builder *builder,
                                         struct dits_oid *out_id);
void tree_builder_free(struct tree_builder *builder);
void tree_builder_freep(struct tree_builder **builder);

/* The id of the empty tree. It is always readable, stored or not. */
void tree_empty_id(struct dits_oid *out);

/* The entries of one folder, in order. One thread. */
struct tree_iter;

MUST_USE dits_error *tree_iter_new(struct store *store,
                                   const struct dits_oid *tree,
                                   struct tree_iter **out);

/* `*out` is false after the last. The entry is borrowed until the next call. */
MUST_USE dits_error *tree_iter_next(struct tree_iter *iter,
                                    struct tree_entry *entry, bool *out);
void tree_iter_free(struct tree_iter *iter);
void tree_iter_freep(struct tree_iter **iter);

/*
 * The entry at `path` ("a/b/c", valid or not) below `tree`; "" is the tree
 * itself. Absence is an answer. `out->name` is NULL.
 */
MUST_USE dits_error *tree_find(struct store *store, const struct dits_oid *tree,
                               const char *path, struct tree_entry *out,
                               bool *out_found);

/*
 * Walk everything below `tree` but folders themselves, in the order of
 * path_compare(). `path` is borrowed. Depth is bounded.
 */
typedef dits_error *tree_walk_fn(const char *path,
                                 const struct tree_entry *entry, void *payload);
MUST_USE dits_error *tree_walk(struct store *store, const struct dits_oid *tree,
                               tree_walk_fn *fn, void *payload);

/*
 * What differs between two trees, in the same order; equal subtrees and equal
 * B-tree nodes are skipped unread. `before` or `after` is NULL where there is
 * none; folders are not reported, only what lies in them. Either tree may be
 * the zero id: empty.
 */
typedef dits_error *tree_diff_fn(const char *path,
                                 const struct tree_entry *before,
                                 const struct tree_entry *after, void *payload);
MUST_USE dits_error *tree_diff(struct store *store,
                               const struct dits_oid *before,
                               const struct dits_oid *after, tree_diff_fn *fn,
                               void *payload);

/*
 * What lies directly below one node of a folder's B-tree (or the folder itself,
 * which is its highest node): nodes, among them other folders, and assets. For
 * marking: whoever walks a tree so may stop and go on between any two nodes.
 * The empty tree is passed over.
 */
struct tree_mark {
    dits_error *(*on_node)(const struct dits_oid *node, void *payload);
    dits_error *(*on_asset)(const struct dits_oid *asset, void *payload);
    void *payload;
};
MUST_USE dits_error *tree_mark_node(struct store *store,
                                    const struct dits_oid *node,
                                    const struct tree_mark *mark);

#endif
