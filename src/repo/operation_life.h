/*
 * repo/operation_life.h - operations that make a work tree, or end it
 *
 * A row of meta.db for each, with what the work tree is called and where it
 * lies; so undo can make it again.
 */
#ifndef REPO_OPERATION_LIFE_H
#define REPO_OPERATION_LIFE_H

#include "repo/repo.h"

/* Zero is empty; texts are owned. */
struct operation_life {
    char *name;
    char *path;
    bool is_made; /* else it ends */
};

void operation_life_release(struct operation_life *life);

MUST_USE dits_error *operation_life_load(dits_repo *repo, uint64_t id,
                                         struct operation_life *out,
                                         bool *out_found);

/* Within the transaction, before HEAD is written and after; nothing where
 * `life` is empty. */
MUST_USE dits_error *operation_life_begin(dits_repo *repo, uint64_t id,
                                          const struct operation_life *life);
MUST_USE dits_error *operation_life_end(dits_repo *repo,
                                        const struct operation_life *life);

#endif
