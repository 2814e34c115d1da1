/*
 * net/http_client.h - asking a server over HTTPS
 *
 * The only file that knows libcurl, which is loaded when it is first needed. A
 * client keeps its connections; it belongs to one thread. Proxies are those of
 * the environment, as curl has them. Redirects are not followed: they are
 * answers.
 */
#ifndef NET_HTTP_CLIENT_H
#define NET_HTTP_CLIENT_H

#include "base/context.h"
#include "net/exchange.h"

/* What all requests of a client share. Strings are copied; 0 and NULL: none. */
struct http_client_options {
    const char *base;          /* "https://host[:port][/path]" */
    const char *authorization; /* sent with each request, to that host alone */
    const char *ca_file;       /* PEM, in place of the system's authorities */
    const char *const *pins; /* "sha256//…": one of them has to be the key's; */
    size_t pin_count;        /* then no authority is asked */
    uint64_t limit_rate;     /* bytes a second, in each direction */
    unsigned connect_ms;     /* 0: 10,000 */
    unsigned whole_ms;       /* of requests without `is_bulk`; 0: 30,000 */
    unsigned idle_ms;        /* without a byte; 0: 30,000 */
    unsigned retry_ms;       /* how long to go on trying; 0: 60,000 */
};

/* One request and its answer. */
struct http_call {
    const char *method; /* "GET" */
    const char *path;   /* "/v1/hello", with a query perhaps */
    const char *type;   /* of the body; NULL: there is none */
    struct slice body;  /* borrowed */
    const struct exchange_header *fields; /* more of them; borrowed */
    size_t field_count;
    bool is_bulk;       /* as long as bytes move it may take any time */
    bool is_repeatable; /* it does no harm when it is done twice */
    /* The answer. */
    int status;
    struct buf reply; /* limited to EXCHANGE_MAX_BODY */
    char *reply_type; /* NULL: it has none */
    dits_error *err;  /* of this one among several; NULL: there is an answer */
};

struct http_client;

MUST_USE dits_error *http_client_new(const dits_context *context,
                                     const struct http_client_options *options,
                                     struct http_client **out);
void http_client_free(struct http_client *client);
void http_client_freep(struct http_client **client);

/*
 * Any status is an answer. What may be repeated is, after an error of the
 * connection and after 429, 502, 503 and 504, with longer and longer pauses, as
 * long as `retry_ms` say and the server asks for. Errors, with a hint each:
 * NETWORK (no such host, refused, cut off, too slow), DENIED (its certificate
 * is not trusted; the hint has its pin), LIMIT (the answer is too large),
 * CANCELLED.
 */
MUST_USE dits_error *http_client_call(struct http_client *client,
                                      struct http_call *call);

/*
 * Several at once, over one connection where HTTP/2 is spoken, at most
 * `at_once` (1 to 64) of them. Each has an answer or an error of its own in the
 * end; what is returned is of all: CANCELLED, NOMEM.
 */
MUST_USE dits_error *http_client_call_all(struct http_client *client,
                                          struct http_call *calls, size_t count,
                                          unsigned at_once);

/* The answer and the error. */
void http_call_release(struct http_call *call);

#endif
