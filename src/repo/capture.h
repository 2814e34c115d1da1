/*
 * repo/capture.h - what is only in the work tree, kept for undo (O3)
 */
#ifndef REPO_CAPTURE_H
#define REPO_CAPTURE_H

#include "repo/changes.h"
#include "repo/operation.h"
#include "repo/worktree.h"

/*
 * Store the file or symlink at `path`, whose stat data is `stat`. Durable
 * after store_writer_commit(). CONFLICT when it changes meanwhile.
 */
MUST_USE dits_error *capture_path(const dits_repo *repo,
                                  struct operation *operation,
                                  const struct worktree_turn *turn,
                                  const char *path, const struct fs_stat *stat,
                                  struct change_side *out);

/* Store one side of every change as a partial tree. */
enum capture_side { CAPTURE_BEFORE, CAPTURE_AFTER };
MUST_USE dits_error *capture_tree(struct operation *operation,
                                  const struct change_list *list,
                                  enum capture_side side, struct dits_oid *out);

#endif
