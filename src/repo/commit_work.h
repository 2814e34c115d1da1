/*
 * repo/commit_work.h - a commit that ends unfinished work, or a step of it
 */
#ifndef REPO_COMMIT_WORK_H
#define REPO_COMMIT_WORK_H

#include <dits/commit.h>

#include "repo/unfinished.h"

/*
 * What is unfinished. CONFLICT when the options make no sense with it: single
 * paths, or amending what a merge is about to extend.
 */
MUST_USE dits_error *commit_work_read(dits_repo *repo,
                                      const struct dits_commit_options *options,
                                      struct unfinished *out);

/* CONFLICT, naming them, while there are paths that are not resolved. */
MUST_USE dits_error *commit_work_check(dits_repo *repo,
                                       const struct unfinished *work);

/* The commit is made: what of the work is left. Part of the operation. */
MUST_USE dits_error *commit_work_end(struct operation *operation,
                                     struct unfinished *work);

/* Whether the commit is another one made again: it keeps its author. */
bool commit_work_is_copy(const struct unfinished *work);

#endif
