/*
 * repo/repo_pool.h - repositories that are kept open between requests
 *
 * A handle is used by one thread at a time, and opening one costs some reads.
 * Whoever answers requests with several threads takes a handle for each, and
 * gives it back. Any thread may call.
 */
#ifndef REPO_REPO_POOL_H
#define REPO_REPO_POOL_H

#include "repo/repo.h"

struct repo_pool;

/* At most `max_idle` handles are kept that nobody uses. `context` is
 * borrowed. */
MUST_USE dits_error *repo_pool_new(const dits_context *context, size_t max_idle,
                                   struct repo_pool **out);

/* Nobody has a handle any more. NULL is allowed. */
void repo_pool_free(struct repo_pool *pool);
void repo_pool_freep(struct repo_pool **pool);

/*
 * The repository whose folder is `path`: one that is open and whose settings
 * have not changed since, or a new one. Errors: those of open_exactly().
 */
MUST_USE dits_error *repo_pool_take(struct repo_pool *pool, const char *path,
                                    dits_repo **out);

/*
 * It is not used any more. `is_done`: a piece of work has ended, as a
 * publication; then it is closed, which merges small packs.
 */
void repo_pool_give(struct repo_pool *pool, dits_repo *repo, bool is_done);

#endif
