/*
 * dits/login.h - who one is on a server
 */
#ifndef DITS_LOGIN_H
#define DITS_LOGIN_H

#include <dits/context.h>

DITS_BEGIN_DECLS

/* Either a token, or a name and a password. Borrowed. */
struct dits_login_options {
    const char *url; /* "https://host[:port]", perhaps with more behind */
    const char *user;
    const char *password;
    const char *token;
    const char *pin; /* "sha256//…": trust this key; NULL: as last time */
};

/*
 * Log in and keep the token, for dits_fetch(), dits_push() and others. The name
 * of the account goes to `*out_name`; free with dits_free().
 *
 * Errors: INVALID (the address, the pin), DENIED (wrong name, password or
 * token; or the certificate is not trusted: the hint has its pin), NETWORK.
 */
DITS_API DITS_MUST_USE dits_error *dits_login(
    const dits_context *context, const struct dits_login_options *options,
    char **out_name);

/*
 * Forget the token, and have the server revoke it. `*out_revoked` false: it
 * could not be reached, or would not; what is kept here is gone all the same.
 * Errors: NOT_FOUND (nobody is logged in there).
 */
DITS_API DITS_MUST_USE dits_error *dits_logout(const dits_context *context,
                                               const char *url,
                                               bool *out_revoked);

DITS_END_DECLS

#endif
