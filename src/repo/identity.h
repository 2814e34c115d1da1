/*
 * repo/identity.h - who works here
 */
#ifndef REPO_IDENTITY_H
#define REPO_IDENTITY_H

#include "object/commit.h"
#include "repo/repo.h"

/*
 * user.name and user.email, else what the context knows, at the present time.
 * INVALID, with a hint how to set them, when they are missing or cannot be
 * written into a commit.
 */
MUST_USE dits_error *identity_find(const dits_repo *repo, struct person *out);

/* The same for logs, where "unknown" will do. */
MUST_USE dits_error *identity_find_any(const dits_repo *repo,
                                       struct person *out);

/*
 * From now on logs say that this person works here: on behalf of somebody else
 * what is asked for is done. Copied; what a commit could not hold is left out.
 * NULL for both: nobody else.
 */
MUST_USE dits_error *identity_act_as(dits_repo *repo, const char *name,
                                     const char *email);

/* "Name <mail>" at the time that `out` has already. INVALID. */
MUST_USE dits_error *identity_parse(const char *text, struct person *out);

/* "Name <mail>"; free with mem_free(). */
MUST_USE dits_error *identity_format(const struct person *person, char **out);

#endif
