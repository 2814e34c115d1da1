/*
 * repo/shallow_change.h - history that comes moves the boundary
 *
 * All that came is durable. The commits that it was cut at are written into
 * the file, then the operation is published, then those whose parents came
 * leave the file (S2 of shallow.h). The writer of the operation lives on until
 * then, so that no sweep takes what nothing leads to yet.
 *
 * What is cut is a fact about the store and no choice of the user: undo moves
 * names back and leaves it as it is.
 */
#ifndef REPO_SHALLOW_CHANGE_H
#define REPO_SHALLOW_CHANGE_H

#include "repo/id_set.h"
#include "repo/shallow.h"

/* Zero: nothing changes. */
struct shallow_change {
    dits_repo *repo;
    struct oid_map before;
    struct oid_map after;
    bool adds;
    bool removes;
};

/* The walkers go by the file again. */
void shallow_change_release(struct shallow_change *change);

/*
 * `cut` are commits whose parents did not come, `whole` has the ids of all that
 * came or that it builds on, whose ancestors are here up to `cut`. What has all
 * its parents, there or in our history, is not cut any more. From here on all
 * walkers go by what will be. The caller holds the work lock.
 */
MUST_USE dits_error *shallow_change_plan(dits_repo *repo,
                                         const struct oid_map *cut,
                                         const struct id_set *whole,
                                         struct shallow_change *out);

/* Before the operation is published, and after. */
MUST_USE dits_error *shallow_change_begin(const struct shallow_change *change);
MUST_USE dits_error *shallow_change_finish(const struct shallow_change *change);

/* A commit that is about to be made has the parents of one of the boundary. */
MUST_USE dits_error *shallow_change_add(dits_repo *repo,
                                        const struct dits_oid *id);

#endif
