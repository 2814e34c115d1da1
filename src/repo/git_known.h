/*
 * repo/git_known.h - what became of git's objects
 */
#ifndef REPO_GIT_KNOWN_H
#define REPO_GIT_KNOWN_H

#include "base/oid_map.h"

enum git_fate {
    GIT_WANTED,  /* asked for, and not converted yet */
    GIT_STORED,  /* has an id */
    GIT_LEFT_OUT /* there is nothing of it */
};

struct git_outcome {
    struct dits_oid id;
    enum git_fate fate;
    bool is_tree;
    uint32_t place; /* of a tree that is wanted: git_trees.c */
};

/* Empty is the zero value. */
struct git_known {
    struct oid_map numbers;
    struct git_outcome *outcomes; /* by number */
    size_t capacity;
};

void git_known_release(struct git_known *known);

/* Borrowed until the next one is added; NULL: it was not met yet. */
struct git_outcome *git_known_find(const struct git_known *known,
                                   const struct dits_oid *git_id);

/* The same, a new one being wanted; `*out_new` (NULL allowed). */
MUST_USE dits_error *git_known_want(struct git_known *known,
                                    const struct dits_oid *git_id,
                                    bool *out_new);

/* What became of it. */
MUST_USE dits_error *git_known_set(struct git_known *known,
                                   const struct dits_oid *git_id,
                                   enum git_fate fate,
                                   const struct dits_oid *id);

#endif
