/*
 * repo/autostash.h - changes put aside while a rebase goes on
 *
 * An ordinary stash, listed like any other at every instant but while a rebase
 * is stopped: then the unfinished work has it, and it comes back with its end.
 */
#ifndef REPO_AUTOSTASH_H
#define REPO_AUTOSTASH_H

#include "repo/operation.h"
#include "repo/unfinished.h"

/* An operation of its own. `*out` is zero where there was nothing. */
MUST_USE dits_error *autostash_push(dits_repo *repo, struct dits_oid *out);

/* Part of the operation: the stash goes from the list to `work`. */
MUST_USE dits_error *autostash_unlist(struct operation *operation,
                                      const struct dits_oid *id,
                                      struct unfinished *work);

/* And back, where `work` has one. */
MUST_USE dits_error *autostash_list(struct operation *operation,
                                    const struct unfinished *work);

/*
 * Bring the changes of a listed stash back, in an operation of its own, after
 * `*done` (NULL allowed), which is freed. What does not fit stays in the list,
 * with a warning. Nothing for the zero id.
 */
MUST_USE dits_error *autostash_pop(dits_repo *repo, struct operation **done,
                                   const struct dits_oid *id);

#endif
