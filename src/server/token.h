/*
 * server/token.h - a token as its bearer has it
 *
 *     dits_pat_<id: 32 hex digits>_<secret: 64>_<CRC-32 of all before: 8>
 *
 * The sum lets programs that look for lost secrets tell a token from other
 * text. Of the secret only a hash is kept: it has 256 random bits, so a fast
 * hash is enough.
 */
#ifndef SERVER_TOKEN_H
#define SERVER_TOKEN_H

#include "base/oid.h"
#include "server/id.h"

#define TOKEN_SECRET_BYTES 32u
#define TOKEN_TEXT_SIZE 116u /* with the NUL */

enum token_kind {
    TOKEN_PERSONAL, /* pat: of a person's own making */
    TOKEN_SERVICE,  /* svc: of a program */
    TOKEN_SESSION,  /* ses: of a sign-in */
    TOKEN_SETUP,    /* set: makes the first account */
};

/* "pat", "svc", "ses", "set". */
const char *token_kind_name(enum token_kind kind);
bool token_kind_parse(const char *name, enum token_kind *out);

/* The secret is random; `out_hash` is what to keep of it. */
void token_make(enum token_kind kind, const struct server_id *id,
                char out_text[TOKEN_TEXT_SIZE], struct dits_oid *out_hash);

/* False: it is none. The sum has to be right. */
bool token_parse(const char *text, enum token_kind *out_kind,
                 struct server_id *out_id, struct dits_oid *out_hash);

#endif
