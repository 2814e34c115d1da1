/*
 * repo/sparse_change.h - from one sparse set to another
 *
 * The file of the set first says what comes, then the work tree follows, then
 * the operation is published, then the file says what holds. A change that is
 * cut off is done again, from what is on the disk by then.
 */
#ifndef REPO_SPARSE_CHANGE_H
#define REPO_SPARSE_CHANGE_H

#include "repo/operation.h"
#include "repo/sparse.h"

/*
 * Bring the work tree to `to` and tell the operation. When it fails, the files
 * are as they were. `options` and `out` may be NULL.
 */
MUST_USE dits_error *sparse_change_run(
    dits_repo *repo, struct operation *operation, const struct sparse_set *to,
    const struct dits_sparse_options *options, struct dits_sparse_result *out);

/*
 * Take the operation `id` back, as far as it changed the set: `*out_to` is the
 * set from before (sparse_change_finish()), or NULL. CONFLICT when the set is
 * no longer the one that it left.
 */
MUST_USE dits_error *sparse_change_reverse(dits_repo *repo,
                                           struct operation *operation,
                                           uint64_t id,
                                           struct sparse_set **out_to);

/* The operation is published: `to` (NULL: nothing to do) holds. */
MUST_USE dits_error *sparse_change_finish(dits_repo *repo,
                                          const struct sparse_set *to);

#endif
