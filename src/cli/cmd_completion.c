/*
 * dits completion - print a completion script for a shell
 */
#include <string.h>

#include <dits/config.h>
#include <dits/refs.h>
#include <dits/remote.h>

#include "cli/command.h"
#include "cli/completion.h"

struct completion_args {
    const char *shell;
    const char *words;
};

static const char *const word_lists[] = {
    "branches", "tags", "revisions", "remotes", "keys", "commands", NULL};

static const struct cli_option options[] = {
    CLI_OPTIONAL_OPERAND("SHELL", struct completion_args, shell,
                         "'bash', 'zsh' or 'fish'",
                         .choices = completion_shells),
    CLI_STRING(0, "words", "LIST", struct completion_args, words,
               "print what the scripts ask for: 'branches', 'tags', "
               "'revisions', 'remotes', 'keys' or 'commands'",
               .choices = word_lists),
    CLI_END,
};

static const char help[] =
    "Prints a script that teaches a shell to complete commands, options,\n"
    "branches, tags and settings. Packages install it; by hand:\n"
    "\n"
    "    bash    source <(dits completion bash)\n"
    "    zsh     source <(dits completion zsh)\n"
    "    fish    dits completion fish | source\n";

static dits_error *print_ref(const struct dits_ref *ref, void *payload)
{
    const struct cli *cli = payload;
    fprintf(cli->out, "%s\n", ref->name);
    return NULL;
}

static dits_error *print_remote(const struct dits_remote *remote, void *payload)
{
    const struct cli *cli = payload;
    fprintf(cli->out, "%s\n", remote->name);
    return NULL;
}

static dits_error *print_key(const char *key, const char *value,
                             enum dits_config_scope scope, void *payload)
{
    const struct cli *cli = payload;
    (void)value;
    (void)scope;
    fprintf(cli->out, "%s\n", key);
    return NULL;
}

/* Outside of a repository there is nothing to offer, which is no failure. */
static dits_error *print_words(struct cli *cli, const char *list)
{
    bool is_revisions = strcmp(list, "revisions") == 0;
    if (strcmp(list, "commands") == 0) {
        completion_commands(cli->program, cli->out);
        return NULL;
    }
    if (strcmp(list, "keys") == 0)
        return dits_config_each(cli->context, cli->repo, DITS_CONFIG_ANY,
                                print_key, cli);
    if (cli->repo == NULL)
        return NULL;
    if (strcmp(list, "remotes") == 0)
        return dits_remote_each(cli->repo, print_remote, cli);
    if (is_revisions)
        TRY(dits_remote_branch_each(cli->repo, print_ref, cli));
    if (is_revisions)
        fputs("HEAD\n", cli->out);
    if (is_revisions || strcmp(list, "branches") == 0)
        TRY(dits_branch_each(cli->repo, print_ref, cli));
    if (is_revisions || strcmp(list, "tags") == 0)
        TRY(dits_tag_each(cli->repo, print_ref, cli));
    return NULL;
}

static dits_error *run(struct cli *cli, const void *data)
{
    const struct completion_args *args = data;
    CLEANUP(buf_release) struct buf script = {0};
    if (args->words != NULL && args->shell != NULL)
        return cli_usage(cli, "SHELL and '--words' exclude each other");
    if (args->words != NULL)
        return print_words(cli, args->words);
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
    .flags = CLI_WANTS_REPO,
    .options = options,
    .args_size = sizeof(struct completion_args),
    .run = run,
};
