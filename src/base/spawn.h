/*
 * base/spawn.h - a process begins
 *
 * The only place of the library that starts one. The platform's code is
 * spawn_posix.c.
 */
#ifndef BASE_SPAWN_H
#define BASE_SPAWN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

struct spawn {
    const char *path;
    const char *const *arguments;   /* the program's name first; then NULL */
    const char *const *environment; /* all that it gets; ends with NULL */
    int files[3];  /* its input, output and errors; it has no others */
    bool is_apart; /* in a group of its own: a Ctrl-C is not for it */
};

/*
 * Start it. No signal is blocked or ignored in it, whatever is so here.
 * NOT_FOUND when there is no such program, DENIED when it may not be run.
 */
MUST_USE dits_error *spawn_start(const struct spawn *spawn, int64_t *out_id);

#endif
