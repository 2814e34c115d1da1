/*
 * picture/helper.h - a program that works behind a socket
 *
 * It has the socket as its standard input, nothing else that is open, and no
 * environment. The platform's code is helper_posix.c.
 */
#ifndef PICTURE_HELPER_H
#define PICTURE_HELPER_H

#include "base/context.h"

/* Zero: none runs. */
struct helper {
    const dits_context *context; /* borrowed; NULL: cannot be cancelled */
    int64_t process;             /* 0: none */
    int handle;                  /* of the socket: descriptor + 1 */
    uint64_t wait_ms;            /* how long it may still be waited for */
};

/*
 * Start the program `path`, which may take all in all `wait_ms` of waiting.
 * NOT_FOUND when there is none, DENIED when it may not be run.
 */
MUST_USE dits_error *helper_start(const dits_context *context, const char *path,
                                  uint64_t wait_ms, struct helper *out);

/*
 * Send, or receive exactly `size` bytes. CANCELLED; LIMIT when it lets us wait
 * for too long; NETWORK when it has ended: see helper_end().
 */
MUST_USE dits_error *helper_send(struct helper *helper, const void *data,
                                 size_t size);
MUST_USE dits_error *helper_receive(struct helper *helper, size_t size,
                                    void *out);

/* How a program ended. */
enum helper_fate {
    HELPER_LEFT,    /* by itself; also when nobody knows */
    HELPER_STOPPED, /* by us: it had not ended */
    HELPER_OUT_OF_CPU,
    HELPER_FORBIDDEN, /* it did what its sandbox forbids */
    HELPER_CRASHED,
};

/* Give it a moment to end where it is about to, else stop it. */
enum helper_fate helper_end(struct helper *helper);

/* For CLEANUP(): stop it at once. */
void helper_stop(struct helper *helper);

#endif
