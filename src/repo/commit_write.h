/*
 * repo/commit_write.h - commits that other commands than `commit` make
 */
#ifndef REPO_COMMIT_WRITE_H
#define REPO_COMMIT_WRITE_H

#include "object/commit.h"
#include "repo/operation.h"

/* Borrowed. */
struct commit_draft {
    const struct dits_oid *tree;
    const struct dits_oid *parents;
    size_t parent_count;
    const struct person *author; /* NULL: who works here, now */
    const char *message;         /* is cleaned */
};

/*
 * Store it, signed where commit.gpgSign says so; nothing refers to it yet.
 * INVALID: no identity.
 */
MUST_USE dits_error *commit_write(struct operation *operation,
                                  const struct commit_draft *draft,
                                  struct dits_oid *out);

/*
 * No commit is older than its parents, whatever the clock says: walks through
 * history rely on the order of times.
 */
MUST_USE dits_error *commit_keep_order(dits_repo *repo, struct commit *commit);

#endif
