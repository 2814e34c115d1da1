/*
 * net/http_work.h - memory and threads that all connections share
 *
 * Requests wait here, first come, first served: for memory for their bodies,
 * then for a thread that answers. Answers that are not read yet hold memory
 * too; while they hold half of it no thread begins another, and bodies never
 * take the other half, so that neither can wait for itself.
 */
#ifndef NET_HTTP_WORK_H
#define NET_HTTP_WORK_H

#include "net/http_request.h"

struct http_work;

struct http_work_options {
    const struct http_limits *limits;
    unsigned threads;
    exchange_fn *serve;
    void *payload;
    /*
     * A request goes back to its connection: memory for its body was found
     * (HTTP_WAITING), or it is answered (HTTP_SERVING). Any thread; it must not
     * call anything here.
     */
    void (*back)(struct http_request *request, void *back_payload);
    void *back_payload;
    /* An exchange failed; the error is borrowed. NULL is allowed. */
    void (*failed)(const struct http_request *request, const dits_error *err,
                   void *back_payload);
};

MUST_USE dits_error *http_work_start(const struct http_work_options *options,
                                     struct http_work **out);

/* What is being answered is finished; what waits goes back as 503. */
void http_work_stop(struct http_work *work);
void http_work_free(struct http_work *work);

/* Memory for a body, and a thread for a whole request. */
enum http_turn http_work_admit(struct http_work *work,
                               struct http_request *request);
enum http_turn http_work_serve(struct http_work *work,
                               struct http_request *request);

/* One that waits for memory does so no more; false: it comes back anyway. */
bool http_work_forget(struct http_work *work, struct http_request *request);

/* It gives back what it holds. */
void http_work_release(struct http_work *work, struct http_request *request);

struct http_work_counts {
    size_t body_bytes;
    size_t reply_bytes;
    unsigned waiting; /* for memory */
    unsigned queued;  /* for a thread */
    unsigned running;
    unsigned long long served;
};

void http_work_count(struct http_work *work, struct http_work_counts *out);

#endif
