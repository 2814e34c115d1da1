/*
 * repo/dropping.h - what drop.c and get.c share
 */
#ifndef REPO_DROPPING_H
#define REPO_DROPPING_H

#include <dits/worktree.h>

#include "repo/changes.h"
#include "repo/checkout.h"
#include "repo/stand_in.h"
#include "repo/worktree.h"

/* One dits_drop() or dits_get(). */
struct dropping {
    dits_repo *repo;
    struct operation *operation;
    struct pathspec *pathspec;
    struct dir root;
    struct dir_place place;
    struct change_list list; /* from what is there to what shall be */
    struct dits_drop_result result;
};

void dropping_release(struct dropping *dropping);

/* `kind` is the name of the command, and of its operation. */
MUST_USE dits_error *dropping_begin(struct dropping *dropping, const char *kind,
                                    const struct dits_paths *paths);

/* What is in the work tree in the place of an entry of the index. */
struct dropping_file {
    const struct index_entry *entry;
    bool is_regular;
    bool is_dropped; /* `what` is what it stands for */
    struct stand_in what;
    struct fs_stat stat;
};

/* Call `fn` for each file that is named and tracked, in order. */
MUST_USE dits_error *dropping_each(
    struct dropping *dropping,
    dits_error *(*fn)(struct dropping *dropping,
                      const struct dropping_file *file));

/*
 * The bytes of a stand-in become an asset: undo knows files by their assets,
 * and so brings either of the two back.
 */
MUST_USE dits_error *dropping_store(const struct dropping *dropping,
                                    struct slice bytes, struct dits_oid *out);

/* Tell of each path of the list; `fn` may be NULL. */
MUST_USE dits_error *dropping_tell(const struct dropping *dropping,
                                   dits_path_fn *fn, void *payload);

/* Do what the list says, with these options. */
MUST_USE dits_error *dropping_run(struct dropping *dropping,
                                  const struct checkout_options *options);

#endif
