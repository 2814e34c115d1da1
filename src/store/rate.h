/*
 * store/rate.h - reading no faster than was asked for
 */
#ifndef STORE_RATE_H
#define STORE_RATE_H

#include <stdint.h>

#include "base/context.h"

struct rate {
    uint64_t bytes_per_second; /* 0: as fast as it goes */
    int64_t began_ns;
    uint64_t bytes; /* since then */
};

/* From now on. */
struct rate rate_begin(uint64_t bytes_per_second);

/* So much was read: wait until that is no more than allowed. CANCELLED. */
MUST_USE dits_error *rate_keep(struct rate *rate, const dits_context *context,
                               uint64_t bytes);

#endif
