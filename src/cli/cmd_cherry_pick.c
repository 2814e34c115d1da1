/*
 * dits cherry-pick - apply commits of another branch here
 */
#include "base/text.h"
#include "cli/command.h"
#include "cli/merge_text.h"
#include "cli/replay_text.h"
#include "cli/switching.h"

struct pick_args {
    struct replay_args replay;
    bool no_commit;
    bool add_origin;
    bool allow_empty;
    struct cli_number mainline;
    struct cli_list revisions;
};

static const struct cli_option options[] = {
    CLI_OPERANDS(
        "REV", struct pick_args, revisions,
        "the commits to apply, and ranges 'A..B', in this order; '-' for "
        "the branch before this one"),
    CLI_SWITCH('n', "no-commit", struct pick_args, no_commit,
               "change files and what is staged, without a commit"),
    CLI_SWITCH('x', NULL, struct pick_args, add_origin,
               "say in the message which commit it was"),
    CLI_NUMBER('m', "mainline", "N", struct pick_args, mainline,
               "of a merge: what it changed against its parent N, from 1"),
    CLI_SWITCH(0, "allow-empty", struct pick_args, allow_empty,
               "also commits that changed nothing"),
    REPLAY_OPTIONS(struct pick_args),
    CLI_END,
};

static const char help[] =
    "Makes commits again on top of HEAD: with the same change, message and\n"
    "author. Where a change does not fit it stops with conflicts, as 'dits\n"
    "merge' does; resolve them and use '--continue'.\n";

static dits_error *run(struct cli *cli, const void *data)
{
    const struct pick_args *args = data;
    struct replay_printer printer = {.cli = cli, .kind = DITS_WORK_PICK};
    struct dits_replay_result result = {0};
    CLEANUP(text_free) char *previous = NULL;
    bool is_done = false;
    TRY(replay_end(cli, &args->replay, DITS_WORK_PICK, &is_done));
    if (is_done)
        return NULL;
    if (args->revisions.count == 0)
        return cli_usage(cli, "REV is missing");
    /* As in git, where it stands first. */
    TRY(switching_read_dash(cli, &args->revisions.items[0], &previous));
    struct dits_pick_options wanted = {
        .revisions = args->revisions.items,
        .count = args->revisions.count,
        .mainline = (unsigned)args->mainline.value,
        .no_commit = args->no_commit,
        .add_origin = args->add_origin,
        .how = replay_how(&args->replay, &printer),
    };
    wanted.how.allow_empty = args->allow_empty;
    TRY(dits_pick(cli->repo, &wanted, &result));
    return replay_print(cli, &printer, &result);
}

const struct cli_command cmd_cherry_pick = {
    .name = "cherry-pick",
    .summary = "apply commits of another branch here",
    .help = help,
    .group = CLI_GROUP_GROW,
    .flags = CLI_NEEDS_REPO | CLI_NEEDS_FILES | CLI_CHANGES | CLI_JSON,
    .options = options,
    .args_size = sizeof(struct pick_args),
    .run = run,
};
