/*
 * dits switch - go to a branch
 */
#include <dits/refs.h>

#include "cli/command.h"
#include "cli/switching.h"

struct switch_args {
    const char *create;
    const char *force_create;
    const char *orphan;
    bool detach;
    bool force;
    bool share;
    const char *target;
};

static const struct cli_option options[] = {
    CLI_OPTIONAL_OPERAND("BRANCH", struct switch_args, target,
                         "the branch to go to, '-' for the one before; with "
                         "'-c' and '--detach' any revision"),
    CLI_STRING('c', "create", "NAME", struct switch_args, create,
               "make the branch NAME and go to it"),
    CLI_STRING('C', "force-create", "NAME", struct switch_args, force_create,
               "the same, also when NAME is there already"),
    CLI_STRING(0, "orphan", "NAME", struct switch_args, orphan,
               "begin the branch NAME anew: without a commit and without "
               "files"),
    CLI_SWITCH('d', "detach", struct switch_args, detach,
               "go to a commit without a branch"),
    CLI_SWITCH('f', "force", struct switch_args, force,
               "overwrite local changes; 'dits undo' brings them back"),
    CLI_SWITCH(0, "discard-changes", struct switch_args, force, "the same",
               .flags = CLI_HIDDEN),
    CLI_SWITCH(0, "ignore-other-worktrees", struct switch_args, share,
               "also to a branch that another work tree is on"),
    CLI_END,
};

static const char help[] =
    "Makes BRANCH the current one and the work tree what its last commit has.\n"
    "Local changes that are not in the way stay; where they would be lost it\n"
    "stops and names the files.\n";

/* Who names a commit where a branch is wanted is told how to get there. */
static dits_error *explain(struct cli *cli, const char *target, dits_error *err)
{
    struct dits_oid id = {{0}};
    if (dits_error_code(err) != DITS_E_INVALID &&
        dits_error_code(err) != DITS_E_NOT_FOUND)
        return err;
    dits_error *unknown =
        dits_revision_resolve(cli->repo, target, DITS_REVISION_COMMIT, &id);
    bool is_commit = unknown == NULL;
    dits_error_free(unknown); /* the question was only whether it is one */
    return is_commit
               ? error_hint(err, "To go to the commit itself, use '--detach'.")
               : err;
}

static dits_error *run(struct cli *cli, const void *data)
{
    const struct switch_args *args = data;
    bool forces = args->force_create != NULL;
    bool begins = args->orphan != NULL;
    const char *create = begins   ? args->orphan
                         : forces ? args->force_create
                                  : args->create;
    if ((args->create != NULL) + forces + begins + args->detach > 1)
        return cli_usage(cli, "'-c', '-C', '--orphan' and '--detach' exclude "
                              "each other");
    if (begins && args->target != NULL)
        return cli_usage(cli, "'--orphan' begins nowhere: it takes no BRANCH");
    if (create == NULL && args->target == NULL && !args->detach)
        return cli_usage(cli, "BRANCH is missing");

    const struct dits_switch_options wanted = {
        .target = args->target,
        .create = create,
        .force_create = forces,
        .orphan = begins,
        .detach = args->detach,
        .discard_changes = args->force,
        .share_branch = args->share,
    };
    dits_error *err = switching_run(cli, &wanted);
    bool wants_branch = create == NULL && !args->detach;
    return err != NULL && wants_branch ? explain(cli, args->target, err) : err;
}

const struct cli_command cmd_switch = {
    .name = "switch",
    .summary = "go to a branch",
    .help = help,
    .group = CLI_GROUP_GROW,
    .flags = CLI_NEEDS_REPO | CLI_NEEDS_FILES | CLI_CHANGES | CLI_JSON,
    .options = options,
    .args_size = sizeof(struct switch_args),
    .run = run,
};
