/*
 * ditsd/stop.h - the signals that a server is told with
 *
 * The platform's code is stop_posix.c.
 */
#ifndef DITSD_STOP_H
#define DITSD_STOP_H

#include "base/error.h"

enum stop_told {
    STOP_RELOAD, /* SIGHUP */
    STOP_END,    /* SIGTERM, SIGINT */
};

/*
 * From now on these signals wait for stop_wait(), and writing to a closed pipe
 * gives an error. Called before any other thread is started.
 */
MUST_USE dits_error *stop_begin(void);
enum stop_told stop_wait(void);

/* A further signal ends the process at once. */
void stop_release(void);

#endif
