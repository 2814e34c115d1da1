/*
 * cli/terminal.h - the terminal, and programs that take it over
 *
 * The platform's code is terminal_posix.c.
 */
#ifndef CLI_TERMINAL_H
#define CLI_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/error.h"

bool terminal_is(FILE *file);

/* Columns of the terminal behind `file`; 80 when it does not say. */
size_t terminal_width(FILE *file);

/* A pager that shows what is written to `in`. Zero: none. */
struct pager {
    FILE *in;
    int process;
};

/* `command` is run by the shell. */
MUST_USE dits_error *pager_start(const char *command, struct pager *out);

/* Wait until the reader is done with it. The zero value is allowed. */
void pager_finish(struct pager *pager);

/* Let the user edit `path` with `editor`, which is run by the shell. */
MUST_USE dits_error *editor_run(const char *editor, const char *path);

/*
 * Let the shell run `script`, and wait. The status is that of the shell: 128
 * and more where a signal ended it.
 */
MUST_USE dits_error *script_run(const char *script, int *out_status);

#endif
