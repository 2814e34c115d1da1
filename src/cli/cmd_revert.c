/*
 * dits revert - take back what commits changed, with new commits
 */
#include "base/text.h"
#include "cli/command.h"
#include "cli/merge_text.h"
#include "cli/replay_text.h"
#include "cli/switching.h"

struct revert_args {
    struct replay_args replay;
    bool no_commit;
    bool no_edit;
    struct cli_number mainline;
    struct cli_list revisions;
};

static const struct cli_option options[] = {
    CLI_OPERANDS("REV", struct revert_args, revisions,
                 "the commits to take back, and ranges 'A..B'"),
    CLI_SWITCH('n', "no-commit", struct revert_args, no_commit,
               "change files and what is staged, without a commit"),
    CLI_NUMBER('m', "mainline", "N", struct revert_args, mainline,
               "of a merge: back to its parent N, from 1"),
    CLI_SWITCH(0, "no-edit", struct revert_args, no_edit,
               "take the message as it is, which is the default"),
    REPLAY_OPTIONS(struct revert_args),
    CLI_END,
};

static const char help[] =
    "Makes a commit for each one named that undoes its change; history stays\n"
    "as it is. To take back the last command as if it had not been, use "
    "'dits\n"
    "undo'. Where a change cannot be taken back as such it stops with\n"
    "conflicts; resolve them and use '--continue'.\n";

static dits_error *run(struct cli *cli, const void *data)
{
    const struct revert_args *args = data;
    struct replay_printer printer = {.cli = cli, .kind = DITS_WORK_REVERT};
    struct dits_replay_result result = {0};
    CLEANUP(text_free) char *previous = NULL;
    bool is_done = false;
    TRY(replay_end(cli, &args->replay, DITS_WORK_REVERT, &is_done));
    if (is_done)
        return NULL;
    if (args->revisions.count == 0)
        return cli_usage(cli, "REV is missing");
    /* As in git, where it stands first. */
    TRY(switching_read_dash(cli, &args->revisions.items[0], &previous));
    const struct dits_pick_options wanted = {
        .revisions = args->revisions.items,
        .count = args->revisions.count,
        .revert = true,
        .mainline = (unsigned)args->mainline.value,
        .no_commit = args->no_commit,
        .how = replay_how(&args->replay, &printer),
    };
    TRY(dits_pick(cli->repo, &wanted, &result));
    return replay_print(cli, &printer, &result);
}

const struct cli_command cmd_revert = {
    .name = "revert",
    .summary = "take back what commits changed, with new commits",
    .help = help,
    .group = CLI_GROUP_UNDO,
    .flags = CLI_NEEDS_REPO | CLI_NEEDS_FILES | CLI_CHANGES | CLI_JSON,
    .options = options,
    .args_size = sizeof(struct revert_args),
    .run = run,
};
