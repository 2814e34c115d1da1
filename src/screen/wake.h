/*
 * screen/wake.h - signals that a program with a screen has to know of
 *
 * One thread waits for them and passes each on as a byte that can be waited
 * for together with keys: no handler, no global. The platform's code is
 * wake_posix.c.
 */
#ifndef SCREEN_WAKE_H
#define SCREEN_WAKE_H

#include <stdbool.h>

#include "base/error.h"

struct wake;

enum wake_kind {
    WAKE_NOTHING = 0,
    WAKE_RESIZED,   /* the terminal has another size */
    WAKE_SUSPENDED, /* somebody asks us to stop for a while */
    WAKE_ENDED,     /* somebody asks us to end */
};

/* Called before any other thread is started, but for such as it. */
MUST_USE dits_error *wake_start(struct wake **out);
void wake_stop(struct wake *wake);
void wake_stopp(struct wake **wake);

/* Readable when there is something to take. */
int wake_fd(const struct wake *wake);
enum wake_kind wake_take(struct wake *wake);

#endif
