/*
 * dits import - take in what another system has kept
 */
#include <string.h>

#include "cli/exchange.h"

static const struct import_kind kinds[] = {
    {"git", import_git},
};

static const char *const kind_names[] = {"git", NULL};

static const struct cli_option options[] = {
    CLI_OPERAND("KIND", struct import_args, kind,
                "'git': the history of a git repository",
                .choices = kind_names),
    CLI_OPERAND("PATH", struct import_args, source, "where it is"),
    CLI_STRING(0, "lfs", "DIR", struct import_args, lfs,
               "take files of Git LFS from this store; default: that of the "
               "repository"),
    CLI_STRING(0, "prefix", "NAME/", struct import_args, prefix,
               "put NAME/ before the names of branches and tags"),
    CLI_STRINGS(0, "branch", "NAME", struct import_args, branches,
                "import this branch alone, and tags of what it holds; may be "
                "repeated"),
    CLI_END,
};

static const char help[] =
    "Makes history of Dits of a git repository on this machine: branches,\n"
    "tags, merges, authors, dates, messages, modes and symlinks. Files of Git\n"
    "LFS come from its store. Submodules are left out, with a warning.\n"
    "\n"
    "Branches that are here already only go forward; the current one takes "
    "the\n"
    "files along. A second import adds what is new. 'dits undo' takes it "
    "back.\n";

static dits_error *run(struct cli *cli, const void *data)
{
    const struct import_args *args = data;
    for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
        if (strcmp(kinds[i].name, args->kind) == 0)
            return kinds[i].run(cli, args);
    return cli_usage(cli, "nothing is imported from '%s'", args->kind);
}

const struct cli_command cmd_import = {
    .name = "import",
    .summary = "take in the history of a git repository",
    .help = help,
    .group = CLI_GROUP_START,
    .flags = CLI_NEEDS_REPO | CLI_CHANGES | CLI_JSON,
    .options = options,
    .args_size = sizeof(struct import_args),
    .run = run,
};
