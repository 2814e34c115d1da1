/*
 * dits mv - rename files and folders
 */
#include <dits/worktree.h>

#include "cli/command.h"
#include "cli/events.h"

struct mv_args {
    bool force;
    bool dry_run;
    struct cli_list names;
};

static const struct cli_option options[] = {
    CLI_OPERANDS("PATH", struct mv_args, names,
                 "one or more sources, then the destination",
                 .flags = CLI_NEEDED),
    CLI_SWITCH('f', "force", struct mv_args, force,
               "replace a destination that is there already"),
    CLI_SWITCH('n', "dry-run", struct mv_args, dry_run,
               "show what would be renamed and change nothing"),
    CLI_END,
};

static const char help[] =
    "Renames a file or folder in the work tree and stages the change. With\n"
    "several sources the destination must be a folder. Nothing is stored\n"
    "again, however large the files.\n";

static const struct event_words words = {0};

static dits_error *run(struct cli *cli, const void *data)
{
    const struct mv_args *args = data;
    if (args->names.count < 2)
        return cli_usage(cli, "the destination is missing");

    const struct dits_paths from = {.items = args->names.items,
                                    .count = args->names.count - 1};
    struct event_printer printer = {.cli = cli, .words = &words};
    bool prints = args->dry_run || cli->verbose || cli->json;
    const struct dits_move_options move = {
        .force = args->force,
        .dry_run = args->dry_run,
        .on_path = prints ? event_print : NULL,
        .payload = &printer,
    };
    return dits_move(cli->repo, &from, args->names.items[from.count], &move);
}

const struct cli_command cmd_mv = {
    .name = "mv",
    .summary = "rename files and folders",
    .help = help,
    .group = CLI_GROUP_WORK,
    .flags = CLI_NEEDS_REPO | CLI_NEEDS_FILES | CLI_CHANGES | CLI_JSON,
    .options = options,
    .args_size = sizeof(struct mv_args),
    .run = run,
};
