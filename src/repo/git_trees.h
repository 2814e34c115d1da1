/*
 * repo/git_trees.h - git's trees, stored as trees of Dits
 *
 * Trees of many commits are read together: first all top trees, then all that
 * is new in them, level by level, then all new blobs. So git is asked for much
 * at a time, and never waits for us.
 */
#ifndef REPO_GIT_TREES_H
#define REPO_GIT_TREES_H

#include "object/tree.h"
#include "repo/git_files.h"
#include "repo/git_known.h"
#include "repo/id_set.h"

struct git_tree_bytes {
    struct dits_oid id;
    struct buf bytes;
};

struct git_trees {
    struct git_files *files; /* borrowed */
    struct git_known known;  /* trees and blobs */
    struct tree_builder *builder;
    struct id_set told; /* names that were warned of, hashed */

    /* What the commits of now need: */
    struct git_tree_bytes *wanted; /* in the order in which they were met */
    size_t count;
    size_t capacity;
    size_t bytes; /* that were read for the last call of git_trees_store() */
    struct dits_oid *blobs;
    size_t blob_count;
    size_t blob_capacity;
};

void git_trees_release(struct git_trees *trees);

/* The top tree of a commit will be asked for. */
MUST_USE dits_error *git_trees_want(struct git_trees *trees,
                                    const struct dits_oid *id);

/* Read and store all that is wanted. */
MUST_USE dits_error *git_trees_store(struct git_trees *trees);

/* What became of a top tree: the empty one where nothing is in it. */
void git_trees_find(const struct git_trees *trees, const struct dits_oid *id,
                    struct dits_oid *out);

/* Learn what became of a tree of git from the tree that it became. */
MUST_USE dits_error *git_trees_learn(struct git_trees *trees,
                                     const struct dits_oid *id,
                                     const struct dits_oid *tree);

#endif
