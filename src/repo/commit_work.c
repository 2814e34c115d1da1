#include "repo/commit_work.h"

#include "base/mem.h"
#include "repo/stages.h"

enum { NAMES_MAX = 20 }; /* in the message of a conflict */

bool commit_work_is_copy(const struct unfinished *work)
{
    return (work->kind == UNFINISHED_PICK || work->kind == UNFINISHED_REBASE) &&
           !dits_oid_is_zero(&work->other);
}

/* Whether the next commit is the one that the work is about. */
static bool is_about_commit(const struct unfinished *work)
{
    return work->kind == UNFINISHED_MERGE ||
           (!dits_oid_is_zero(&work->other) && work->kind != UNFINISHED_STASH);
}

dits_error *commit_work_read(dits_repo *repo,
                             const struct dits_commit_options *options,
                             struct unfinished *out)
{
    TRY(unfinished_read(repo, out));
    if (!is_about_commit(out))
        return NULL;
    const char *name = unfinished_name(out->kind);
    if (options->amend)
        return error_hint(
            error_new(DITS_E_CONFLICT, "cannot amend: a %s is not finished",
                      name),
            "Commit it first, or give it up with 'dits %s --abort'.", name);
    if (options->paths.count > 0)
        return error_hint(error_new(DITS_E_CONFLICT,
                                    "cannot commit single paths: a %s is not "
                                    "finished",
                                    name),
                          "Commit all that is staged, without paths.");
    return NULL;
}

static dits_error *name_paths(const struct stage_list *list, struct buf *out)
{
    for (size_t i = 0; i < list->count && i < NAMES_MAX; i++)
        TRY(buf_printf(out, "%s'%s'", i > 0 ? ", " : "", list->items[i].path));
    if (list->count > NAMES_MAX)
        return buf_printf(out, " and %zu more", list->count - NAMES_MAX);
    return NULL;
}

dits_error *commit_work_check(dits_repo *repo, const struct unfinished *work)
{
    CLEANUP(stage_list_release) struct stage_list list = {0};
    CLEANUP(buf_release) struct buf names = {0};
    TRY(stage_list_read(repo, work, &list));
    if (list.count == 0)
        return NULL;
    TRY(name_paths(&list, &names));
    return error_hint(error_new(DITS_E_CONFLICT,
                                "there are conflicts that are not resolved: %s",
                                buf_text(&names)),
                      "Edit the files and 'dits add' them, or choose a side "
                      "with 'dits resolve'.");
}

dits_error *commit_work_end(struct operation *operation,
                            struct unfinished *work)
{
    if (work->kind == UNFINISHED_NONE)
        return NULL;
    TRY(stages_tidy(operation, work));
    bool goes_on = work->kind == UNFINISHED_REBASE || work->step_count > 0;
    if (!goes_on)
        work->kind = UNFINISHED_NONE;
    unfinished_clear_conflicts(work);
    work->other = (struct dits_oid){0};
    mem_free(work->message);
    work->message = NULL;
    return operation_set_unfinished(operation, work);
}
