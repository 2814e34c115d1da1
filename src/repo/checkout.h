/*
 * repo/checkout.h - bringing files of the work tree from one state to another
 *
 * A checkout is a list of paths, each with the state it is expected to be in
 * and the state it shall be in. Used by switch, restore, undo and redo.
 *
 * K1. Nothing is lost silently: a file that is in neither of the two states
 *     ends the checkout with CONFLICT naming the files, before anything is
 *     changed; or, with `capture`, its content is stored durably first and
 *     becomes part of the operation (O3). With `makes_room` the same goes for
 *     files in a folder where a file shall be, and for a file where a folder
 *     shall be.
 *     A stand-in (repo/stand_in.h) is the state whose content it stands for,
 *     where it is not itself the content of one; the file that replaces it is
 *     one again. A file whose content was obliterated stays where it would go,
 *     and is a CONFLICT, also with `capture`, where it would be replaced.
 * K2. Every file is the old one or the new one at any instant.
 * K3. Nothing outside the work tree and nothing in .dits is ever touched,
 *     whatever the trees say: names are checked, symlinks are not followed.
 */
#ifndef REPO_CHECKOUT_H
#define REPO_CHECKOUT_H

#include <dits/worktree.h>

#include "object/tree.h"
#include "repo/changes.h"
#include "repo/operation.h"

struct checkout_options {
    const char *task;  /* for progress: "checking out" */
    bool capture;      /* K1: replace what is in the way after capturing it */
    bool makes_room;   /* with `capture` (K1) */
    bool index_follow; /* the index gets the new state of every path; else only
                          the stat data of entries that equal what is written */
    bool announces; /* what is given up is stored, and nothing refers to it yet
                     */
    bool sparse;    /* what may be absent (repo/sparse.h), and is, stays so */

    /* NULL allowed; any thread. These paths come whole: neither are they left
     * out, nor does a stand-in take the place of one. */
    bool (*is_needed)(const char *path, const void *payload);
    /* NULL allowed; sorted. One of these that would go, and is not in the
     * state that it is expected in, stays as it is (K1). */
    const struct change_list *spared;
    dits_path_fn *on_path; /* for each file that will change; may be NULL */
    void *payload;         /* of both */
};

struct checkout_result {
    uint64_t files_written;
    uint64_t files_removed;
    uint64_t files_captured;
};

struct checkout;

/* Borrows `operation`, whose index is as the work tree was last seen. */
MUST_USE dits_error *checkout_new(dits_repo *repo, struct operation *operation,
                                  const struct checkout_options *options,
                                  struct checkout **out);
void checkout_free(struct checkout *checkout);
void checkout_freep(struct checkout **checkout);

/*
 * One path. NULL: no file. Paths must rise (path_compare()); all is copied.
 * With `before` and `after` equal the file is only looked at.
 */
MUST_USE dits_error *checkout_add(struct checkout *checkout, const char *path,
                                  const struct tree_entry *before,
                                  const struct tree_entry *after);

/* Every change of a sorted list. */
MUST_USE dits_error *checkout_add_changes(struct checkout *checkout,
                                          const struct change_list *list);

/* Every path in which two trees (whole or partial; zero: empty) differ. */
MUST_USE dits_error *checkout_add_trees(struct checkout *checkout,
                                        const struct dits_oid *before,
                                        const struct dits_oid *after);

/*
 * Only find out whether it would work: CONFLICT (K1) or nothing. Once only;
 * checkout_run() may follow.
 */
MUST_USE dits_error *checkout_look(struct checkout *checkout);

/*
 * Do it, update the operation's index, and tell the operation what changed
 * (operation_set_worktree()). Once only. Undo calls this with the operation's
 * partial trees swapped and sets the index (index_read_tree()) afterwards.
 *
 * Errors: CONFLICT (K1), CANCELLED, CORRUPT, DENIED, LIMIT.
 */
MUST_USE dits_error *checkout_run(struct checkout *checkout,
                                  struct checkout_result *out);

#endif
