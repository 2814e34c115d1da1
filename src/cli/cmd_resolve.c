/*
 * dits resolve - choose a side in a conflict
 */
#include <dits/merge.h>

#include "cli/command.h"
#include "cli/events.h"

struct resolve_args {
    bool ours;
    bool theirs;
    bool base;
    bool both;
    bool all;
    struct cli_list paths;
};

static const struct cli_option options[] = {
    CLI_OPERANDS("PATH", struct resolve_args, paths,
                 "the files or folders with conflicts"),
    CLI_SWITCH(0, "ours", struct resolve_args, ours,
               "as it is on the current branch"),
    CLI_SWITCH(0, "theirs", struct resolve_args, theirs,
               "as it is in what is being merged"),
    CLI_SWITCH(0, "base", struct resolve_args, base,
               "as it was before either changed it"),
    CLI_SWITCH(0, "both", struct resolve_args, both,
               "keep ours, and add theirs beside it as 'NAME.theirs.EXT'"),
    CLI_SWITCH('a', "all", struct resolve_args, all, "every conflict there is"),
    CLI_END,
};

static const char help[] =
    "Decides what becomes of files with a conflict, and stages that. What\n"
    "was in the files, and in those put beside them, is kept: 'dits undo'\n"
    "brings it back.\n"
    "\n"
    "To keep a file as it was edited, use 'dits add'. When all conflicts are\n"
    "resolved 'dits commit' ends the merge.\n";

static const struct event_words words = {.added = "resolved"};

static dits_error *run(struct cli *cli, const void *data)
{
    const struct resolve_args *args = data;
    struct event_printer printer = {.cli = cli, .words = &words};
    if (args->ours + args->theirs + args->base + args->both != 1)
        return cli_usage(cli, "needs one of '--ours', '--theirs', '--base' and "
                              "'--both'");
    if (args->all == (args->paths.count > 0))
        return cli_usage(cli, args->all ? "'--all' and PATH exclude each other"
                                        : "PATH is missing");
    const struct dits_resolve_options wanted = {
        .how = args->ours     ? DITS_RESOLVE_OURS
               : args->theirs ? DITS_RESOLVE_THEIRS
               : args->base   ? DITS_RESOLVE_BASE
                              : DITS_RESOLVE_BOTH,
        .on_path = cli->quiet ? NULL : event_print,
        .payload = &printer,
    };
    const struct dits_paths paths = cli_paths(&args->paths);
    return dits_resolve(cli->repo, &paths, &wanted);
}

const struct cli_command cmd_resolve = {
    .name = "resolve",
    .summary = "choose a side in a conflict",
    .help = help,
    .group = CLI_GROUP_GROW,
    .flags = CLI_NEEDS_REPO | CLI_NEEDS_FILES | CLI_CHANGES | CLI_JSON,
    .options = options,
    .args_size = sizeof(struct resolve_args),
    .run = run,
};
