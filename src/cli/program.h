/*
 * cli/program.h - a program: its name and its commands
 *
 * What surrounds the commands (parsing, help, completion, manual pages, exit
 * statuses) is the same for `dits` and `ditsd`, and takes one of these.
 */
#ifndef CLI_PROGRAM_H
#define CLI_PROGRAM_H

#include "cli/command.h"

struct cli_program {
    const char *name;                          /* as it is typed */
    const char *summary;                       /* a sentence */
    const struct cli_command *const *commands; /* sorted; ends with NULL */
};

/* NULL when there is none. */
const struct cli_command *program_find(const struct cli_program *program,
                                       const char *name);

/* The options that every command has; all but `-C` and `--version` may also
 * stand behind its name. */
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
