/*
 * cli/commands.h - all commands
 */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include <stddef.h>

#include "cli/command.h"

/* Sorted by name; ends with NULL. */
extern const struct cli_command *const commands[];

/* NULL when there is none. */
const struct cli_command *command_find(const char *name);

/* The options that every command has; only those without CLI_FRONT_ONLY may
 * also stand behind its name. */
struct cli_settings {
    struct cli_list folders;
    const char *color;
    bool no_pager;
    bool json;
    bool quiet;
    bool verbose;
    bool usage;
    bool help;
    bool version;
};

extern const struct cli_option front_options[];
extern const struct cli_option shared_options[];

#endif
