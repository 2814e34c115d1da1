/*
 * repo/linked_life.h - how linked work trees come to be, and end
 *
 * The folders are made before the operation that makes the work tree is
 * published, and are cleared after the one that ends it is: a crash in between
 * leaves folders that no row names.
 */
#ifndef REPO_LINKED_LIFE_H
#define REPO_LINKED_LIFE_H

#include "repo/linked.h"
#include "repo/operation.h"

/*
 * A view of a work tree that is not there yet, with the number `id` (0: a new
 * one). Its name is `wanted`, or like it where that is taken or not valid.
 * Under the work lock.
 */
MUST_USE dits_error *linked_plan(dits_repo *repo, uint64_t id,
                                 const char *wanted, const char *path,
                                 dits_repo **out);

/* Make its folders. EXISTS: there is something at its path. */
MUST_USE dits_error *linked_build(const dits_repo *view);

/*
 * Take away its file .dits, what is its own in the repository's folder, and its
 * folder as far as it is empty. Never a reason to fail: what cannot be removed
 * is told of.
 */
void linked_clear(const dits_repo *view);

/* What is in the work tree and in no commit, or staged: CONFLICT. */
MUST_USE dits_error *linked_check_clean(dits_repo *view);

/* Of the operation's work tree: all files go, also those that are not tracked,
 * and are kept for undo. Nothing is staged any more. CONFLICT: something in it
 * cannot be kept. */
MUST_USE dits_error *linked_remove_files(struct operation *operation);

/* The operation ends its work tree: HEAD and private refs go. */
MUST_USE dits_error *linked_end(struct operation *operation);

/* The private refs that it does not move otherwise. */
MUST_USE dits_error *linked_drop_refs(struct operation *operation);

/* Folders of work trees that are no more; under the work lock. */
MUST_USE dits_error *linked_sweep(dits_repo *repo);

#endif
