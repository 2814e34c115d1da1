/*
 * repo/sparse.h - what may be absent from the work tree
 *
 * The sparse set is kept in .dits/sparse, and with the operations that change
 * it in meta.db: where the file is damaged or missing, the newest of these
 * holds.
 *
 * S1. A tracked file that is absent is deleted only if it belongs to the set
 *     and, while the set changes, to the one that comes, too. So status is
 *     right at any instant of a change that is cut off.
 * S2. A file that is there counts whether it belongs to the set or not.
 */
#ifndef REPO_SPARSE_H
#define REPO_SPARSE_H

#include "repo/repo.h"
#include "repo/sparse_set.h"

/* The state, as it was when it was opened. Any thread. */
struct sparse;

MUST_USE dits_error *sparse_open(dits_repo *repo, struct sparse **out);
void sparse_free(struct sparse *sparse);
void sparse_freep(struct sparse **sparse);

/* The same, or NULL where there is nothing that may be absent. */
MUST_USE dits_error *sparse_open_limits(dits_repo *repo, struct sparse **out);

/* S1. `sparse` may be NULL: then everything is wanted. */
MUST_USE dits_error *sparse_may_be_absent(const struct sparse *sparse,
                                          const char *path, bool *out);

const struct sparse_set *sparse_current(const struct sparse *sparse);

/* NULL: no change was cut off. */
const struct sparse_set *sparse_target(const struct sparse *sparse);

/* The set, as its text. Free with mem_free(). */
MUST_USE dits_error *sparse_text(const struct sparse_set *set, char **out);

/*
 * Write the file, durably: `set` holds, and with `target` (or NULL) a change to
 * that begins. `operation` is the number that it will have: once published, a
 * change has come to its end.
 */
MUST_USE dits_error *sparse_save(dits_repo *repo, const struct sparse_set *set,
                                 const struct sparse_set *target,
                                 uint64_t operation);

#endif
