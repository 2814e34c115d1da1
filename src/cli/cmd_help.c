/*
 * dits help - show what a command does
 */
#include "cli/commands.h"
#include "cli/help.h"
#include "cli/suggest.h"

struct help_args {
    const char *command;
};

static const struct cli_option options[] = {
    CLI_OPTIONAL_OPERAND("COMMAND", struct help_args, command,
                         "the command to explain; without it, list them all"),
    CLI_END,
};

static const char help[] =
    "Without COMMAND, lists all commands by what they are for. With it, shows\n"
    "what the command does and its options, as 'dits COMMAND --help' does.\n"
    "'dits COMMAND -h' lists just the options.\n";

static dits_error *run(struct cli *cli, const void *data)
{
    const struct help_args *args = data;
    if (args->command == NULL)
        return help_print_overview(cli->out);

    const struct cli_command *command = command_find(args->command);
    if (command != NULL)
        return help_print(command, cli->out);

    struct suggestion best = suggestion_for(args->command);
    for (const struct cli_command *const *c = commands; *c != NULL; c++)
        suggestion_offer(&best, (*c)->name);
    dits_error *err =
        error_new(DITS_E_NOT_FOUND, "there is no command '%s'", args->command);
    return best.name != NULL ? error_hint(err, "Did you mean '%s'?", best.name)
                             : error_hint(err, "See 'dits help'.");
}

const struct cli_command cmd_help = {
    .name = "help",
    .summary = "show what a command does",
    .help = help,
    .group = CLI_GROUP_HELP,
    .flags = CLI_PAGED,
    .options = options,
    .args_size = sizeof(struct help_args),
    .run = run,
};
