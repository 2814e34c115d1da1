/*
 * net/http_session.h - what one connection speaks: bytes in, bytes out
 *
 * HTTP/1.1 and HTTP/2 behind one table of functions. A session knows nothing
 * of sockets, TLS, threads or clocks: it is told what came and what time it is,
 * and asked what is to be sent. All is one thread's.
 */
#ifndef NET_HTTP_SESSION_H
#define NET_HTTP_SESSION_H

#include "net/http_request.h"

/* Whom a session belongs to. What is HTTP_FULL is answered with 503. */
struct http_host {
    /*
     * The headers of a request are whole: is there memory for request->
     * body_size bytes? HTTP_LATER: it is HTTP_WAITING until admitted().
     */
    enum http_turn (*admit)(struct http_request *request, void *payload);
    /* It is whole. HTTP_LATER: it is HTTP_SERVING until answered(). */
    enum http_turn (*serve)(struct http_request *request, void *payload);
    /*
     * It is over for the session. Where it is with somebody else (WAITING,
     * SERVING), its `session` is NULL and it will not come back.
     */
    void (*done)(struct http_request *request, void *payload);
    void *payload;
};

/* The first member of each kind. */
struct http_session {
    const struct http_session_type *type;
    const struct http_host *host;
    const struct http_limits *limits;
    const char *peer; /* borrowed */
    int64_t now;      /* milliseconds, by whoever calls */
    int64_t seconds;  /* since 1970, for dates */
    bool is_draining; /* takes no more than what it has */
    bool is_over;     /* to be closed when all output is sent */
};

struct http_session_type {
    /*
     * Bytes of the peer. Fewer are used while an exchange has to go on first;
     * the rest is then to be offered again.
     */
    size_t (*receive)(struct http_session *session, struct slice bytes);
    /* There will be no more of them. */
    void (*ended)(struct http_session *session);
    void (*admitted)(struct http_session *session,
                     struct http_request *request);
    void (*answered)(struct http_session *session,
                     struct http_request *request);
    /* What is to be sent next, borrowed until the next call; empty: nothing. */
    struct slice (*output)(struct http_session *session);
    /* `now` is later: what took too long is refused, or the session over. */
    void (*expire)(struct http_session *session);
    /* What goes on may end; nothing new begins. */
    void (*drain)(struct http_session *session);
    void (*free)(struct http_session *session);
};

MUST_USE dits_error *http1_new(const struct http_host *host,
                               const struct http_limits *limits, int64_t now,
                               struct http_session **out);
MUST_USE dits_error *http2_new(const struct http_host *host,
                               const struct http_limits *limits, int64_t now,
                               struct http_session **out);

#endif
