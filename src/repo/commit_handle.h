/*
 * repo/commit_handle.h - a commit as callers of the library see it
 *
 * Public access: dits_commit_…() in dits/commit.h.
 */
#ifndef REPO_COMMIT_HANDLE_H
#define REPO_COMMIT_HANDLE_H

#include <dits/commit.h>

#include "object/commit.h"
#include "repo/repo.h"

/* Takes `commit` over, whatever the result. */
MUST_USE dits_error *commit_handle_new(const struct dits_oid *id,
                                       struct commit *commit,
                                       dits_commit **out);

/* For CLEANUP(). */
void commit_handle_freep(dits_commit **commit);

/* A person for the public interface; borrows the texts. */
struct dits_person commit_handle_person(const struct person *person);

#endif
