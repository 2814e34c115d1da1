#include "net/event_loop.h"

#include <uv.h>

#include "base/mem.h"

struct event_loop {
    uv_loop_t loop;
    uv_async_t wake;
    uv_timer_t timer;
    struct event_loop_calls calls;
};

struct event_watch {
    uv_poll_t poll;
    event_fn *fn;
    void *payload;
    unsigned events;
};

static dits_error *failed(int result, const char *what)
{
    return error_errno(-result, "%s", what);
}

static void on_wake(uv_async_t *wake)
{
    struct event_loop *loop = wake->data;
    loop->calls.woken(loop->calls.payload);
}

static void on_tick(uv_timer_t *timer)
{
    struct event_loop *loop = timer->data;
    loop->calls.tick(loop->calls.payload);
}

dits_error *event_loop_new(const struct event_loop_calls *calls,
                           struct event_loop **out)
{
    struct event_loop *loop = mem_new(struct event_loop);
    if (loop == NULL)
        return error_nomem();
    loop->calls = *calls;
    loop->wake.data = loop;
    loop->timer.data = loop;
    int result = uv_loop_init(&loop->loop);
    if (result != 0) {
        mem_free(loop);
        return failed(result, "cannot make an event loop");
    }
    result = uv_async_init(&loop->loop, &loop->wake, on_wake);
    if (result != 0) {
        (void)uv_loop_close(&loop->loop);
        mem_free(loop);
        return failed(result, "cannot make an event loop");
    }
    (void)uv_timer_init(&loop->loop, &loop->timer); /* cannot fail */
    *out = loop;
    return NULL;
}

void event_loop_run(struct event_loop *loop)
{
    (void)uv_run(&loop->loop, UV_RUN_DEFAULT);
}

void event_loop_end(struct event_loop *loop)
{
    uv_stop(&loop->loop);
}

void event_loop_free(struct event_loop *loop)
{
    if (loop == NULL)
        return;
    uv_close((uv_handle_t *)&loop->wake, NULL);
    uv_close((uv_handle_t *)&loop->timer, NULL);
    (void)uv_run(&loop->loop, UV_RUN_DEFAULT); /* for what is being closed */
    (void)uv_loop_close(&loop->loop);
    mem_free(loop);
}

void event_loop_wake(struct event_loop *loop)
{
    (void)uv_async_send(&loop->wake);
}

void event_loop_set_ticking(struct event_loop *loop, bool ticks)
{
    if (!ticks)
        (void)uv_timer_stop(&loop->timer);
    else if (uv_is_active((uv_handle_t *)&loop->timer) == 0)
        (void)uv_timer_start(&loop->timer, on_tick, loop->calls.tick_ms,
                             loop->calls.tick_ms);
}

int64_t event_loop_now(struct event_loop *loop)
{
    return (int64_t)uv_now(&loop->loop);
}

static void on_poll(uv_poll_t *poll, int status, int events)
{
    struct event_watch *watch = poll->data;
    unsigned ready = 0;
    if (status < 0)
        ready = EVENT_READ | EVENT_WRITE;
    if ((events & (UV_READABLE | UV_DISCONNECT)) != 0)
        ready |= EVENT_READ;
    if ((events & UV_WRITABLE) != 0)
        ready |= EVENT_WRITE;
    watch->fn(ready, watch->payload);
}

dits_error *event_watch_new(struct event_loop *loop, int descriptor,
                            event_fn *fn, void *payload,
                            struct event_watch **out)
{
    struct event_watch *watch = mem_new(struct event_watch);
    if (watch == NULL)
        return error_nomem();
    watch->fn = fn;
    watch->payload = payload;
    watch->poll.data = watch;
    int result = uv_poll_init(&loop->loop, &watch->poll, descriptor);
    if (result != 0) {
        mem_free(watch);
        return failed(result, "cannot wait for a connection");
    }
    *out = watch;
    return NULL;
}

dits_error *event_watch_set(struct event_watch *watch, unsigned events)
{
    int wanted = 0;
    if (events == watch->events)
        return NULL;
    if ((events & EVENT_READ) != 0)
        wanted |= UV_READABLE;
    if ((events & EVENT_WRITE) != 0)
        wanted |= UV_WRITABLE;
    watch->events = events;
    int result = wanted == 0 ? uv_poll_stop(&watch->poll)
                             : uv_poll_start(&watch->poll, wanted, on_poll);
    return result == 0 ? NULL : failed(result, "cannot wait for a connection");
}

static void on_closed(uv_handle_t *handle)
{
    mem_free(handle->data);
}

void event_watch_close(struct event_watch *watch)
{
    if (watch != NULL)
        uv_close((uv_handle_t *)&watch->poll, on_closed);
}
