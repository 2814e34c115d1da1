/*
 * repo/shallow.h - where the history that is here was cut
 *
 * .dits/shallow (docs/formats/shallow.md) names the boundary of a shallow
 * history: commits that are here without their parents. It says what is stored
 * and is no part of any commit, so ids and signatures are those of the whole.
 *
 * S1. Whoever goes from commits to their parents loads them with
 *     shallow_load(), or as nodes (history.h): one of the boundary has none.
 * S2. A commit is in the file before a name leads to it, and leaves it when all
 *     that its parents lead to is durable (shallow_change.h). So a crash leaves
 *     a history that ends too early, and never one that is broken.
 */
#ifndef REPO_SHALLOW_H
#define REPO_SHALLOW_H

#include "base/oid_map.h"
#include "object/commit.h"
#include "repo/repo.h"

/* What was read last. */
struct shallow;

void shallow_free(struct shallow *shallow);

/*
 * Read the file anew, if it is another one than was read. A walk does so at its
 * start, once it has its names. Errors: CORRUPT, UNSUPPORTED.
 */
MUST_USE dits_error *shallow_refresh(dits_repo *repo);

/* The boundary; read when it was not yet. Borrowed until the next refresh. */
MUST_USE dits_error *shallow_commits(dits_repo *repo,
                                     const struct oid_map **out);

MUST_USE dits_error *shallow_has(dits_repo *repo, const struct dits_oid *id,
                                 bool *out);

/*
 * A commit with the parents that can be followed: those of the boundary are
 * only counted, in `cut_parents`.
 */
MUST_USE dits_error *shallow_load(dits_repo *repo, const struct dits_oid *id,
                                  struct commit *out);

/*
 * Go by other commits than those of the file, copied, until it is called with
 * NULL. Only who holds the work lock does.
 */
MUST_USE dits_error *shallow_pin(dits_repo *repo,
                                 const struct oid_map *commits);

/* Write the file, durably; nothing cut: remove it. */
MUST_USE dits_error *shallow_save(dits_repo *repo,
                                  const struct oid_map *commits);

/* "the history is shallow …", for errors that may come of it. */
extern const char shallow_hint[];

#endif
