/*
 * repo/http_address.h - the address of a server, or of a repository on one
 */
#ifndef REPO_HTTP_ADDRESS_H
#define REPO_HTTP_ADDRESS_H

#include <stdbool.h>

#include "base/error.h"

/* Owns all. */
struct http_address {
    char *server; /* "https://host:port": in lower case, always with a port */
    char *name;   /* of the repository; NULL: the address has none */
};
void http_address_release(struct http_address *address);

/*
 * "https://host[:port][/NAME]". `*out_is` false: it is of another kind. Errors:
 * INVALID; UNSUPPORTED ("http://": what is sent there can be read by others).
 */
MUST_USE dits_error *http_address_parse(const char *url, bool *out_is,
                                        struct http_address *out);

#endif
