/*
 * cli/command_line.h - a command line as one would type it
 */
#ifndef CLI_COMMAND_LINE_H
#define CLI_COMMAND_LINE_H

#include "base/buf.h"

/* Append "dits" and the arguments, quoted for a shell: for the operation log.
 */
MUST_USE dits_error *command_line_join(const char *const *argv,
                                       struct buf *out);

#endif
