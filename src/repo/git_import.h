/*
 * repo/git_import.h - what the parts of an import from git share
 *
 * Public entry: dits_import_git() in dits/exchange.h.
 */
#ifndef REPO_GIT_IMPORT_H
#define REPO_GIT_IMPORT_H

#include "base/progress.h"
#include "repo/git_map.h"
#include "repo/git_trees.h"

/* A branch or tag. */
struct git_ref {
    char *name;          /* full, as git has it */
    struct dits_oid git; /* what it leads to */
    char *type;          /* "commit", "tag", … */
    bool is_head;        /* git's HEAD is on this branch */
    bool is_there;       /* `ours` was found */
    struct dits_oid ours;
};

/* With a depth: how far each commit is from the nearest ref, which is 1. */
struct git_depths {
    struct oid_map numbers;
    uint64_t *items; /* by number */
    size_t capacity;
};

struct git_import {
    dits_repo *repo; /* borrowed */
    const struct dits_import_git_options *options;
    struct git_place place;
    struct git_batch batch;
    struct store_writer *writer;
    struct git_files files;
    struct git_trees trees;
    struct git_known commits; /* and tags */
    size_t known_count;       /* the first of these, from earlier imports */
    struct git_map map;       /* of which our commits are still there */
    struct git_ref *refs;
    size_t ref_count;
    size_t ref_capacity;
    struct git_depths depths;
    struct oid_map renewed;      /* of git: known, but to be made anew */
    struct git_map renewals;     /* what these were before */
    struct oid_map listed_roots; /* git lists no parents of them */
    struct oid_map cuts;         /* of ours: made without their parents */
    struct dits_oid *order;      /* commits to convert, ancestors first */
    size_t order_count;
    size_t order_capacity;
    struct progress progress;
    struct dits_import_result result;
};

/* git_import_list.c: what there is. */

/* The refs that are asked for. NOT_FOUND for a branch that is not there. */
MUST_USE dits_error *git_import_list_refs(struct git_import *import);

/*
 * The commits that they lead to and that are not known, or that are to be made
 * anew. Of known ones that are parents of those, the trees are learned.
 */
MUST_USE dits_error *git_import_list_commits(struct git_import *import);

/* git_import_depth.c: with a depth, how far the commits are from the refs. */
MUST_USE dits_error *git_import_measure(struct git_import *import);

/*
 * Whether it is not too far; `*out_is_last`: its parents are. Without a depth
 * nothing is.
 */
bool git_import_is_within(const struct git_import *import,
                          const struct dits_oid *id, bool *out_is_last);

/* A commit that git lists; `parents` is " PARENT PARENT…", or "". */
typedef dits_error *git_listed_fn(struct git_import *import,
                                  const struct dits_oid *id,
                                  const char *parents, void *payload);

/* What a rev-list with --stdin prints for all tips that are asked for. */
MUST_USE dits_error *git_import_each_listed(struct git_import *import,
                                            const char *const *arguments,
                                            git_listed_fn *fn, void *payload);

typedef dits_error *git_parent_fn(struct git_import *import,
                                  const struct dits_oid *id, void *payload);
MUST_USE dits_error *git_import_each_parent(struct git_import *import,
                                            const char *parents,
                                            git_parent_fn *fn, void *payload);

/* git_import_map.c: the commits that an earlier import made. */
MUST_USE dits_error *git_import_load_map(struct git_import *import);
MUST_USE dits_error *git_import_save_map(struct git_import *import);

/* git_import_commits.c: convert all that were listed. */
MUST_USE dits_error *git_import_commits(struct git_import *import);

/* git_import_refs.c */

/* What the refs lead to here; tag objects are converted. */
MUST_USE dits_error *git_import_find_refs(struct git_import *import);

/* One operation that moves them all. */
MUST_USE dits_error *git_import_publish(struct git_import *import);

#endif
