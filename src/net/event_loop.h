/*
 * net/event_loop.h - waiting for many descriptors in one thread
 *
 * The only file that knows libuv. All but event_loop_wake() belongs to the
 * thread that runs the loop (and to the one that makes it, until then).
 */
#ifndef NET_EVENT_LOOP_H
#define NET_EVENT_LOOP_H

#include <stdint.h>

#include "base/error.h"

struct event_loop;
struct event_watch;

enum { EVENT_READ = 1, EVENT_WRITE = 2 };

/* `events` that a descriptor is ready for; after an error, for all. */
typedef void event_fn(unsigned events, void *payload);

/* Called once or more after event_loop_wake(), and every `tick_ms` while
 * somebody asks for that. */
struct event_loop_calls {
    void (*woken)(void *payload);
    void (*tick)(void *payload);
    void *payload;
    unsigned tick_ms;
};

MUST_USE dits_error *event_loop_new(const struct event_loop_calls *calls,
                                    struct event_loop **out);

/* Returns after event_loop_end(). */
void event_loop_run(struct event_loop *loop);
void event_loop_end(struct event_loop *loop);

/* Every watch was closed before. NULL is allowed. */
void event_loop_free(struct event_loop *loop);

/* Any thread. */
void event_loop_wake(struct event_loop *loop);

void event_loop_set_ticking(struct event_loop *loop, bool ticks);

/* Milliseconds of a clock that only goes forward. */
int64_t event_loop_now(struct event_loop *loop);

/* It watches for nothing at first. The descriptor stays the caller's. */
MUST_USE dits_error *event_watch_new(struct event_loop *loop, int descriptor,
                                     event_fn *fn, void *payload,
                                     struct event_watch **out);
MUST_USE dits_error *event_watch_set(struct event_watch *watch,
                                     unsigned events);

/* The descriptor may be closed then. NULL is allowed. */
void event_watch_close(struct event_watch *watch);

#endif
