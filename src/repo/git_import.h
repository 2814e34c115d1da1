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

struct git_import {
    dits_repo *repo; /* borrowed */
    const struct dits_import_git_options *options;
    struct git_place place;
    struct git_batch batch;
    struct store_writer *writer;
    struct git_files files;
    struct git_trees trees;
    struct git_known commits; /* and tags */
    struct git_map map;       /* of which our commits are still there */
    struct git_ref *refs;
    size_t ref_count;
    size_t ref_capacity;
    struct dits_oid *order; /* commits to convert, ancestors first */
    size_t order_count;
    size_t order_capacity;
    struct progress progress;
    struct dits_import_result result;
};

/* git_import_list.c: what there is. */

/* The refs that are asked for. NOT_FOUND for a branch that is not there. */
MUST_USE dits_error *git_import_list_refs(struct git_import *import);

/*
 * The commits that they lead to and that are not known. Of known ones that are
 * parents of those, the trees are learned.
 */
MUST_USE dits_error *git_import_list_commits(struct git_import *import);

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
