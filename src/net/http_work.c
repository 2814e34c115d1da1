#include "net/http_work.h"

#include <string.h>

#include "base/mem.h"
#include "base/pool.h"

/* First in, first out, by `queued`. */
struct queue {
    struct http_request *first;
    struct http_request *last;
    unsigned count;
};

struct http_work {
    struct http_work_options options;
    struct pool *pool;
    pthread_cond_t wake; /* a thread may have something to do */
    pthread_mutex_t mutex;
    /* Under the mutex: */
    struct queue memory;
    struct queue threads;
    struct http_work_counts counts;
    bool is_stopping;
};

static void push(struct queue *queue, struct http_request *request)
{
    request->queued = NULL;
    if (queue->last != NULL)
        queue->last->queued = request;
    else
        queue->first = request;
    queue->last = request;
    queue->count++;
}

static struct http_request *pop(struct queue *queue)
{
    struct http_request *request = queue->first;
    if (request == NULL)
        return NULL;
    queue->first = request->queued;
    if (queue->first == NULL)
        queue->last = NULL;
    queue->count--;
    request->queued = NULL;
    return request;
}

static bool take_out(struct queue *queue, struct http_request *request)
{
    struct http_request *before = NULL;
    struct http_request *at = queue->first;
    while (at != NULL && at != request) {
        before = at;
        at = at->queued;
    }
    if (at == NULL)
        return false;
    if (before != NULL)
        before->queued = at->queued;
    else
        queue->first = at->queued;
    if (queue->last == at)
        queue->last = before;
    queue->count--;
    at->queued = NULL;
    return true;
}

static void give_back(struct http_work *work, struct http_request *request)
{
    work->options.back(request, work->options.back_payload);
}

/* --- memory; all under the mutex --- */

static size_t half(const struct http_work *work)
{
    return work->options.limits->body_memory / 2;
}

/* One body always has room, whatever the limit. */
static bool has_room(const struct http_work *work, size_t size)
{
    size_t used = work->counts.body_bytes;
    return used == 0 || (used < half(work) && size <= half(work) - used);
}

static void hold_body(struct http_work *work, struct http_request *request)
{
    request->held_body = request->body_size;
    work->counts.body_bytes += request->body_size;
}

static void release_body(struct http_work *work, struct http_request *request)
{
    work->counts.body_bytes -= request->held_body;
    request->held_body = 0;
    while (work->memory.first != NULL &&
           has_room(work, work->memory.first->body_size)) {
        struct http_request *next = pop(&work->memory);
        hold_body(work, next);
        give_back(work, next);
    }
}

static void release_reply(struct http_work *work, struct http_request *request)
{
    work->counts.reply_bytes -= request->held_reply;
    if (request->held_reply > 0)
        (void)pthread_cond_broadcast(&work->wake);
    request->held_reply = 0;
}

enum http_turn http_work_admit(struct http_work *work,
                               struct http_request *request)
{
    POOL_LOCKED(&work->mutex);
    if (work->memory.first == NULL && has_room(work, request->body_size)) {
        hold_body(work, request);
        return HTTP_NOW;
    }
    if (work->memory.count >= work->options.limits->waiting)
        return HTTP_FULL;
    push(&work->memory, request);
    return HTTP_LATER;
}

bool http_work_forget(struct http_work *work, struct http_request *request)
{
    POOL_LOCKED(&work->mutex);
    return take_out(&work->memory, request);
}

void http_work_release(struct http_work *work, struct http_request *request)
{
    POOL_LOCKED(&work->mutex);
    release_reply(work, request);
    release_body(work, request);
}

/* --- threads --- */

enum http_turn http_work_serve(struct http_work *work,
                               struct http_request *request)
{
    POOL_LOCKED(&work->mutex);
    if (work->is_stopping ||
        work->threads.count >= work->options.limits->waiting)
        return HTTP_FULL;
    push(&work->threads, request);
    (void)pthread_cond_signal(&work->wake);
    return HTTP_LATER;
}

/* The next one to answer; NULL: the time has come to stop. */
static struct http_request *wait_for_one(struct http_work *work)
{
    POOL_LOCKED(&work->mutex);
    while (!work->is_stopping && (work->threads.first == NULL ||
                                  work->counts.reply_bytes >= half(work)))
        (void)pthread_cond_wait(&work->wake, &work->mutex);
    if (work->is_stopping)
        return NULL;
    work->counts.running++;
    return pop(&work->threads);
}

static void return_answer(struct http_work *work, struct http_request *request)
{
    POOL_LOCKED(&work->mutex);
    work->counts.running--;
    work->counts.served++;
    request->held_reply = request->exchange.reply.size;
    work->counts.reply_bytes += request->held_reply;
    release_body(work, request);
    give_back(work, request);
}

static void answer(struct http_work *work, struct http_request *request)
{
    const struct http_work_options *options = &work->options;
    if (!atomic_load(&request->is_abandoned)) {
        dits_error *err = options->serve(&request->exchange, options->payload);
        if (err != NULL && options->failed != NULL)
            options->failed(request, err, options->back_payload);
        if (err != NULL || request->exchange.status < 200 ||
            request->exchange.status > 599)
            http_request_refuse(request, 500);
        dits_error_free(err);
    }
    http_request_body_drop(request);
    return_answer(work, request);
}

static dits_error *work_on(unsigned worker, void *payload)
{
    struct http_work *work = payload;
    (void)worker;
    struct http_request *request = wait_for_one(work);
    while (request != NULL) {
        answer(work, request);
        request = wait_for_one(work);
    }
    return NULL;
}

dits_error *http_work_start(const struct http_work_options *options,
                            struct http_work **out)
{
    struct http_work *work = mem_new(struct http_work);
    struct pool_set here = {0};
    if (work == NULL)
        return error_nomem();
    work->options = *options;
    (void)pthread_mutex_init(&work->mutex, NULL);
    (void)pthread_cond_init(&work->wake, NULL);
    pool_here(&here);
    dits_error *err =
        pool_start(options->threads, &here, work_on, work, &work->pool);
    if (err != NULL) {
        http_work_free(work);
        return err;
    }
    *out = work;
    return NULL;
}

static void refuse_all(struct http_work *work)
{
    POOL_LOCKED(&work->mutex);
    for (struct http_request *at = pop(&work->threads); at != NULL;
         at = pop(&work->threads)) {
        http_request_body_drop(at);
        http_request_refuse(at, 503);
        give_back(work, at);
    }
}

static void wake_all(struct http_work *work)
{
    POOL_LOCKED(&work->mutex);
    work->is_stopping = true;
    (void)pthread_cond_broadcast(&work->wake);
}

void http_work_stop(struct http_work *work)
{
    wake_all(work);
    dits_error_free(pool_join(work->pool)); /* none of them fails */
    work->pool = NULL;
    refuse_all(work);
}

void http_work_free(struct http_work *work)
{
    if (work == NULL)
        return;
    (void)pthread_cond_destroy(&work->wake);
    (void)pthread_mutex_destroy(&work->mutex);
    mem_free(work);
}

void http_work_count(struct http_work *work, struct http_work_counts *out)
{
    POOL_LOCKED(&work->mutex);
    *out = work->counts;
    out->waiting = work->memory.count;
    out->queued = work->threads.count;
}
