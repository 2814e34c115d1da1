/*
 * repo/credentials.h - what is known of servers: who one is there, their pins
 *
 * A file beside the user's own configuration, for its owner alone
 * (docs/formats/credentials.md). A server is "https://host:port"
 * (repo/http_address.h).
 */
#ifndef REPO_CREDENTIALS_H
#define REPO_CREDENTIALS_H

#include "base/context.h"

/* Owns both. */
struct credential {
    char *token; /* NULL: none */
    char *pin;   /* "sha256//…"; NULL: authorities are asked */
};

/* The token is overwritten. */
void credential_release(struct credential *credential);

/*
 * Nothing where there is no record. Errors: DENIED (others may read the file),
 * CORRUPT.
 */
MUST_USE dits_error *credentials_find(const dits_context *context,
                                      const char *server,
                                      struct credential *out);

/* Keep it durably in place of what there was; NULL: no more. */
MUST_USE dits_error *credentials_set(const dits_context *context,
                                     const char *server,
                                     const struct credential *credential);

#endif
