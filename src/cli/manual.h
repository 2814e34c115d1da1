/*
 * cli/manual.h - manual pages completed from the command tables
 *
 * A page in docs/man is written by hand, in scdoc's format. What the tables
 * know better stands in it as a mark on a line of its own: @SUMMARY@,
 * @SYNOPSIS@, @DESCRIPTION@, @OPTIONS@, and @COMMANDS@ in the program's page.
 */
#ifndef CLI_MANUAL_H
#define CLI_MANUAL_H

#include "base/buf.h"
#include "cli/program.h"

/*
 * Append `page` with its marks replaced. `command` NULL: the program's own
 * page.
 * INVALID for a mark that is not known.
 */
MUST_USE dits_error *manual_expand(const struct cli_program *program,
                                   const struct cli_command *command,
                                   const char *page, struct buf *out);

/*
 * The build's tool: arguments COMMAND PAGE print the page PAGE completed.
 * COMMAND is the program's name for its own. Returns the exit status.
 */
int manual_main(const struct cli_program *program, int argc, char **argv);

#endif
