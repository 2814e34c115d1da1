/*
 * server/setup.h - the token that makes the first account
 *
 * There is no first user with a password that all know: whoever starts the
 * server is told a token once. It is good once, for an hour, while nobody may
 * administer the server; of it only a hash is kept.
 */
#ifndef SERVER_SETUP_H
#define SERVER_SETUP_H

#include "server/token.h"

enum { SETUP_LIFETIME = 60 * 60 };

/* In place of the one before. In a transaction of the caller, as the next. */
MUST_USE dits_error *setup_token_make(struct db *db, int64_t now,
                                      char out_text[TOKEN_TEXT_SIZE]);
MUST_USE dits_error *setup_token_forget(struct db *db);

/* Whether `text` is the one that is good now. */
MUST_USE dits_error *setup_token_is(struct db *db, const char *text,
                                    int64_t now, bool *out);

#endif
