/* Going on with a row of commits that stopped. */
#include <dits/replay.h>

#include "base/mem.h"
#include "repo/commit_work.h"
#include "repo/commit_write.h"
#include "repo/head_tree.h"
#include "repo/index.h"
#include "repo/merge_files.h"
#include "repo/replay.h"
#include "repo/stages.h"
#include "repo/switch_files.h"

static dits_error *no_such_work(enum dits_work_kind kind)
{
    return error_hint(error_new(DITS_E_NOT_FOUND,
                                "there is no %s to go on with",
                                unfinished_name((enum unfinished_kind)kind)),
                      "See 'dits status'.");
}

/* Files and index as HEAD has them; the commit is not applied. */
static dits_error *give_up_step(dits_repo *repo, enum dits_work_kind kind)
{
    CLEANUP(operation_freep) struct operation *operation = NULL;
    CLEANUP(unfinished_release) struct unfinished work = {0};
    CLEANUP(change_list_release) struct change_list leftovers = {0};
    const struct switch_files_options how = {
        .task = "skipping",
        .discard = true,
        .keep_edits = true,
        .also = &leftovers,
    };
    struct dits_switch_result files = {0};
    struct dits_oid tree = {0};
    TRY(operation_begin(repo, "skip", &operation));
    TRY(unfinished_read(repo, &work));
    if ((int)work.kind != (int)kind)
        return no_such_work(kind);
    files.before = operation_head(operation)->commit;
    files.after = files.before;
    TRY(head_tree_of(repo, &files.after, &tree));
    TRY(stages_marked(operation, &work, &tree, &leftovers));
    TRY(stages_leftovers(operation, &work, &tree, &leftovers));
    TRY(switch_files(repo, operation, &how, &files));
    unfinished_clear_conflicts(&work);
    work.other = (struct dits_oid){0};
    TRY(operation_set_unfinished(operation, &work));
    return operation_commit(operation);
}

static dits_error *nothing_new(const struct unfinished *work)
{
    const char *name = unfinished_name(work->kind);
    return error_hint(
        error_new(DITS_E_CONFLICT, "the %s has nothing to commit", name),
        "Leave the commit out with 'dits %s --skip', or make an "
        "empty one with 'dits commit --allow-empty'.",
        name);
}

static dits_error *commit_staged(struct replay *replay,
                                 const struct dits_oid *tree)
{
    CLEANUP(commit_release) struct commit applied = {0};
    struct unfinished *work = &replay->work;
    struct dits_oid made = {0};
    TRY(commit_load(replay->repo->store, &work->other, &applied));
    const struct commit_draft draft = {
        .tree = tree,
        .parents = &replay->tip,
        .parent_count = 1,
        .author = commit_work_is_copy(work) ? &applied.author : NULL,
        .message = work->message,
    };
    TRY(commit_write(replay->operation, &draft, &made));
    TRY(store_writer_commit(operation_writer(replay->operation)));
    replay->tip = made;
    return replay_note(replay, &work->other, &made);
}

/* What it stopped at is what is staged now. */
static dits_error *end_step(struct replay *replay)
{
    static const struct dits_oid none = {0};
    struct unfinished *work = &replay->work;
    struct dits_oid staged = {0};
    TRY(index_write_tree(operation_index(replay->operation),
                         operation_writer(replay->operation), &staged));
    bool is_new = !dits_oid_equal(&staged, &replay->tree);
    if (!dits_oid_is_zero(&work->other)) {
        if (is_new)
            TRY(commit_staged(replay, &staged));
        else if (work->kind == UNFINISHED_REBASE)
            TRY(replay_note(replay, &work->other, &none));
        else
            return nothing_new(work);
    } else {
        TRY(merge_check_staged(replay->operation, &replay->tree,
                               unfinished_name(work->kind)));
    }
    replay->from = staged;
    replay->tree = staged;
    TRY(stages_copies(replay->operation, work, &replay->copies));
    unfinished_clear_conflicts(work);
    work->other = none;
    mem_free(work->message);
    work->message = NULL;
    return NULL;
}

dits_error *dits_replay_continue(dits_repo *repo, enum dits_work_kind kind,
                                 bool skip, const struct dits_replay_how *how,
                                 struct dits_replay_result *out)
{
    static const struct dits_replay_how defaults = {0};
    CLEANUP(replay_release)
    struct replay replay = {.how = how != NULL ? *how : defaults};
    if (skip)
        TRY(give_up_step(repo, kind));
    TRY(replay_begin(&replay, repo,
                     unfinished_name((enum unfinished_kind)kind)));
    TRY(unfinished_read(repo, &replay.work));
    if ((int)replay.work.kind != (int)kind)
        return no_such_work(kind);
    TRY(commit_work_check(repo, &replay.work));
    TRY(end_step(&replay));
    return replay_run(&replay, out);
}
