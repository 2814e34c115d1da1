/*
 * repo/transport_http.h - a repository on a server, through HTTPS
 */
#ifndef REPO_TRANSPORT_HTTP_H
#define REPO_TRANSPORT_HTTP_H

#include "repo/http_address.h"
#include "repo/transport.h"

/*
 * Asks for /v1/repos/NAME/CALL, as who one is there (repo/credentials.h).
 * Nothing is sent before the first call. `address` is taken over; `url` is for
 * messages.
 */
MUST_USE dits_error *transport_open_http(const dits_context *context,
                                         struct http_address *address,
                                         const char *url, const char *task,
                                         struct transport **out);

#endif
