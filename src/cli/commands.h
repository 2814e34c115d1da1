/*
 * cli/commands.h - all commands of `dits`
 */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include "cli/program.h"

extern const struct cli_program dits_program;

#endif
