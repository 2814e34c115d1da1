/*
 * repo/checkout_private.h - the steps of a checkout
 *
 * checkout.c leads; checkout_check.c looks at what is there, before anything
 * changes; checkout_write.c changes it.
 */
#ifndef REPO_CHECKOUT_PRIVATE_H
#define REPO_CHECKOUT_PRIVATE_H

#include <pthread.h>

#include "base/oid_map.h"
#include "base/progress.h"
#include "repo/changes.h"
#include "repo/checkout.h"
#include "repo/id_set.h"
#include "repo/sparse.h"
#include "repo/worktree.h"

enum checkout_act {
    CHECKOUT_NOTHING, /* it is as it shall be */
    CHECKOUT_WRITE,
    CHECKOUT_REMOVE,
};

/* What was found and done at one path: beside the change of that number. */
struct checkout_step {
    enum checkout_act act;
    bool is_there;             /* a file or symlink, with `stat` */
    bool is_dropped;           /* a stand-in is, and one takes its place */
    bool is_captured;          /* what is there is in neither state */
    bool is_done;              /* by checkout_write(); `stat` is of after */
    struct fs_stat stat;       /* before */
    struct change_side found;  /* what is there, as stored */
    struct index_entry result; /* after writing, or found so; mode 0: none */
};

struct checkout {
    dits_repo *repo;
    struct operation *operation;
    struct checkout_options options;
    struct sparse *sparse; /* with options.sparse */
    struct change_list changes;
    struct checkout_step *steps; /* one for each change */
    struct id_set gone; /* assets that were obliterated: not to be written */

    /* Whole trees that the changes are all of the difference of. */
    bool is_of_trees;
    struct dits_oid before;
    struct dits_oid after;

    /* Of checkout_share.c: the large files that are written, by content. */
    struct oid_map written;
    size_t *written_items;
    size_t written_capacity;
    bool cannot_share;

    struct progress progress;
    pthread_mutex_t mutex;
    /* guarded by mutex: */
    struct buf conflicts; /* names for the message */
    size_t conflict_count;
    struct change_list obstacles; /* files that neither state knows, where
                                     there are folders to be, or the other way
                                     round: to be captured, and to go */
    bool knows_obstacles;         /* they are among the changes */
};

/* Fill in every step; CONFLICT (K1) with nothing changed. */
MUST_USE dits_error *checkout_check(struct checkout *checkout);

/* Do every step. When one fails, those that were done are taken back. */
MUST_USE dits_error *checkout_write(struct checkout *checkout);

/* Take back the steps that are done, also after cancelling, as far as it goes.
 */
void checkout_take_back(const struct checkout *checkout);

/*
 * Fill `file`, which is empty, from one of the same content that was written
 * before; `*out_done` false: it has to be written. For a turn that has all
 * threads, so that there is only one at a time.
 */
MUST_USE dits_error *checkout_share(struct checkout *checkout,
                                    const struct worktree_turn *turn,
                                    const struct fs_file *file, bool *out_done);

/* The turn's file is written, and another one may share its blocks. */
MUST_USE dits_error *checkout_note_written(struct checkout *checkout,
                                           const struct worktree_turn *turn);
void checkout_forget_written(struct checkout *checkout);

/* The steps themselves. */
MUST_USE dits_error *checkout_do_steps(struct checkout *checkout);

#endif
