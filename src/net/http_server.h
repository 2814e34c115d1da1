/*
 * net/http_server.h - a server of HTTPS
 *
 * HTTP/1.1 and HTTP/2 over TLS 1.2 and 1.3. Loops of events move the bytes of
 * all connections and never wait for one; a bounded number of threads calls
 * `serve`, which may. What peers may do is bounded (net/http_limits.h).
 *
 * Every answer has `date`, `content-length` and the header fields that make it
 * harmless in a browser. What `serve` fails with is 500 to the peer, and goes
 * to the log.
 */
#ifndef NET_HTTP_SERVER_H
#define NET_HTTP_SERVER_H

#include <dits/context.h>

#include "net/exchange.h"
#include "net/http_limits.h"

/* All that is 0 has its default. */
struct http_server_options {
    const char *address;     /* NULL: all addresses of this host */
    uint16_t port;           /* 0: one that is free */
    const char *certificate; /* PEM; what leads to its authority behind it */
    const char *key;         /* PEM */
    unsigned loops;          /* 0: one for each processor, at most 4 */
    unsigned threads;        /* 0: four for each processor, at most 32 */
    struct http_limits limits;
    exchange_fn *serve; /* any of the threads */
    void *payload;      /* of `serve` */
    dits_log_fn *log;   /* NULL: nobody listens. Any thread. */
    void *log_payload;
};

struct http_server;

/*
 * Listening when it returns. The strings are copied. Errors: those of the
 * certificate (INVALID), of the address (EXISTS, DENIED, NOT_FOUND), LIMIT.
 */
MUST_USE dits_error *http_server_start(
    const struct http_server_options *options, struct http_server **out);

/* The port that it listens on. */
uint16_t http_server_port(const struct http_server *server);

/*
 * Read certificate and key again, for connections that come from now on.
 * INVALID: they are not a pair (one of them is not written yet); the old one
 * stays.
 */
MUST_USE dits_error *http_server_reload(struct http_server *server);

/*
 * Take no more connections, let what is being exchanged come to its end, and
 * return when that is done or `wait_ms` are over. False: some was not.
 */
bool http_server_drain(struct http_server *server, unsigned wait_ms);

/* Close all connections, wait for the calls of `serve` that go on. NULL is
 * allowed. */
void http_server_free(struct http_server *server);

struct http_server_counts {
    unsigned connections;           /* at present */
    unsigned long long accepted;    /* connections, since the start */
    unsigned long long turned_away; /* those above a limit */
    unsigned long long exchanges;   /* answered by `serve` */
    unsigned running;               /* calls of `serve` at present */
    unsigned queued;                /* exchanges that wait for a thread */
    unsigned waiting;               /* that wait for memory */
    size_t body_bytes;              /* memory of requests' bodies */
    size_t reply_bytes;             /* of answers' */
};

void http_server_count(struct http_server *server,
                       struct http_server_counts *out);

#endif
