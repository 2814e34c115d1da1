/*
 * dits export - hand history over to another system
 */
#include <string.h>

#include "cli/exchange.h"

static const struct export_kind kinds[] = {
    {"git", export_git},
};

static const char *const kind_names[] = {"git", NULL};

static const struct cli_option options[] = {
    CLI_OPERAND("KIND", struct export_args, kind,
                "'git': a git repository with all branches and tags",
                .choices = kind_names),
    CLI_OPERAND("PATH", struct export_args, target,
                "where it is; made when it is missing"),
    CLI_STRING(0, "lfs", "SIZE", struct export_args, lfs,
               "put files of more than SIZE bytes (or 10M, 1G) into the store "
               "of Git LFS"),
    CLI_SWITCH('f', "force", struct export_args, force,
               "move branches back and tags elsewhere, too"),
    CLI_END,
};

static const char help[] =
    "Makes the git repository in the folder PATH have all branches and tags,\n"
    "as a bare repository where there is none. What it has already is not\n"
    "written again. History that came from git gets the ids that it had "
    "there,\n"
    "unless something of it was left out, or it is signed.\n";

static dits_error *run(struct cli *cli, const void *data)
{
    const struct export_args *args = data;
    for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
        if (strcmp(kinds[i].name, args->kind) == 0)
            return kinds[i].run(cli, args);
    return cli_usage(cli, "nothing is exported to '%s'", args->kind);
}

const struct cli_command cmd_export = {
    .name = "export",
    .summary = "hand the history over to a git repository",
    .help = help,
    .group = CLI_GROUP_START,
    .flags = CLI_NEEDS_REPO | CLI_CHANGES | CLI_JSON,
    .options = options,
    .args_size = sizeof(struct export_args),
    .run = run,
};
