/*
 * net/http_request.h - one exchange of a connection, from its first header on
 *
 * Collects the fields of a request and its body, within limits, until it is
 * whole; and says which header fields its answer has.
 */
#ifndef NET_HTTP_REQUEST_H
#define NET_HTTP_REQUEST_H

#include <stdatomic.h>

#include "net/exchange.h"
#include "net/http_limits.h"

/* Whose it is at present. Changed by the thread of its connection alone. */
enum http_stage {
    HTTP_RECEIVING, /* the session's: headers or body are to come */
    HTTP_WAITING,   /* for memory for its body */
    HTTP_SERVING,   /* it is whole, and with whoever answers */
    HTTP_ANSWERING, /* the session's again: the answer is sent */
};

/* What comes of asking for memory, or for a thread. */
enum http_turn {
    HTTP_NOW,
    HTTP_LATER, /* it waits, and is told */
    HTTP_FULL,  /* too many wait */
};

struct http_session;

struct http_request {
    struct exchange exchange;
    struct http_session *session; /* NULL: nobody waits for the answer */
    atomic_bool is_abandoned;     /* the same, for other threads */
    enum http_stage stage;
    int32_t stream; /* HTTP/2's */

    /* Names and values, each with a NUL behind it; where they start. */
    struct buf text;
    size_t *starts;
    size_t start_count;
    size_t start_capacity;
    struct exchange_header *fields; /* made of them in the end */
    size_t method;                  /* as starts */
    size_t target;

    struct buf body;
    size_t body_size; /* as announced; EXCHANGE_MAX_BODY where it is not */
    bool has_size;    /* it was announced */
    bool is_whole;    /* the last byte is here */
    bool is_head;

    struct http_pace pace; /* of the body, then of the answer */
    size_t sent;           /* bytes of the reply */
    bool is_answered;      /* all of it went; the request still comes */

    /* Of those it is with. */
    struct http_request *next;   /* in lists of the session */
    struct http_request *queued; /* in lists of others */
    void *owner;
    size_t held_body; /* memory that is taken for it */
    size_t held_reply;
};

MUST_USE dits_error *http_request_new(struct http_session *session, int64_t now,
                                      struct http_request **out);
void http_request_free(struct http_request *request);

/*
 * What is refused has a status of HTTP: 0 when all is well. NOMEM is 503.
 *
 * A method, a target ("/path?query") and fields, whose names are made lower
 * case. What RFC 9110 does not allow in them is 400; past the limits, 431.
 */
int http_request_method(struct http_request *request, struct slice method);
int http_request_target(struct http_request *request, struct slice target);
int http_request_field(struct http_request *request,
                       const struct http_limits *limits, struct slice name,
                       struct slice value);

/* All fields are there: the exchange gets them. 400: one that must be single
 * is there twice. */
int http_request_headers_done(struct http_request *request);

/* Room for the body, once there is memory for it. */
int http_request_body_begin(struct http_request *request);

/* 413 past EXCHANGE_MAX_BODY, 400 past what was announced. */
int http_request_body_add(struct http_request *request, struct slice bytes,
                          int64_t now);

/* 400: shorter than announced. The exchange has the body then. */
int http_request_body_done(struct http_request *request);

/* The body is needed no more. */
void http_request_body_drop(struct http_request *request);

/* An answer with nothing but a status, in place of what there is. 503 says when
 * to come back. */
void http_request_refuse(struct http_request *request, int status);

enum { HTTP_ANSWER_FIELDS = EXCHANGE_MAX_HEADERS + 10, HTTP_DATE_ROOM = 32 };

struct http_answer {
    struct exchange_header fields[HTTP_ANSWER_FIELDS]; /* borrowed */
    size_t count;
    char date[HTTP_DATE_ROOM];
    char length[24];
    bool has_body; /* the reply is sent, not only its size */
};

/* All header fields of the answer. `seconds` since 1970 are its date. */
void http_answer_make(const struct http_request *request, int64_t seconds,
                      struct http_answer *out);

/* "Not Found" of 404; "" of one that is not known. */
const char *http_status_text(int status);

#endif
