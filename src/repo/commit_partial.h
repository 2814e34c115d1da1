/*
 * repo/commit_partial.h - committing some paths only
 */
#ifndef REPO_COMMIT_PARTIAL_H
#define REPO_COMMIT_PARTIAL_H

#include "repo/operation.h"
#include "repo/repo.h"

/*
 * Store the tree `base` (zero: empty) with what `paths` names taken from the
 * operation's index in its place.
 */
MUST_USE dits_error *commit_partial_tree(dits_repo *repo,
                                         struct operation *operation,
                                         const struct dits_paths *paths,
                                         const struct dits_oid *base,
                                         struct dits_oid *out);

#endif
