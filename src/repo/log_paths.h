/*
 * repo/log_paths.h - whether commits differ in the paths asked for
 */
#ifndef REPO_LOG_PATHS_H
#define REPO_LOG_PATHS_H

#include "repo/history.h"
#include "repo/pathspec.h"

/* Whether `node` and `other` (NULL: no files) are the same in all the paths. */
MUST_USE dits_error *log_paths_same(dits_repo *repo,
                                    const struct pathspec *pathspec,
                                    struct history_node *node,
                                    struct history_node *other, bool *out);

#endif
