/*
 * cli/help.h - help from the command tables
 */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include "base/buf.h"
#include "cli/program.h"

/* "dits log [OPTIONS] [REV…] [-- PATH…]" */
MUST_USE dits_error *help_synopsis(const struct cli_program *program,
                                   const struct cli_command *command,
                                   struct buf *out);

/* "-n, --max-count=NUM"; only for options. */
MUST_USE dits_error *help_option(const struct cli_option *option,
                                 struct buf *out);

/* What -h prints: the synopsis and the options. */
MUST_USE dits_error *help_print_usage(const struct cli_program *program,
                                      const struct cli_command *command,
                                      FILE *out);

/* What --help prints: all of it. */
MUST_USE dits_error *help_print(const struct cli_program *program,
                                const struct cli_command *command, FILE *out);

/* All commands, by what they are for. */
MUST_USE dits_error *help_print_overview(const struct cli_program *program,
                                         FILE *out);

/* What the command `help` prints, without a name: the overview. */
MUST_USE dits_error *help_answer(const struct cli *cli, const char *name);

/* The titles of the groups. */
const char *help_group_title(enum cli_group group);

#endif
