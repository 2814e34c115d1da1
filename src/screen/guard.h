/*
 * screen/guard.h - the terminal is put back, whatever happens
 *
 * The program goes on in a child, and its parent only waits: should the child
 * die of a signal, be it SIGKILL, the parent gives the terminal back as it was.
 * The platform's code is guard_linux.c.
 */
#ifndef SCREEN_GUARD_H
#define SCREEN_GUARD_H

#include <stdbool.h>

#include "base/error.h"

/* How the child ended. */
struct guard {
    bool is_child; /* this is the child: go on */
    int status;    /* its exit status */
    int signal;    /* what it died of, or 0 */
};

/* Called while there is one thread, and standard input is a terminal. */
MUST_USE dits_error *guard_start(struct guard *out);

#endif
