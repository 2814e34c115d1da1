/*
 * repo/http_login.h - asking a server as who one is there
 */
#ifndef REPO_HTTP_LOGIN_H
#define REPO_HTTP_LOGIN_H

#include "net/http_client.h"
#include "repo/credentials.h"
#include "repo/http_address.h"

/* With the token and the pin, as far as there are any. */
MUST_USE dits_error *http_login_client(const dits_context *context,
                                       const struct http_address *address,
                                       const struct credential *credential,
                                       struct http_client **out);

/* What a server means that refuses a call with this status. */
dits_error *http_login_refused(const struct http_address *address, int status)
    NEVER_NULL;

/* Where the server's key is not trusted, the hint says how to trust it. */
MUST_USE dits_error *http_login_distrusted(const struct http_address *address,
                                           dits_error *err);

/*
 * The text that is the member `name` of an object of JSON, not of one inside
 * it. NULL: there is none, or it is no JSON, or has escapes.
 */
MUST_USE dits_error *http_login_member(struct slice json, const char *name,
                                       char **out);

#endif
