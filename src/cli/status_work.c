/*
 * What the long form of `status` says of a merge, or other work, that is not
 * finished.
 */
#include <inttypes.h>

#include "cli/color.h"
#include "cli/command.h"
#include "cli/ids.h"
#include "cli/status.h"

static void print_line(const struct status_style *style, FILE *out,
                       const char *text)
{
    fprintf(out, "%s%s\n", style->prefix, text);
}

static void print_hint(const struct status_style *style, FILE *out,
                       const char *text)
{
    if (style->hints)
        fprintf(out, "%s  (%s)\n", style->prefix, text);
}

static void print_merge(const struct status *status,
                        const struct status_style *style, FILE *out)
{
    if (status->work.conflicts > 0) {
        print_line(style, out, "You have unmerged paths.");
        print_hint(style, out, "fix conflicts and run \"dits commit\"");
        print_hint(style, out, "use \"dits merge --abort\" to abort the merge");
        return;
    }
    print_line(style, out, "All conflicts fixed but you are still merging.");
    print_hint(style, out, "use \"dits commit\" to conclude merge");
}

static dits_error *print_step(const struct cli *cli,
                              const struct status *status,
                              const struct status_style *style, FILE *out)
{
    bool picks = status->work.kind == DITS_WORK_PICK;
    const char *name = picks ? "cherry-pick" : "revert";
    char id[DITS_OID_HEX_SIZE] = {0};
    if (dits_oid_is_zero(&status->work.other)) {
        fprintf(out, "%s%s currently in progress.\n", style->prefix,
                picks ? "Cherry-pick" : "Revert");
    } else {
        TRY(id_short(cli, &status->work.other, id));
        fprintf(out, "%sYou are currently %s commit %s.\n", style->prefix,
                picks ? "cherry-picking" : "reverting", id);
    }
    if (!style->hints)
        return NULL;
    if (status->work.conflicts > 0)
        fprintf(out, "%s  (fix conflicts and run \"dits %s --continue\")\n",
                style->prefix, name);
    else
        fprintf(out, "%s  (run \"dits %s --continue\" to go on)\n",
                style->prefix, name);
    fprintf(out, "%s  (use \"dits %s --skip\" to skip this commit)\n",
            style->prefix, name);
    fprintf(out, "%s  (use \"dits %s --abort\" to cancel the %s operation)\n",
            style->prefix, name, name);
    return NULL;
}

static dits_error *print_rebase(const struct cli *cli,
                                const struct status *status,
                                const struct status_style *style, FILE *out)
{
    char onto[DITS_OID_HEX_SIZE] = {0};
    TRY(id_short(cli, &status->work.onto, onto));
    if (status->work.branch != NULL)
        fprintf(out, "%sYou are currently rebasing branch '%s' on '%s'.\n",
                style->prefix, status->work.branch, onto);
    else
        fprintf(out, "%sYou are currently rebasing onto '%s'.\n", style->prefix,
                onto);
    if (status->work.conflicts > 0)
        print_hint(style, out,
                   "fix conflicts and then run \"dits rebase --continue\"");
    else
        print_hint(style, out,
                   "all conflicts fixed: run \"dits rebase --continue\"");
    print_hint(style, out, "use \"dits rebase --skip\" to skip this commit");
    print_hint(style, out,
               "use \"dits rebase --abort\" to check out the original branch");
    return NULL;
}

dits_error *status_print_work(const struct cli *cli,
                              const struct status *status,
                              const struct status_style *style, FILE *out)
{
    switch (status->work.kind) {
    case DITS_WORK_NONE:
    case DITS_WORK_SQUASH:
    case DITS_WORK_STASH:
        if (status->work.conflicts == 0)
            return NULL;
        print_line(style, out, "You have unmerged paths.");
        print_hint(style, out,
                   "fix conflicts and stage them, or choose a side "
                   "with \"dits resolve\"");
        break;
    case DITS_WORK_MERGE:
        print_merge(status, style, out);
        break;
    case DITS_WORK_PICK:
    case DITS_WORK_REVERT:
        TRY(print_step(cli, status, style, out));
        break;
    case DITS_WORK_REBASE:
        TRY(print_rebase(cli, status, style, out));
        break;
    }
    fprintf(out, "%s\n", style->prefix[0] != '\0' ? "#" : "");
    return NULL;
}

static const char *label(enum dits_conflict_state state)
{
    static const char *const labels[] = {
        [DITS_NO_CONFLICT] = "",
        [DITS_BOTH_DELETED] = "both deleted:    ",
        [DITS_ADDED_BY_US] = "added by us:     ",
        [DITS_DELETED_BY_THEM] = "deleted by them: ",
        [DITS_ADDED_BY_THEM] = "added by them:   ",
        [DITS_DELETED_BY_US] = "deleted by us:   ",
        [DITS_BOTH_ADDED] = "both added:      ",
        [DITS_BOTH_MODIFIED] = "both modified:   ",
    };
    return labels[state];
}

/* Both sides of what has no markers lie beside it. */
struct beside {
    const struct cli *cli;
    const struct status_style *style;
    FILE *out;
};

static dits_error *print_beside(const struct dits_conflict *conflict,
                                void *payload)
{
    const struct beside *beside = payload;
    CLEANUP(buf_release) struct buf line = {0};
    if (conflict->ours_file == NULL || conflict->theirs_file == NULL)
        return NULL;
    TRY(status_put_path(beside->cli, conflict->ours_file, &line));
    TRY(buf_put_text(&line, " and "));
    TRY(status_put_path(beside->cli, conflict->theirs_file, &line));
    fprintf(beside->out, "%s\t%s\n",
            beside->style->prefix[0] != '\0' ? "#" : "", buf_text(&line));
    return NULL;
}

static dits_error *count_beside(const struct dits_conflict *conflict,
                                void *payload)
{
    size_t *count = payload;
    *count += conflict->ours_file != NULL && conflict->theirs_file != NULL;
    return NULL;
}

static dits_error *list_beside(const struct cli *cli,
                               const struct status_style *style, FILE *out)
{
    struct beside beside = {.cli = cli, .style = style, .out = out};
    size_t count = 0;
    TRY(dits_conflict_each(cli->repo, count_beside, &count));
    if (count == 0)
        return NULL;
    print_line(style, out, "Both sides of conflicts, to look at:");
    TRY(dits_conflict_each(cli->repo, print_beside, &beside));
    fprintf(out, "%s\n", style->prefix[0] != '\0' ? "#" : "");
    return NULL;
}

dits_error *status_print_conflicts(const struct cli *cli,
                                   const struct status *status,
                                   const struct status_style *style, FILE *out)
{
    if (status->work.conflicts == 0)
        return NULL;
    print_line(style, out, "Unmerged paths:");
    print_hint(style, out, "use \"dits add <file>...\" to mark resolution");
    print_hint(style, out,
               "use \"dits resolve --ours|--theirs|--both <file>...\" to "
               "choose a side");
    for (size_t i = 0; i < status->count; i++) {
        CLEANUP(buf_release) struct buf path = {0};
        const struct status_item *item = &status->items[i];
        if (item->conflict == DITS_NO_CONFLICT)
            continue;
        TRY(status_put_path(cli, item->path, &path));
        fprintf(out, "%s\t%s%s%s%s\n", style->prefix[0] != '\0' ? "#" : "",
                color(cli, COLOR_RED), label(item->conflict), buf_text(&path),
                color(cli, COLOR_RESET));
    }
    fprintf(out, "%s\n", style->prefix[0] != '\0' ? "#" : "");
    return list_beside(cli, style, out);
}
