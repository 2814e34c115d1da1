/*
 * cli/process.h - programs that are run and waited for
 *
 * The platform's code is process_posix.c.
 */
#ifndef CLI_PROCESS_H
#define CLI_PROCESS_H

#include <stdbool.h>
#include <stdio.h>

#include "base/error.h"

struct signals;

struct process {
    const char *path;             /* of the program; a script needs no "#!" */
    const char *const *arguments; /* the program's name first; ends with NULL */
    const char *const
        *variables;     /* "NAME=value", beside ours; ends with NULL */
    const char *folder; /* where it runs */
    FILE *input;        /* what it reads, from where that stands; or NULL */
    const struct signals *signals; /* what is caught goes to it; or NULL */
};

/* Whether there is a file, and whether it may be run. */
bool process_is_file(const char *path, bool *out_may_run);

/*
 * Run it, with nothing else to read, and what it prints on standard error;
 * wait.
 * `*out_status`: its exit status, or 128 and the signal that ended it.
 */
MUST_USE dits_error *process_run(const struct process *process,
                                 int *out_status);

#endif
