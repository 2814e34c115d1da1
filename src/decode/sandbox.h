/*
 * decode/sandbox.h - giving up every right before the first byte is read
 *
 * The platform's code is sandbox_linux.c.
 */
#ifndef DECODE_SANDBOX_H
#define DECODE_SANDBOX_H

#include <stdint.h>

#include "base/error.h"

struct sandbox_limits {
    uint64_t memory_bytes; /* of data; code and libraries come on top */
    uint32_t cpu_seconds;
};

/*
 * From now on this process can compute, get memory within the limit, read and
 * write its standard input, and end. Anything else kills it: opening a file, a
 * socket, another program, a thread, memory that can be run. There is no way
 * back. UNSUPPORTED where the system cannot do it.
 */
MUST_USE dits_error *sandbox_enter(const struct sandbox_limits *limits);

#endif
