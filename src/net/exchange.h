/*
 * net/exchange.h - one request and its answer
 *
 * Both are whole in memory, and neither is larger than EXCHANGE_MAX_BODY: what
 * is larger travels in parts that can be asked for again, so that a transfer
 * which is cut off goes on, a slow peer holds up nobody, and memory is bounded
 * by the number of exchanges. Whoever answers is a function of bytes: it knows
 * nothing of sockets, and the same one serves HTTP/1.1, HTTP/2 and a pipe.
 */
#ifndef NET_EXCHANGE_H
#define NET_EXCHANGE_H

#include "base/buf.h"

/* Bytes of a body, in both directions. */
#define EXCHANGE_MAX_BODY (8u << 20)
/* Header fields of an answer beside those that the server itself sends. */
#define EXCHANGE_MAX_HEADERS 16u

struct exchange_header {
    const char *name; /* in lower case */
    const char *value;
};

/* The same of an answer. */
struct exchange_answer_header {
    const char *name; /* a constant */
    char *value;      /* owned */
};

struct exchange {
    /* The request: borrowed, for the length of the call. */
    const char *method; /* "GET" */
    const char *path;   /* "/v1/hello": as it came, without what follows '?' */
    const char *query;  /* what follows it; "": nothing */
    const struct exchange_header *fields;
    size_t field_count;
    struct slice body;
    const char *peer; /* the address it came from, without a port */
    /* The answer, empty at first. */
    int status;       /* of HTTP (RFC 9110, section 15) */
    const char *type; /* of the body; a constant; NULL: there is none */
    struct buf reply; /* limited to EXCHANGE_MAX_BODY */
    struct exchange_answer_header headers[EXCHANGE_MAX_HEADERS];
    size_t header_count;
};

/* An answer that is still empty. */
void exchange_init(struct exchange *exchange);
void exchange_release(struct exchange *exchange);

/* The value of a field of the request; NULL: it has none. */
const char *exchange_field(const struct exchange *exchange, const char *name);

/*
 * Add a field to the answer. `name` is a constant in lower case. Control
 * characters in a value are INVALID; LIMIT: there are too many.
 */
MUST_USE dits_error *exchange_set(struct exchange *exchange, const char *name,
                                  const char *value);

/*
 * Fill in the answer. An error means that none could be made (there is no
 * memory): the server then says 500 and logs it. Called by several threads at
 * once, each with an exchange of its own.
 */
typedef dits_error *exchange_fn(struct exchange *exchange, void *payload);

#endif
