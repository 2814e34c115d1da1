/*
 * cli/cli.h - what a running command works with
 *
 * Results go to `out`, everything else to standard error. A command returns
 * its failure; printing it and the exit status are cli_main()'s work.
 */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include <stdbool.h>
#include <stdio.h>

#include <dits/context.h>
#include <dits/repo.h>

#include "base/error.h"

struct cli_program;
struct environment;
struct progress;
struct signals;

/* Exit statuses, as git's. Interrupted: 128 + the signal. */
enum cli_status { CLI_OK = 0, CLI_FAILED = 1, CLI_USAGE = 2 };

struct cli {
    const struct cli_program *program;
    dits_context *context;
    dits_repo *repo; /* NULL without CLI_NEEDS_REPO, or where there is none */
    FILE *out;       /* results: standard output or the pager */
    const struct environment *environment;
    struct progress *progress;
    struct signals *signals; /* NULL without CLI_CHANGES */
    int64_t now;             /* seconds since 1970 */
    bool is_terminal;        /* `out` ends on one */
    bool colors;             /* of `out` */
    bool json;
    bool quiet;
    bool verbose;
    enum cli_status status; /* without an error: what to exit with */
};

/* A line on standard error for people. Nothing with --quiet. */
void cli_note(const struct cli *cli, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* The request makes no sense: exit status 2. */
MUST_USE dits_error *cli_usage(struct cli *cli, const char *fmt, ...)
    NEVER_NULL PRINTF_LIKE(2, 3);

/* Run the program. Returns the exit status. */
int cli_main(const struct cli_program *program, const char *const *argv);

#endif
