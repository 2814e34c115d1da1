/*
 * repo/commit_stage.h - what a commit stages before it is made
 */
#ifndef REPO_COMMIT_STAGE_H
#define REPO_COMMIT_STAGE_H

#include <dits/commit.h>

#include "repo/operation.h"
#include "repo/unfinished.h"

/*
 * Stage what `all` or `paths` say, unless that was done ahead. CONFLICT for
 * paths of `work` that are not resolved; staging all of them does resolve them.
 */
MUST_USE dits_error *commit_stage(struct operation *operation,
                                  const struct dits_commit_options *options,
                                  struct unfinished *work);

#endif
