/*
 * dits restore - bring files back
 */
#include <dits/worktree.h>

#include "cli/command.h"
#include "cli/events.h"
#include "cli/switching.h"

struct restore_args {
    const char *source;
    bool staged;
    bool worktree;
    bool outside;
    struct cli_list paths;
};

static const struct cli_option options[] = {
    CLI_OPERANDS("PATH", struct restore_args, paths,
                 "files, folders and patterns to restore", .flags = CLI_NEEDED),
    CLI_STRING('s', "source", "REV", struct restore_args, source,
               "take the files from REV"),
    CLI_SWITCH('S', "staged", struct restore_args, staged,
               "restore what is staged: undo 'dits add'"),
    CLI_SWITCH('W', "worktree", struct restore_args, worktree,
               "restore the work tree, the default without '--staged'"),
    CLI_SWITCH(0, "ignore-skip-worktree-bits", struct restore_args, outside,
               "also files that are absent, outside of the sparse set"),
    CLI_END,
};

static const char help[] =
    "Puts files of the work tree back to what is staged, or to what they were\n"
    "in REV. With '--staged' it is what is staged that goes back, to HEAD or\n"
    "to REV. What is overwritten is kept: 'dits undo' takes it back.\n";

static const struct event_words words = {.added = "restore",
                                         .removed = "remove"};

static dits_error *run(struct cli *cli, const void *data)
{
    const struct restore_args *args = data;
    const struct dits_paths paths = cli_paths(&args->paths);
    struct event_printer printer = {.cli = cli, .words = &words};
    const struct dits_restore_options restore = {
        .source = args->source,
        .staged = args->staged,
        .worktree = args->worktree,
        .outside = args->outside,
        .on_path = cli->verbose || cli->json ? event_print : NULL,
        .payload = &printer,
    };
    TRY(dits_restore(cli->repo, &paths, &restore));
    return switching_tell_restored(cli);
}

const struct cli_command cmd_restore = {
    .name = "restore",
    .summary = "bring files back to an earlier state",
    .help = help,
    .group = CLI_GROUP_WORK,
    .flags = CLI_NEEDS_REPO | CLI_NEEDS_FILES | CLI_CHANGES | CLI_JSON,
    .options = options,
    .args_size = sizeof(struct restore_args),
    .run = run,
};
