/*
 * dits help - show what a command does; of ditsd, too
 */
#include "cli/help.h"

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
    "what the command does and its options, as '--help' behind its name does;\n"
    "'-h' there lists just the options.\n";

static dits_error *run(struct cli *cli, const void *data)
{
    const struct help_args *args = data;
    return help_answer(cli, args->command);
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
