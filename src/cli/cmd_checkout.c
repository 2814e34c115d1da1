/*
 * dits checkout - switch and restore, as hands remember it
 */
#include <string.h>

#include "cli/command.h"
#include "cli/revisions.h"
#include "cli/switching.h"

struct checkout_args {
    const char *create;
    const char *force_create;
    bool detach;
    bool force;
    bool share;
    bool outside;
    struct cli_list operands;
    struct cli_list paths;
};

static const struct cli_option options[] = {
    CLI_OPERANDS("BRANCH", struct checkout_args, operands,
                 "a branch or revision to go to, or to take PATH from"),
    CLI_PATHS("PATH", struct checkout_args, paths,
              "restore these, and stay on the branch"),
    CLI_STRING('b', NULL, "NAME", struct checkout_args, create,
               "make the branch NAME and go to it"),
    CLI_STRING('B', NULL, "NAME", struct checkout_args, force_create,
               "the same, also when NAME is there already"),
    CLI_SWITCH(0, "detach", struct checkout_args, detach,
               "go to a commit without a branch"),
    CLI_SWITCH('f', "force", struct checkout_args, force,
               "overwrite local changes; 'dits undo' brings them back"),
    CLI_SWITCH(0, "ignore-other-worktrees", struct checkout_args, share,
               "also to a branch that another work tree is on"),
    CLI_SWITCH(0, "ignore-skip-worktree-bits", struct checkout_args, outside,
               "of PATH: also files that are absent, outside of the sparse "
               "set"),
    CLI_END,
};

static const char help[] =
    "Does what 'dits switch' and 'dits restore' do, under the name that hands\n"
    "remember: 'dits checkout BRANCH' switches, 'dits checkout -b NAME' makes\n"
    "a branch, 'dits checkout -- PATH' takes files from what is staged, and\n"
    "'dits checkout REV -- PATH' from REV, staging them. Files that REV has\n"
    "not stay as they are; 'dits restore --source=REV' removes them. What is\n"
    "both a branch and a file is the branch, where it stands alone.\n";

static dits_error *restore(struct cli *cli, const struct checkout_args *args,
                           const struct revision_args *revisions)
{
    if (revisions->count > 1)
        return cli_usage(cli, "more than one revision");
    if (args->create != NULL || args->force_create != NULL || args->detach)
        return cli_usage(cli,
                         "paths and '-b' or '--detach' exclude each other");
    const struct dits_restore_options wanted = {
        .source = revisions->count > 0 ? revisions->revisions[0] : NULL,
        .staged = revisions->count > 0,
        .worktree = true,
        .keep_others = true,
        .outside = args->outside,
    };
    TRY(dits_restore(cli->repo, &revisions->paths, &wanted));
    return switching_tell_restored(cli);
}

/* Whatever is no branch is gone to without one. */
static dits_error *go(struct cli *cli, const struct checkout_args *args,
                      const char *target)
{
    bool forces = args->force_create != NULL;
    bool is_branch = true;
    const char *create = forces ? args->force_create : args->create;
    if (args->outside)
        return cli_usage(cli, "'--ignore-skip-worktree-bits' needs PATH");
    if (args->create != NULL && forces)
        return cli_usage(cli, "'-b' and '-B' exclude each other");
    if (target == NULL && create == NULL && !args->detach)
        return cli_usage(cli, "BRANCH is missing");
    if (target != NULL && strcmp(target, "-") != 0)
        TRY(switching_is_branch(cli, target, &is_branch));
    const struct dits_switch_options wanted = {
        .target = target,
        .create = create,
        .force_create = forces,
        .detach = create == NULL && (args->detach || !is_branch),
        .discard_changes = args->force,
        .share_branch = args->share,
    };
    return switching_run(cli, &wanted);
}

static dits_error *run(struct cli *cli, const void *data)
{
    const struct checkout_args *args = data;
    struct revision_args revisions = {0};
    bool is_dash = args->operands.count == 1 &&
                   strcmp(args->operands.items[0], "-") == 0;
    if (is_dash)
        return go(cli, args, "-");
    /* As in git, whatever lies there: paths have their '--'. */
    if (args->operands.count == 1 && !args->paths.is_given &&
        revision_is_one(cli, args->operands.items[0]))
        return go(cli, args, args->operands.items[0]);
    TRY(revisions_split(cli, &args->operands, &args->paths, &revisions));
    if (revisions.paths.count > 0)
        return restore(cli, args, &revisions);
    if (revisions.count > 1)
        return cli_usage(cli, "unexpected '%s'", revisions.revisions[1]);
    return go(cli, args, revisions.count > 0 ? revisions.revisions[0] : NULL);
}

const struct cli_command cmd_checkout = {
    .name = "checkout",
    .summary = "go to a branch, or bring files back",
    .help = help,
    .group = CLI_GROUP_GROW,
    .flags = CLI_NEEDS_REPO | CLI_NEEDS_FILES | CLI_CHANGES | CLI_JSON,
    .options = options,
    .args_size = sizeof(struct checkout_args),
    .run = run,
};
