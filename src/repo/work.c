/* Unfinished work as callers of the library see it, and giving it up. */
#include <dits/merge.h>

#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "repo/autostash.h"
#include "repo/head_tree.h"
#include "repo/ref_name.h"
#include "repo/stages.h"
#include "repo/switch_files.h"

static dits_error *fill(dits_repo *repo, const struct unfinished *work,
                        struct dits_work *out)
{
    CLEANUP(stage_list_release) struct stage_list list = {0};
    TRY(stage_list_read(repo, work, &list));
    out->kind = (enum dits_work_kind)work->kind;
    out->start = work->start;
    out->other = work->other;
    out->onto = work->onto;
    out->steps_left = work->step_count;
    out->conflicts = list.count;
    TRY(text_copy_optional(work->message, &out->message));
    if (work->branch != NULL)
        TRY(text_copy(ref_name_short(work->branch), &out->branch));
    return NULL;
}

void dits_work_release(struct dits_work *work)
{
    mem_free(work->branch);
    mem_free(work->message);
    *work = (struct dits_work){0};
}

dits_error *dits_work_get(dits_repo *repo, struct dits_work *out)
{
    CLEANUP(unfinished_release) struct unfinished work = {0};
    CLEANUP(dits_work_release) struct dits_work result = {0};
    TRY(unfinished_read(repo, &work));
    if (work.kind != UNFINISHED_NONE)
        TRY(fill(repo, &work, &result));
    *out = MOVE(result);
    return NULL;
}

static dits_error *tell_conflict(dits_repo *repo, const struct unfinished *work,
                                 const struct stage_path *item,
                                 dits_conflict_fn *fn, void *payload)
{
    CLEANUP(text_free) char *ours_file = NULL;
    CLEANUP(text_free) char *theirs_file = NULL;
    struct change_side side = {0};
    TRY(stages_find_beside(repo, work, item->path, "ours", &side, &ours_file));
    TRY(stages_find_beside(repo, work, item->path, "theirs", &side,
                           &theirs_file));
    struct dits_conflict conflict = {
        .path = item->path,
        .base = item->sides[STAGE_BASE].id,
        .ours = item->sides[STAGE_OURS].id,
        .theirs = item->sides[STAGE_THEIRS].id,
        .ours_file = ours_file,
        .theirs_file = theirs_file,
    };
    return fn(&conflict, payload);
}

dits_error *dits_conflict_each(dits_repo *repo, dits_conflict_fn *fn,
                               void *payload)
{
    CLEANUP(unfinished_release) struct unfinished work = {0};
    CLEANUP(stage_list_release) struct stage_list list = {0};
    TRY(unfinished_read(repo, &work));
    TRY(stage_list_read(repo, &work, &list));
    for (size_t i = 0; i < list.count; i++)
        TRY(tell_conflict(repo, &work, &list.items[i], fn, payload));
    return NULL;
}

/* HEAD, and the branch that a rebase took it from, as they were. */
static dits_error *move_back(struct operation *operation,
                             const struct unfinished *work)
{
    CLEANUP(buf_release) struct buf message = {0};
    const char *name = unfinished_name(work->kind);
    TRY(buf_printf(&message, "%s (abort)", name));
    if (work->kind == UNFINISHED_REBASE)
        return operation_set_head(operation, work->branch, &work->start,
                                  buf_text(&message));
    return operation_advance(operation, &work->start, buf_text(&message));
}

static dits_error *give_up(dits_repo *repo, struct operation *operation,
                           const struct unfinished *work)
{
    CLEANUP(change_list_release) struct change_list leftovers = {0};
    const struct switch_files_options how = {
        .task = "giving up",
        .discard = true,
        .keep_edits = true,
        .also = &leftovers,
    };
    struct dits_switch_result files = {
        .before = operation_head(operation)->commit,
        .after = work->start,
    };
    struct unfinished after = {.ref = work->ref};
    struct dits_oid tree = {0};
    TRY(head_tree_of(repo, &work->start, &tree));
    TRY(stages_marked(operation, work, &tree, &leftovers));
    TRY(stages_leftovers(operation, work, &tree, &leftovers));
    TRY(switch_files(repo, operation, &how, &files));
    TRY(move_back(operation, work));
    return operation_set_unfinished(operation, &after);
}

static dits_error *read_work(dits_repo *repo, enum dits_work_kind kind,
                             struct unfinished *out)
{
    TRY(unfinished_read(repo, out));
    bool is_squash = out->kind == UNFINISHED_SQUASH && kind == DITS_WORK_MERGE;
    bool is_same = out->kind != UNFINISHED_NONE && (int)out->kind == (int)kind;
    if (is_same || is_squash)
        return NULL;
    return error_hint(error_new(DITS_E_NOT_FOUND, "there is no %s to give up",
                                unfinished_name((enum unfinished_kind)kind)),
                      "See 'dits status'.");
}

dits_error *dits_abort(dits_repo *repo, enum dits_work_kind kind)
{
    CLEANUP(operation_freep) struct operation *operation = NULL;
    CLEANUP(unfinished_release) struct unfinished work = {0};
    TRY(operation_begin(repo, "abort", &operation));
    TRY(read_work(repo, kind, &work));
    TRY(give_up(repo, operation, &work));
    TRY(autostash_list(operation, &work));
    TRY(operation_commit(operation));
    return autostash_pop(repo, &operation, &work.autostash);
}

/* Conflicts that are left over are like those of a stash: no commit ends them.
 */
static void keep_conflicts(struct unfinished *work)
{
    struct unfinished kept = {
        .kind = unfinished_has_conflicts(work) ? UNFINISHED_STASH
                                               : UNFINISHED_NONE,
        .ref = work->ref,
        .start = work->start,
        .beside = work->beside,
    };
    memcpy(kept.stages, work->stages, sizeof(kept.stages));
    unfinished_release(work);
    *work = kept;
}

dits_error *dits_quit(dits_repo *repo, enum dits_work_kind kind)
{
    CLEANUP(operation_freep) struct operation *operation = NULL;
    CLEANUP(unfinished_release) struct unfinished work = {0};
    TRY(operation_begin(repo, "quit", &operation));
    TRY(read_work(repo, kind, &work));
    TRY(autostash_list(operation, &work));
    keep_conflicts(&work);
    TRY(operation_set_unfinished(operation, &work));
    return operation_commit(operation);
}
