/*
 * dits rm - remove files
 */
#include <dits/worktree.h>

#include "cli/command.h"
#include "cli/events.h"

struct rm_args {
    bool cached;
    bool force;
    bool recursive;
    bool dry_run;
    struct cli_list paths;
};

static const struct cli_option options[] = {
    CLI_OPERANDS("PATH", struct rm_args, paths,
                 "files and patterns to remove; folders with '-r'",
                 .flags = CLI_NEEDED),
    CLI_SWITCH(0, "cached", struct rm_args, cached,
               "keep the files, only stop tracking them"),
    CLI_SWITCH('f', "force", struct rm_args, force,
               "remove files with changes that are not committed"),
    CLI_SWITCH('r', NULL, struct rm_args, recursive,
               "remove folders and all below them"),
    CLI_SWITCH('n', "dry-run", struct rm_args, dry_run,
               "show what would be removed and change nothing"),
    CLI_END,
};

static const char help[] =
    "Removes files from the work tree and stages the removal. Versions that\n"
    "were committed stay in the history. 'dits undo' brings the files back,\n"
    "also content that was never committed.\n";

static const struct event_words words = {.removed = "rm"};

static dits_error *run(struct cli *cli, const void *data)
{
    const struct rm_args *args = data;
    const struct dits_paths paths = cli_paths(&args->paths);
    struct event_printer printer = {.cli = cli, .words = &words};
    const struct dits_remove_options remove = {
        .cached = args->cached,
        .force = args->force,
        .recursive = args->recursive,
        .dry_run = args->dry_run,
        .on_path = cli->quiet ? NULL : event_print,
        .payload = &printer,
    };
    return dits_remove(cli->repo, &paths, &remove);
}

const struct cli_command cmd_rm = {
    .name = "rm",
    .summary = "remove files",
    .help = help,
    .group = CLI_GROUP_WORK,
    .flags = CLI_NEEDS_REPO | CLI_NEEDS_FILES | CLI_CHANGES | CLI_JSON,
    .options = options,
    .args_size = sizeof(struct rm_args),
    .run = run,
};
