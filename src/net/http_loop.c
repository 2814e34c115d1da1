#include "net/http_loop.h"

#include "base/mem.h"
#include "base/pool.h"

enum {
    TICK_MS = 100,
    ACCEPT_TURN = 32, /* connections before others have their turn */
};

enum http_phase http_hub_phase(struct http_hub *hub)
{
    POOL_LOCKED(&hub->mutex);
    return hub->phase;
}

void http_hub_log(const struct http_hub *hub, enum dits_log_level level,
                  const char *what, dits_error *err)
{
    CLEANUP(buf_release) struct buf text = {0};
    const dits_error *at = err;
    dits_error *failed = hub->log == NULL ? NULL : buf_put_text(&text, what);
    for (; hub->log != NULL && failed == NULL && at != NULL;
         at = dits_error_cause(at))
        failed = buf_printf(&text, ": %s", dits_error_message(at));
    if (hub->log != NULL && failed == NULL)
        hub->log(level, buf_text(&text), hub->log_payload);
    dits_error_free(failed);
    dits_error_free(err);
}

/* --- requests that come back --- */

void http_loop_return(struct http_request *request, void *unused)
{
    struct http_loop *loop = request->owner;
    (void)unused;
    POOL_LOCKED(&loop->mutex);
    request->queued = loop->inbox;
    loop->inbox = request;
    event_loop_wake(loop->events);
}

/* In the order in which they came. */
static struct http_request *take_inbox(struct http_loop *loop)
{
    POOL_LOCKED(&loop->mutex);
    struct http_request *in_order = NULL;
    while (loop->inbox != NULL) {
        struct http_request *request = loop->inbox;
        loop->inbox = request->queued;
        request->queued = in_order;
        in_order = request;
    }
    return in_order;
}

static void read_inbox(struct http_loop *loop)
{
    struct http_request *at = take_inbox(loop);
    while (at != NULL) {
        struct http_request *request = at;
        at = request->queued;
        request->queued = NULL;
        if (request->session != NULL) {
            http_connection_resume(request->session->host->payload, request);
            continue;
        }
        http_work_release(loop->hub->work, request);
        http_request_free(request);
    }
}

/* --- connections that come --- */

static bool count_peer(struct http_hub *hub, const struct socket_peer *peer)
{
    POOL_LOCKED(&hub->mutex);
    bool is_welcome = http_peers_add(&hub->peers, &hub->limits, peer->key);
    hub->accepted += is_welcome;
    hub->turned_away += !is_welcome;
    return is_welcome;
}

/* Without descriptors the next attempt would fail at once, again and again. */
static void rest(struct http_loop *loop)
{
    http_hub_log(loop->hub, DITS_LOG_WARN,
                 "no more connections can be taken at present", NULL);
    loop->is_resting = true;
    dits_error_free(event_watch_set(loop->listening, 0));
    event_loop_set_ticking(loop->events, true);
}

static void accept_some(struct http_loop *loop)
{
    for (int i = 0; i < ACCEPT_TURN; i++) {
        int socket = -1;
        struct socket_peer peer;
        enum socket_answer answer =
            socket_accept(loop->hub->listener, &socket, &peer);
        if (answer == SOCKET_FULL) {
            rest(loop);
            return;
        }
        if (answer == SOCKET_LATER)
            return;
        if (answer == SOCKET_ENDED)
            continue; /* it was gone before we came to it */
        if (count_peer(loop->hub, &peer))
            http_connection_open(loop, socket, &peer);
        else
            socket_close(socket);
    }
}

static void on_listener(unsigned events, void *payload)
{
    (void)events;
    accept_some(payload);
}

static void stop_listening(struct http_loop *loop)
{
    struct http_hub *hub = loop->hub;
    if (loop->listening == NULL)
        return;
    event_watch_close(loop->listening);
    loop->listening = NULL;
    POOL_LOCKED(&hub->mutex);
    if (--hub->listening == 0) {
        socket_close(hub->listener);
        hub->listener = -1;
    }
    (void)pthread_cond_broadcast(&hub->changed);
}

/* --- the loop --- */

/* Of each connection; one may end by it, and only that one. */
static void each(struct http_loop *loop,
                 void (*fn)(struct http_connection *connection))
{
    struct http_connection *at = loop->connections;
    while (at != NULL) {
        struct http_connection *next = http_connection_next(at);
        fn(at);
        at = next;
    }
}

static void on_wake(void *payload)
{
    struct http_loop *loop = payload;
    enum http_phase phase = http_hub_phase(loop->hub);
    read_inbox(loop);
    if (phase == HTTP_RUNNING)
        return;
    stop_listening(loop);
    each(loop, phase == HTTP_DRAINING ? http_connection_drain
                                      : http_connection_close);
    if (phase == HTTP_ENDING)
        event_loop_end(loop->events);
}

static void on_tick(void *payload)
{
    struct http_loop *loop = payload;
    if (loop->is_resting && loop->listening != NULL) {
        loop->is_resting = event_watch_set(loop->listening, EVENT_READ) != NULL;
        event_loop_set_ticking(loop->events, loop->connections != NULL);
    }
    each(loop, http_connection_tick);
}

static dits_error *listen_in(struct http_loop *loop)
{
    TRY(event_watch_new(loop->events, loop->hub->listener, on_listener, loop,
                        &loop->listening));
    return event_watch_set(loop->listening, EVENT_READ);
}

dits_error *http_loop_new(struct http_hub *hub, struct http_loop **out)
{
    struct http_loop *loop = mem_new(struct http_loop);
    if (loop == NULL)
        return error_nomem();
    loop->hub = hub;
    (void)pthread_mutex_init(&loop->mutex, NULL);
    const struct event_loop_calls calls = {
        .woken = on_wake, .tick = on_tick, .payload = loop, .tick_ms = TICK_MS};
    dits_error *err = event_loop_new(&calls, &loop->events);
    if (err == NULL)
        err = listen_in(loop);
    if (err != NULL) {
        event_watch_close(loop->listening);
        http_loop_free(loop);
        return err;
    }
    *out = loop;
    return NULL;
}

void http_loop_run(struct http_loop *loop)
{
    event_loop_run(loop->events);
}

void http_loop_wake(struct http_loop *loop)
{
    event_loop_wake(loop->events);
}

void http_loop_free(struct http_loop *loop)
{
    if (loop == NULL)
        return;
    event_loop_free(loop->events);
    (void)pthread_mutex_destroy(&loop->mutex);
    mem_free(loop);
}
