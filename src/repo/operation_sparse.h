/*
 * repo/operation_sparse.h - how operations changed the sparse set
 *
 * A row of meta.db for each, with the texts of both sets (sparse_set.h).
 */
#ifndef REPO_OPERATION_SPARSE_H
#define REPO_OPERATION_SPARSE_H

#include "repo/repo.h"

/* Zero is empty; texts are owned. */
struct operation_sparse {
    char *before;
    char *after;
};

void operation_sparse_release(struct operation_sparse *row);

MUST_USE dits_error *operation_sparse_load(dits_repo *repo, uint64_t id,
                                           struct operation_sparse *out,
                                           bool *out_found);

/* The set that the newest of them left; NULL: there is none. */
MUST_USE dits_error *operation_sparse_newest(dits_repo *repo, char **out);

/* Within a transaction. */
MUST_USE dits_error *operation_sparse_insert(
    dits_repo *repo, uint64_t id, const struct operation_sparse *row);

#endif
