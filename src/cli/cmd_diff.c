/*
 * dits diff - show what differs
 */
#include <dits/diff.h>
#include <dits/refs.h>

#include "base/text.h"
#include "cli/command.h"
#include "cli/diff_text.h"
#include "cli/revisions.h"
#include "cli/terminal.h"

struct diff_args {
    bool staged;
    bool stat;
    bool name_status;
    bool name_only;
    bool patch;
    bool nul;
    bool no_renames;
    bool exit_code;
    struct cli_number context;
    struct cli_list operands;
    struct cli_list paths;
};

static const struct cli_option options[] = {
    CLI_OPERANDS("REV", struct diff_args, operands,
                 "none, one or two revisions, or a range A..B"),
    CLI_PATHS("PATH", struct diff_args, paths, "compare only these"),
    CLI_SWITCH(0, "staged", struct diff_args, staged,
               "what is staged, against HEAD or REV"),
    CLI_SWITCH(0, "cached", struct diff_args, staged, "the same",
               .flags = CLI_HIDDEN),
    CLI_SWITCH(0, "stat", struct diff_args, stat,
               "a table of how much changed in each file"),
    CLI_SWITCH(0, "name-status", struct diff_args, name_status,
               "only the names, and A M D R or T for each"),
    CLI_SWITCH(0, "name-only", struct diff_args, name_only, "only the names"),
    CLI_SWITCH('p', "patch", struct diff_args, patch,
               "the differences in full, the default, also beside '--stat'"),
    CLI_NUMBER('U', "unified", "NUM", struct diff_args, context,
               "show NUM lines around each change instead of 3"),
    CLI_SWITCH('z', NULL, struct diff_args, nul,
               "names as they are, each ending in NUL"),
    CLI_SWITCH(0, "no-renames", struct diff_args, no_renames,
               "show a rename as a removal and an addition"),
    CLI_SWITCH(0, "exit-code", struct diff_args, exit_code,
               "exit with 1 when there are differences; '-q' does the same "
               "and prints nothing"),
    CLI_END,
};

static const char help[] =
    "Without REV, compares what is staged with the work tree. With one, REV\n"
    "with the work tree. With two, or with A..B, the two with each other; "
    "with\n"
    "A...B, B with where it parted from A, and with REV^!, REV with its "
    "parent.\n"
    "\n"
    "Text is compared by lines, in the form that 'git apply' and 'patch'\n"
    "read. Of media and other binary files it shows the sizes, which part of\n"
    "the content is new to the store, and where in the file it lies.\n";

static dits_error *set_sides(struct cli *cli, const struct diff_args *args,
                             const struct revision_args *revisions,
                             struct dits_diff_options *out)
{
    if (revisions->count > 2)
        return cli_usage(cli, "more than two revisions");
    if (args->staged && revisions->count > 1)
        return cli_usage(cli, "'--staged' compares with one revision");
    if (revisions->count > 0) {
        out->from = (struct dits_diff_side){
            .kind = DITS_DIFF_REVISION, .revision = revisions->revisions[0]};
        out->to = (struct dits_diff_side){.kind = DITS_DIFF_WORKTREE};
    } else {
        out->from = (struct dits_diff_side){.kind = DITS_DIFF_STAGED};
        out->to = (struct dits_diff_side){.kind = DITS_DIFF_WORKTREE};
    }
    if (revisions->count == 2)
        out->to = (struct dits_diff_side){.kind = DITS_DIFF_REVISION,
                                          .revision = revisions->revisions[1]};
    if (!args->staged)
        return NULL;

    out->to = (struct dits_diff_side){.kind = DITS_DIFF_STAGED};
    if (revisions->count > 0)
        return NULL;
    struct dits_head head = {0};
    TRY(dits_head_get(cli->repo, &head));
    bool is_new = dits_oid_is_zero(&head.commit);
    dits_head_release(&head);
    out->from = (struct dits_diff_side){.kind = is_new ? DITS_DIFF_EMPTY
                                                       : DITS_DIFF_REVISION};
    return NULL;
}

static void diff_freep(dits_diff **diff)
{
    dits_diff_free(*diff);
}

static dits_error *show(struct cli *cli, const struct diff_args *args,
                        const struct dits_diff_options *wanted)
{
    CLEANUP(diff_freep) dits_diff *diff = NULL;
    bool is_short = args->stat || args->name_status || args->name_only;
    const struct diff_style style = {
        .stat = args->stat,
        .name_status = args->name_status,
        .name_only = args->name_only,
        .patch = args->patch || !is_short,
        .nul = args->nul,
        .context_lines = args->context.is_given ? (unsigned)args->context.value
                                                : 3,
        .columns = cli->is_terminal ? terminal_width(stdout) : 80,
    };
    TRY(dits_diff_new(cli->repo, wanted, &diff));
    if ((args->exit_code || cli->quiet) && dits_diff_count(diff) > 0)
        cli->status = CLI_FAILED;
    return cli->quiet ? NULL : diff_text_print(cli, diff, &style, cli->out);
}

static dits_error *run(struct cli *cli, const void *data)
{
    const struct diff_args *args = data;
    struct revision_args revisions = {0};
    struct dits_diff_options wanted = {.no_renames = args->no_renames};
    CLEANUP(text_free) char *from = NULL;
    CLEANUP(text_free) char *to = NULL;
    const char *ends[2] = {NULL, NULL};
    if (args->context.value > 1000000)
        return cli_usage(cli, "'-U' takes at most 1000000 lines");
    if (args->nul && !args->name_status && !args->name_only)
        return cli_usage(cli, "'-z' needs '--name-only' or '--name-status'");
    TRY(revisions_split(cli, &args->operands, &args->paths, &revisions));
    if (revisions.count == 1)
        TRY(revision_range(cli, revisions.revisions[0], &from, &to));
    if (from != NULL) {
        ends[0] = from;
        ends[1] = to;
        revisions.revisions = ends;
        revisions.count = 2;
    }
    wanted.paths = revisions.paths;
    TRY(set_sides(cli, args, &revisions, &wanted));
    return show(cli, args, &wanted);
}

const struct cli_command cmd_diff = {
    .name = "diff",
    .summary = "show what differs between two states",
    .help = help,
    .group = CLI_GROUP_LOOK,
    .flags = CLI_NEEDS_REPO | CLI_PAGED | CLI_JSON,
    .options = options,
    .args_size = sizeof(struct diff_args),
    .run = run,
};
