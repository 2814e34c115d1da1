/*
 * repo/refs.h - names that lead to commits
 *
 * Refs live in meta.db under full names: "refs/heads/main", "refs/tags/v1".
 * HEAD is either a branch (perhaps without a commit yet) or a commit. They
 * change only through a transaction, which also writes the reflog and the
 * operation: one atomic step (repo/operation.h).
 */
#ifndef REPO_REFS_H
#define REPO_REFS_H

#include <stdbool.h>

#include <dits/refs.h>

#include "repo/repo.h"

/* Whether `name` (short) may name a branch or tag: git's rules. */
bool ref_name_is_valid(const char *name);

/* Absence is an answer: `*out_found`. `full_name` may be "HEAD". */
MUST_USE dits_error *refs_read(dits_repo *repo, const char *full_name,
                               struct dits_oid *out, bool *out_found);

/* Full name, value. Sorted by name; only names that start with `prefix`. */
typedef dits_error *refs_each_fn(const char *full_name,
                                 const struct dits_oid *value, void *payload);
MUST_USE dits_error *refs_each(dits_repo *repo, const char *prefix,
                               refs_each_fn *fn, void *payload);

/*
 * HEAD as it stands. Release with refs_head_release().
 */
struct refs_head {
    char *branch;           /* full name; NULL: detached */
    struct dits_oid commit; /* zero: no commit yet */
};
MUST_USE dits_error *refs_head_read(dits_repo *repo, struct refs_head *out);
void refs_head_release(struct refs_head *head);

/* The commit that HEAD leads to; zero when there is none yet. */
MUST_USE dits_error *refs_head_commit(dits_repo *repo, struct dits_oid *out);

/* Every id that refs, the kept reflog and kept operations hold: roots of gc. */
typedef dits_error *refs_root_fn(enum chunk_kind kind,
                                 const struct dits_oid *id, void *payload);
MUST_USE dits_error *refs_each_root(dits_repo *repo, refs_root_fn *fn,
                                    void *payload);

#endif
