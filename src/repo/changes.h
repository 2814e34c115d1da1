/*
 * repo/changes.h - which paths differ between two states
 */
#ifndef REPO_CHANGES_H
#define REPO_CHANGES_H

#include <dits/worktree.h>

#include "object/tree.h"
#include "repo/index.h"
#include "repo/pathspec.h"

/* What is at a path; mode 0: nothing. */
struct change_side {
    enum tree_mode mode;
    struct dits_oid id; /* of the asset; zero: not known without storing it */
};

struct change {
    char *path;     /* owned, as is: */
    char *old_path; /* of a rename; else NULL */
    unsigned
        similarity; /* of a rename: percent of the content that is the same */
    struct change_side before;
    struct change_side after;
};

/* NULL: nothing. */
struct change_side change_side_of(const struct tree_entry *entry);
bool change_side_equal(const struct change_side *a,
                       const struct change_side *b);

/* Sorted by path. Empty is the zero value. */
struct change_list {
    struct change *items;
    size_t count;
    size_t capacity;
};

void change_list_release(struct change_list *list);

/* Paths must rise; `path` is copied. */
MUST_USE dits_error *change_list_add(struct change_list *list, const char *path,
                                     struct change_side before,
                                     struct change_side after);

/* For paths that were added in any order. */
void change_list_sort(struct change_list *list);

/*
 * Join to a sorted list what goes (`gone`, sorted): of a path that is in both,
 * what lay there is what `gone` says.
 */
MUST_USE dits_error *change_list_add_gone(struct change_list *list,
                                          const struct change_list *gone);

/* The change of that path in a sorted list, or NULL. */
const struct change *change_list_find(const struct change_list *list,
                                      const char *path);

/* Every path of `pathspec` (NULL: all) that differs between two trees. */
MUST_USE dits_error *change_list_of_trees(dits_repo *repo,
                                          const struct dits_oid *before,
                                          const struct dits_oid *after,
                                          const struct pathspec *pathspec,
                                          struct change_list *out);

/* The same between a tree and the index. */
MUST_USE dits_error *change_list_of_index(dits_repo *repo,
                                          const struct dits_oid *before,
                                          const struct index *after,
                                          const struct pathspec *pathspec,
                                          struct change_list *out);

/*
 * Turn a deletion and an addition of the same content into a rename: that of
 * the same last part where there are several. Empty files, which are alike
 * without having anything to do with each other, only if asked for.
 */
MUST_USE dits_error *change_list_find_renames(struct change_list *list,
                                              bool also_empty);

/* Leave out changes that have lost their path, to a rename. */
void change_list_drop_taken(struct change_list *list);

enum dits_change change_kind(const struct change *change);

#endif
