/*
 * repo/stage.h - taking changes of the work tree into the index
 *
 * What `add` does within its own operation, and `commit -a` and `commit PATH…`
 * within theirs.
 */
#ifndef REPO_STAGE_H
#define REPO_STAGE_H

#include "repo/operation.h"
#include "repo/repo.h"

/*
 * Bring the operation's index up to date with the tracked files that `paths`
 * name (none: all): changed files are stored and staged, vanished ones are
 * removed. NOT_FOUND when a path names nothing that is tracked; else the errors
 * of dits_add().
 */
MUST_USE dits_error *stage_tracked(dits_repo *repo, struct operation *operation,
                                   const struct dits_paths *paths);

#endif
