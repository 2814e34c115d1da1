#include <dits/refs.h>
#include <dits/worktree.h>

#include <string.h>

#include "repo/head_tree.h"
#include "repo/index.h"
#include "repo/operation.h"
#include "repo/stages.h"
#include "repo/switch_files.h"

static const char *target_of(const struct dits_reset_options *options)
{
    return options->target != NULL ? options->target : "HEAD";
}

/* HEAD has a meaning also before the first commit: nothing. */
static dits_error *find_target(dits_repo *repo, const char *target,
                               const struct refs_head *head,
                               struct dits_oid *out)
{
    *out = head->commit;
    if (strcmp(target, "HEAD") == 0)
        return NULL;
    return dits_revision_resolve(repo, target, DITS_REVISION_COMMIT, out);
}

static dits_error *reset_index(dits_repo *repo, struct operation *operation,
                               const struct dits_oid *commit)
{
    struct dits_oid tree = {0};
    TRY(head_tree_of(repo, commit, &tree));
    return index_read_tree(operation_index(operation), &tree);
}

static dits_error *reset_files(dits_repo *repo, struct operation *operation,
                               const struct unfinished *work,
                               struct dits_reset_result *result)
{
    CLEANUP(change_list_release) struct change_list leftovers = {0};
    const struct switch_files_options how = {
        .task = "resetting",
        .discard = true,
        .also = &leftovers,
    };
    struct dits_oid tree = {0};
    struct dits_switch_result done = {
        .before = result->before,
        .after = result->after,
    };
    TRY(head_tree_of(repo, &result->after, &tree));
    TRY(stages_leftovers(operation, work, &tree, &leftovers));
    TRY(switch_files(repo, operation, &how, &done));
    result->files_written = done.files_written;
    result->files_removed = done.files_removed;
    return NULL;
}

static dits_error *move_head(struct operation *operation, const char *target,
                             const struct dits_oid *commit)
{
    CLEANUP(buf_release) struct buf message = {0};
    TRY(buf_printf(&message, "reset: moving to %s", target));
    return operation_advance(operation, commit, buf_text(&message));
}

/*
 * As in git: what is merged or picked is given up with its conflicts; a row of
 * commits to pick or rebase goes on.
 */
static dits_error *reset_work(struct operation *operation,
                              struct unfinished *work)
{
    if (work->kind == UNFINISHED_NONE)
        return NULL;
    unfinished_clear_conflicts(work);
    if (work->kind != UNFINISHED_REBASE && work->step_count == 0)
        work->kind = UNFINISHED_NONE;
    return operation_set_unfinished(operation, work);
}

static dits_error *refuse_soft(const struct unfinished *work)
{
    if (work->kind == UNFINISHED_MERGE || unfinished_has_conflicts(work))
        return error_hint(error_new(DITS_E_CONFLICT,
                                    "cannot reset HEAD alone: a %s is not "
                                    "finished",
                                    unfinished_name(work->kind)),
                          "Use --mixed or --hard, which end it.");
    return NULL;
}

/* All but HEAD. */
static dits_error *reset_to(dits_repo *repo, struct operation *operation,
                            enum dits_reset_mode mode, struct unfinished *work,
                            struct dits_reset_result *result)
{
    if (mode == DITS_RESET_SOFT)
        return refuse_soft(work);
    if (mode == DITS_RESET_HARD)
        TRY(reset_files(repo, operation, work, result));
    else
        TRY(reset_index(repo, operation, &result->after));
    return reset_work(operation, work);
}

dits_error *dits_reset(dits_repo *repo,
                       const struct dits_reset_options *options,
                       struct dits_reset_result *out)
{
    static const struct dits_reset_options defaults = {0};
    CLEANUP(operation_freep) struct operation *operation = NULL;
    CLEANUP(unfinished_release) struct unfinished work = {0};
    struct dits_reset_result result = {0};
    if (options == NULL)
        options = &defaults;
    const char *target = target_of(options);
    TRY(operation_begin(repo, "reset", &operation));
    const struct refs_head *head = operation_head(operation);
    result.before = head->commit;
    TRY(find_target(repo, target, head, &result.after));
    TRY(unfinished_read(repo, &work));
    TRY(reset_to(repo, operation, options->mode, &work, &result));
    TRY(move_head(operation, target, &result.after));
    TRY(operation_commit(operation));
    *out = result;
    return NULL;
}
