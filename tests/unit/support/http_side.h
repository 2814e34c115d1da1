/*
 * tests/unit/support/http_side.h - the server's side of a connection, without
 * one
 */
#ifndef SUPPORT_HTTP_SIDE_H
#define SUPPORT_HTTP_SIDE_H

#include "net/http_session.h"

/* What is asked for is answered here, at once or when a test says so. */
struct http_side {
    struct http_session *session;
    struct http_host host;
    struct http_limits limits;
    enum http_turn admits; /* what it says when memory is asked for */
    enum http_turn serves;
    struct http_request *waiting; /* for memory */
    struct http_request *serving;
    unsigned served;
    unsigned abandoned; /* by the session, while they were with us */
    size_t used;        /* bytes that were taken of what came last */
    struct buf sent;
};

typedef dits_error *http_session_new_fn(const struct http_host *host,
                                        const struct http_limits *limits,
                                        int64_t now, struct http_session **out);

/* Must not move. Limits that are 0 have their defaults. */
MUST_USE dits_error *http_side_open(struct http_side *side,
                                    http_session_new_fn *new_session);
void http_side_release(struct http_side *side);

/* Bytes come; what the session has to say goes to `sent`. */
void http_side_receive(struct http_side *side, struct slice bytes);
void http_side_receive_text(struct http_side *side, const char *text);

/* What waits for memory gets it. */
void http_side_admit(struct http_side *side);

/* What is asked for is echoed: method, path, query and body. */
void http_side_answer(struct http_side *side);

/* `ms` go by. */
void http_side_wait(struct http_side *side, unsigned ms);

/* What was sent so far begins with, or holds, a text. */
bool http_side_sent(const struct http_side *side, const char *text);

/* Whether `converse` leaves no memory behind, whichever of its allocations
 * fails. */
bool http_side_leaves_nothing(void (*converse)(void));

#endif
