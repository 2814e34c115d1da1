#include "cli/program.h"

#include <string.h>

static const char *const color_choices[] = {"auto", "always", "never", NULL};

#define SHARED_OPTIONS                                                     \
    CLI_OPTIONAL(0, "color", "WHEN", struct cli_settings, color,           \
                 "use colours: 'auto' on a terminal, 'always' or 'never'", \
                 .implied = "always", .choices = color_choices),           \
        CLI_SWITCH(0, "no-pager", struct cli_settings, no_pager,           \
                   "do not send long output to a pager"),                  \
        CLI_SWITCH(0, "json", struct cli_settings, json,                   \
                   "print one JSON object per line"),                      \
        CLI_SWITCH('q', "quiet", struct cli_settings, quiet,               \
                   "print no notes and no progress"),                      \
        CLI_SWITCH('v', "verbose", struct cli_settings, verbose,           \
                   "tell more about what is being done"),                  \
        CLI_SWITCH('h', NULL, struct cli_settings, usage,                  \
                   "list the options and exit"),                           \
        CLI_SWITCH(0, "help", struct cli_settings, help,                   \
                   "show the whole help and exit")

const struct cli_option front_options[] = {
    CLI_STRINGS('C', NULL, "DIR", struct cli_settings, folders,
                "run as if started in DIR"),
    CLI_SWITCH(0, "version", struct cli_settings, version,
               "print the version and exit"),
    SHARED_OPTIONS,
    CLI_END,
};

const struct cli_option shared_options[] = {SHARED_OPTIONS, CLI_END};

const struct cli_command *program_find(const struct cli_program *program,
                                       const char *name)
{
    for (const struct cli_command *const *c = program->commands; *c != NULL;
         c++)
        if (strcmp((*c)->name, name) == 0)
            return *c;
    return NULL;
}
