/*
 * base/pool.h - threads that work together on one task
 *
 * The only place that starts threads. There is no thread between tasks: a
 * command starts what it needs and is alone again when the task is done.
 */
#ifndef BASE_POOL_H
#define BASE_POOL_H

#include <pthread.h>

#include "base/error.h"

/* How many processors this process may use: at least 1. */
unsigned pool_processors(void);

/* `worker` counts from 0. */
typedef dits_error *pool_fn(unsigned worker, void *payload);

/*
 * Run `fn` on `count` threads, each pinned to a processor of its own while
 * there are enough, and wait for all. The caller's thread is worker 0, so a
 * count of 1 starts no thread.
 *
 * Returns the first worker's error; the others' are freed. A worker that fails
 * must see to it that the others stop.
 */
MUST_USE dits_error *pool_run(unsigned count, pool_fn *fn, void *payload);

/* Processors that a thread may run on. */
struct pool_set {
    unsigned long mask[16];
};

/* Those of the calling thread. A worker of pool_run() has but one. */
void pool_here(struct pool_set *out);

/*
 * Threads that work beside the caller, on processors in `where`, until
 * pool_join(). They end by what `fn` and the caller agree on.
 */
struct pool;

/* Errors: LIMIT when the system gives no thread at all; some are enough. */
MUST_USE dits_error *pool_start(unsigned count, const struct pool_set *where,
                                pool_fn *fn, void *payload, struct pool **out);

/* Wait for all; the first worker's error. NULL is allowed. */
MUST_USE dits_error *pool_join(struct pool *pool);

/* For CLEANUP(): a mutex locked for the rest of the scope. */
pthread_mutex_t *pool_lock(pthread_mutex_t *mutex);
void pool_unlock(pthread_mutex_t **mutex);

#define POOL_LOCKED(mutex) \
    CLEANUP(pool_unlock)   \
    __attribute__((unused)) pthread_mutex_t *locked_ = pool_lock(mutex)

#endif
