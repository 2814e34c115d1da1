/*
 * server/throttle.h - how often somebody may ask
 *
 * A table of fixed size, so that nobody can make it grow; where it is full,
 * whoever has been quiet longest is forgotten. In memory: a database would be
 * written by each stranger's failure, and who can restart the server needs no
 * password. Any thread.
 */
#ifndef SERVER_THROTTLE_H
#define SERVER_THROTTLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

struct throttle;

MUST_USE dits_error *throttle_new(struct throttle **out);
void throttle_free(struct throttle *throttle);
void throttle_freep(struct throttle **throttle);

/* `kind` keeps apart what may have the same text: an account, an address. */
struct throttle_key {
    char kind;
    const char *text;
};

/* A bucket that holds `burst` and gets `per_minute`. */
struct throttle_rate {
    unsigned per_minute;
    unsigned burst;
};

/*
 * Take `cost` out of the bucket. Returns 0, or the seconds to wait when there
 * is not enough left: then nothing is taken. `now` is in milliseconds.
 */
unsigned throttle_take(struct throttle *throttle, struct throttle_key key,
                       const struct throttle_rate *rate, unsigned cost,
                       int64_t now);

/* What failures cost: the first THROTTLE_FREE nothing, then 1, 2, 4 … seconds,
 * at most `longest`. They are forgotten after an hour without one. */
enum { THROTTLE_FREE = 3, THROTTLE_FORGET_MS = 60 * 60 * 1000 };

/* Seconds to wait until the next try; 0: it may be made. */
unsigned throttle_wait(struct throttle *throttle, struct throttle_key key,
                       int64_t now);
void throttle_failed(struct throttle *throttle, struct throttle_key key,
                     unsigned longest, int64_t now);
void throttle_passed(struct throttle *throttle, struct throttle_key key);

#endif
