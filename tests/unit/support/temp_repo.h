/*
 * tests/unit/support/temp_repo.h - a repository in a folder of its own
 *
 * Its clock stands still until a test moves it. Files are staged straight into
 * the index: the work tree stays empty.
 */
#ifndef SUPPORT_TEMP_REPO_H
#define SUPPORT_TEMP_REPO_H

#include <stdatomic.h>

#include "base/context.h"
#include "repo/operation.h"
#include "repo/repo.h"

struct temp_repo {
    char folder[64];
    int64_t now;       /* of the clock */
    atomic_uint infos; /* any thread may log */
    atomic_uint warnings;
    dits_context *context;
    dits_repo *repo;
};

/* Call CHECK_OK() on it: everything is removed by the release. */
MUST_USE dits_error *temp_repo_make(struct temp_repo *out);
void temp_repo_release(struct temp_repo *temp);

/* Close it, and open it as another process would. */
MUST_USE dits_error *temp_repo_reopen(struct temp_repo *temp);

/* A context like that of `temp`. */
MUST_USE dits_error *temp_repo_context(struct temp_repo *temp,
                                       dits_context **out);

/* Put `text` into the index under `path`; NULL removes the entry. */
MUST_USE dits_error *temp_repo_set(struct operation *operation,
                                   const char *path, const char *text);

/* An operation "add" of one file. */
MUST_USE dits_error *temp_repo_stage(struct temp_repo *temp, const char *path,
                                     const char *text);

/* Stage one file and store a commit of the index on HEAD's branch. */
MUST_USE dits_error *temp_repo_commit(struct temp_repo *temp, const char *path,
                                      const char *text, struct dits_oid *out);

/* The text staged under `path`, or NULL; free with mem_free(). */
MUST_USE dits_error *temp_repo_staged(struct temp_repo *temp, const char *path,
                                      char **out);

/* Whether `full_name` leads to `id` (zero: to nothing). */
bool temp_repo_ref_is(struct temp_repo *temp, const char *full_name,
                      const struct dits_oid *id);

#endif
