/*
 * ditsd completion - print a completion script for a shell
 */
#include "cli/completion.h"

struct completion_args {
    const char *shell;
    const char *words;
};

static const char *const word_lists[] = {"commands", NULL};

static const struct cli_option options[] = {
    CLI_OPTIONAL_OPERAND("SHELL", struct completion_args, shell,
                         "'bash', 'zsh' or 'fish'",
                         .choices = completion_shells),
    CLI_STRING(0, "words", "LIST", struct completion_args, words,
               "print what the scripts ask for: 'commands'",
               .choices = word_lists),
    CLI_END,
};

static const char help[] =
    "Prints a script that teaches a shell to complete commands and options.\n"
    "Packages install it; by hand:\n"
    "\n"
    "    bash    source <(ditsd completion bash)\n"
    "    zsh     source <(ditsd completion zsh)\n"
    "    fish    ditsd completion fish | source\n";

static dits_error *run(struct cli *cli, const void *data)
{
    const struct completion_args *args = data;
    CLEANUP(buf_release) struct buf script = {0};
    if (args->words != NULL && args->shell != NULL)
        return cli_usage(cli, "SHELL and '--words' exclude each other");
    if (args->words != NULL) {
        completion_commands(cli->program, cli->out);
        return NULL;
    }
    if (args->shell == NULL)
        return cli_usage(cli, "SHELL is missing");
    TRY(completion_script(cli->program, args->shell, &script));
    fputs(buf_text(&script), cli->out);
    return NULL;
}

const struct cli_command cmd_completion = {
    .name = "completion",
    .summary = "print a completion script for a shell",
    .help = help,
    .group = CLI_GROUP_HELP,
    .options = options,
    .args_size = sizeof(struct completion_args),
    .run = run,
};
