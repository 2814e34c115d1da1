/*
 * cli/manual.h - manual pages completed from the command tables
 *
 * A page in docs/man is written by hand, in scdoc's format. What the tables
 * know better stands in it as a mark on a line of its own: @SUMMARY@,
 * @SYNOPSIS@, @DESCRIPTION@, @OPTIONS@, and @COMMANDS@ in the page dits(1).
 */
#ifndef CLI_MANUAL_H
#define CLI_MANUAL_H

#include "base/buf.h"
#include "cli/command.h"

/*
 * Append `page` with its marks replaced. `command` NULL: the page dits(1).
 * INVALID for a mark that is not known.
 */
MUST_USE dits_error *manual_expand(const struct cli_command *command,
                                   const char *page, struct buf *out);

#endif
