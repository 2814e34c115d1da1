/*
 * repo/switch_files.h - the files' part of going to another commit
 */
#ifndef REPO_SWITCH_FILES_H
#define REPO_SWITCH_FILES_H

#include <dits/worktree.h>

#include "repo/operation.h"

/*
 * Bring index and work tree from `result->before` to `result->after`, and count
 * the files. Changes that are not in the way are kept; others are CONFLICT, or
 * with `discard` every change is captured and given up.
 */
MUST_USE dits_error *switch_files(dits_repo *repo, struct operation *operation,
                                  bool discard,
                                  struct dits_switch_result *result);

#endif
