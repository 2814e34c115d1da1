/*
 * server/counters.h - what the server has done, in numbers
 *
 * For each route by its number in the table (server/routes.h). Any thread.
 */
#ifndef SERVER_COUNTERS_H
#define SERVER_COUNTERS_H

#include <pthread.h>
#include <stdint.h>

#include "base/buf.h"

enum { COUNTER_ROUTES = 32, COUNTER_CLASSES = 4 };

struct counter {
    uint64_t answers[COUNTER_CLASSES]; /* 2xx, 3xx, 4xx, 5xx */
    uint64_t microseconds;
    uint64_t bytes_in;
    uint64_t bytes_out;
};

struct counters {
    pthread_mutex_t mutex;
    struct counter routes[COUNTER_ROUTES]; /* under the mutex, as all below */
    uint64_t throttled;
    uint64_t sign_ins_refused;
};

struct counted {
    size_t route;
    int status;
    int64_t microseconds;
    size_t bytes_in;
    size_t bytes_out;
};

void counters_init(struct counters *counters);
void counters_release(struct counters *counters);
void counters_add(struct counters *counters, const struct counted *what);
void counters_add_sign_in_refused(struct counters *counters);

/* In Prometheus' text format; `names` of the routes in their order. */
MUST_USE dits_error *counters_print(struct counters *counters,
                                    const char *const *names, size_t count,
                                    struct buf *out);

#endif
