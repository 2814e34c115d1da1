#include "repo/replay.h"

#include <string.h>

#include "base/array.h"
#include "base/mem.h"
#include "base/text.h"
#include "repo/autostash.h"
#include "repo/checkout.h"
#include "repo/commit_write.h"
#include "repo/head_tree.h"
#include "repo/index.h"
#include "repo/merge_files.h"
#include "repo/message.h"
#include "repo/shallow.h"
#include "repo/stages.h"

void replay_release(struct replay *replay)
{
    operation_free(replay->operation);
    unfinished_release(&replay->work);
    change_list_release(&replay->copies);
    mem_free(replay->events);
}

dits_error *replay_begin(struct replay *replay, dits_repo *repo,
                         const char *kind)
{
    replay->repo = repo;
    TRY(operation_begin(repo, kind, &replay->operation));
    replay->tip = operation_head(replay->operation)->commit;
    replay->result.before = replay->tip;
    if (dits_oid_is_zero(&replay->tip))
        return error_hint(error_new(DITS_E_INVALID,
                                    "cannot %s: there is no commit here yet",
                                    kind),
                          "Make the first one with 'dits commit'.");
    TRY(head_tree_of(repo, &replay->tip, &replay->tree));
    replay->from = replay->tree;
    return NULL;
}

dits_error *replay_add_step(struct replay *replay,
                            const struct dits_oid *commit)
{
    struct unfinished *work = &replay->work;
    struct dits_oid *steps = mem_resize(work->steps, work->step_count,
                                        work->step_count + 1, sizeof(*steps));
    if (steps == NULL)
        return error_nomem();
    work->steps = steps;
    work->steps[work->step_count++] = *commit;
    return NULL;
}

dits_error *replay_note(struct replay *replay, const struct dits_oid *from,
                        const struct dits_oid *made)
{
    struct dits_replay_event *events =
        array_grown(replay->events, replay->event_count,
                    &replay->event_capacity, sizeof(*events));
    if (events == NULL)
        return error_nomem();
    replay->events = events;
    replay->events[replay->event_count++] =
        (struct dits_replay_event){.from = *from, .made = *made};
    bool is_dropped = dits_oid_is_zero(made);
    replay->result.dropped += is_dropped;
    replay->result.commits += !is_dropped;
    return NULL;
}

/* One commit on its way. */
struct step {
    struct dits_oid id;
    struct commit commit;
    struct dits_oid parent; /* zero: a root */
    struct dits_oid trees[STAGE_COUNT];
    char *message;
    char *label; /* "1a2b3c4 (first cut)" */
    char *parent_label;
};

static void release_step(struct step *step)
{
    commit_release(&step->commit);
    mem_free(step->message);
    mem_free(step->label);
    mem_free(step->parent_label);
}

/* Which parent's difference to the commit is meant. */
static dits_error *find_parent(const struct replay *replay, struct step *step)
{
    size_t count = step->commit.parent_count;
    size_t mainline = replay->work.mainline;
    char hex[OID_HEX_SIZE] = "";
    dits_oid_hex(&step->id, hex);
    if (count > 1 && mainline == 0)
        return error_hint(
            error_new(DITS_E_INVALID, "commit %.7s is a merge", hex),
            "Say with -m which parent it shall be compared "
            "with: 1 is the branch that was merged into.");
    if (mainline > count && count > 0)
        return error_new(DITS_E_INVALID, "commit %.7s has no parent %zu", hex,
                         mainline);
    if (count > 0)
        step->parent = step->commit.parents[mainline > 0 ? mainline - 1 : 0];
    return NULL;
}

/* What conflict markers call it and its parent. */
static dits_error *name_step(struct step *step)
{
    CLEANUP(buf_release) struct buf label = {0};
    CLEANUP(buf_release) struct buf parent = {0};
    char hex[OID_HEX_SIZE] = "";
    dits_oid_hex(&step->id, hex);
    TRY(buf_printf(&label, "%.7s (", hex));
    TRY(message_subject(step->commit.message, &label));
    TRY(buf_put_text(&label, ")"));
    TRY(buf_printf(&parent, "parent of %s", buf_text(&label)));
    TRY(buf_take_text(&label, &step->label));
    return buf_take_text(&parent, &step->parent_label);
}

/* What it changed cannot be told: to take it for a root would add all files. */
static dits_error *refuse_cut(const struct step *step)
{
    char hex[OID_HEX_SIZE] = "";
    if (step->commit.cut_parents == 0)
        return NULL;
    dits_oid_hex(&step->id, hex);
    return error_hint(error_new(DITS_E_CONFLICT,
                                "what commit %.7s changed is not known: its "
                                "parents are not here",
                                hex),
                      "%s", shallow_hint);
}

static dits_error *load_step(struct replay *replay, const struct dits_oid *id,
                             struct step *step)
{
    bool reverts = replay->work.kind == UNFINISHED_REVERT;
    struct dits_oid before = {0};
    step->id = *id;
    TRY(shallow_load(replay->repo, id, &step->commit));
    TRY(refuse_cut(step));
    TRY(find_parent(replay, step));
    TRY(head_tree_of(replay->repo, &step->parent, &before));
    step->trees[STAGE_BASE] = reverts ? step->commit.tree : before;
    step->trees[STAGE_OURS] = replay->tree;
    step->trees[STAGE_THEIRS] = reverts ? before : step->commit.tree;
    TRY(name_step(step));
    return replay_message(&replay->work, id, &step->commit, &step->message);
}

static struct merge_files_options merge_options(const struct replay *replay,
                                                const struct step *step)
{
    bool reverts = replay->work.kind == UNFINISHED_REVERT;
    return (struct merge_files_options){
        .task = unfinished_name(replay->work.kind),
        .labels = {reverts ? step->label : step->parent_label, "HEAD",
                   reverts ? step->parent_label : step->label},
        .style = replay->how.style,
        .favor = replay->how.favor,
        .from = &replay->from,
        .gone = &replay->copies,
        .on_path = replay->how.on_path,
        .payload = replay->how.payload,
    };
}

/* The steps before `at` are done; `step` is what it stops at. */
static dits_error *keep_rest(struct replay *replay, size_t at,
                             struct step *step)
{
    struct unfinished *work = &replay->work;
    size_t left = work->step_count - at - 1;
    memmove(work->steps, work->steps + at + 1, left * sizeof(*work->steps));
    work->step_count = left;
    work->other = step->id;
    mem_free(work->message);
    work->message = MOVE(step->message);
    replay->result.stopped_at = step->id;
    return NULL;
}

/* Without commits there is nothing to go on with: its conflicts are all. */
static dits_error *end_without_commit(struct replay *replay,
                                      const struct step *step)
{
    struct unfinished *work = &replay->work;
    if (work->step_count > 0)
        return error_hint(error_new(DITS_E_CONFLICT,
                                    "commit %s has conflicts, and others are "
                                    "to come after it",
                                    step->label),
                          "Apply them one by one, or without '-n'.");
    work->kind = UNFINISHED_STASH;
    work->other = (struct dits_oid){0};
    return NULL;
}

static dits_error *stop_at_conflict(struct replay *replay, size_t at,
                                    struct step *step)
{
    const struct merge_files_options how = merge_options(replay, step);
    struct merge_files_result merged = {0};
    TRY(merge_files(replay->operation, step->trees, &how, &merged));
    TRY(keep_rest(replay, at, step));
    if (replay->work.no_commit)
        TRY(end_without_commit(replay, step));
    memcpy(replay->work.stages, merged.stages, sizeof(merged.stages));
    replay->work.beside = merged.beside;
    replay->result.conflicts = merged.conflicts;
    replay->result.outcome = DITS_REPLAY_CONFLICTS;
    replay->from = merged.tree;
    replay->tree = merged.tree;
    change_list_release(&replay->copies);
    return NULL;
}

static dits_error *commit_step(struct replay *replay, const struct step *step,
                               const struct dits_oid *tree)
{
    bool keeps_author = replay->work.kind != UNFINISHED_REVERT;
    const struct commit_draft draft = {
        .tree = tree,
        .parents = &replay->tip,
        .parent_count = dits_oid_is_zero(&replay->tip) ? 0 : 1,
        .author = keeps_author ? &step->commit.author : NULL,
        .message = step->message,
    };
    struct dits_oid made = {0};
    TRY(commit_write(replay->operation, &draft, &made));
    TRY(store_writer_commit(operation_writer(replay->operation)));
    replay->tip = made;
    replay->tree = *tree;
    return replay_note(replay, &step->id, &made);
}

/* The commit brings nothing here: was it empty, or is it here already? */
static dits_error *meet_nothing(struct replay *replay, size_t at,
                                struct step *step, bool *out_stop)
{
    static const struct dits_oid none = {0};
    bool was_empty =
        dits_oid_equal(&step->trees[STAGE_BASE], &step->trees[STAGE_THEIRS]);
    bool rebases = replay->work.kind == UNFINISHED_REBASE;
    if (was_empty && (rebases || replay->how.allow_empty))
        return commit_step(replay, step, &replay->tree);
    if (rebases)
        return replay_note(replay, &step->id, &none);
    *out_stop = true;
    replay->result.outcome = DITS_REPLAY_EMPTY;
    return keep_rest(replay, at, step);
}

static dits_error *apply(struct replay *replay, size_t at, bool *out_stop)
{
    CLEANUP(release_step) struct step step = {0};
    struct dits_oid merged = {0};
    bool is_clean = false;
    TRY(load_step(replay, &replay->work.steps[at], &step));
    if (replay->work.kind == UNFINISHED_REBASE &&
        dits_oid_equal(&step.parent, &replay->tip)) {
        replay->tip = step.id; /* it is where it belongs already */
        replay->tree = step.commit.tree;
        return replay_note(replay, &step.id, &step.id);
    }
    const struct merge_files_options how = merge_options(replay, &step);
    TRY(merge_in_trees(replay->operation, step.trees, &how, &merged,
                       &is_clean));
    if (!is_clean) {
        *out_stop = true;
        return stop_at_conflict(replay, at, &step);
    }
    if (replay->work.no_commit) {
        replay->tree = merged;
        return NULL;
    }
    if (dits_oid_equal(&merged, &replay->tree))
        return meet_nothing(replay, at, &step, out_stop);
    return commit_step(replay, &step, &merged);
}

/* With the copies, which lie where the tree may have a file to come. */
static dits_error *add_with_copies(struct replay *replay,
                                   struct checkout *checkout)
{
    CLEANUP(change_list_release) struct change_list list = {0};
    TRY(change_list_of_trees(replay->repo, &replay->from, &replay->tree, NULL,
                             &list));
    TRY(change_list_add_gone(&list, &replay->copies));
    return checkout_add_changes(checkout, &list);
}

/* Index and files follow to the tree that the steps have led to. */
static dits_error *bring_files(struct replay *replay)
{
    CLEANUP(checkout_freep) struct checkout *checkout = NULL;
    const struct checkout_options how = {
        .task = unfinished_name(replay->work.kind),
        .index_follow = true,
        .sparse = true,
        .spared = &replay->copies};
    struct checkout_result result = {0};
    if (dits_oid_equal(&replay->from, &replay->tree) &&
        replay->copies.count == 0)
        return NULL;
    TRY(merge_check_staged(replay->operation, &replay->from, how.task));
    TRY(checkout_new(replay->repo, replay->operation, &how, &checkout));
    if (replay->copies.count == 0)
        TRY(checkout_add_trees(checkout, &replay->from, &replay->tree));
    else
        TRY(add_with_copies(replay, checkout));
    TRY(checkout_run(checkout, &result));
    index_set_tree(operation_index(replay->operation), &replay->tree);
    return NULL;
}

static dits_error *describe(const struct replay *replay, struct buf *out)
{
    CLEANUP(commit_release) struct commit commit = {0};
    TRY(buf_printf(out, "%s: ", unfinished_name(replay->work.kind)));
    TRY(commit_load(replay->repo->store, &replay->tip, &commit));
    return message_subject(commit.message, out);
}

/* A rebase works on a detached HEAD and moves the branch at its end. */
static dits_error *move_rebased(struct replay *replay, bool is_done)
{
    CLEANUP(buf_release) struct buf message = {0};
    struct operation *operation = replay->operation;
    const struct unfinished *work = &replay->work;
    TRY(describe(replay, &message));
    if (!is_done || work->branch == NULL)
        return operation_set_head(operation, NULL, &replay->tip,
                                  buf_text(&message));
    TRY(operation_set_ref(operation, work->branch, &work->start, &replay->tip,
                          buf_text(&message)));
    return operation_set_head(operation, work->branch, &replay->tip,
                              buf_text(&message));
}

static dits_error *move_head(struct replay *replay, bool is_done)
{
    CLEANUP(buf_release) struct buf message = {0};
    if (replay->work.kind == UNFINISHED_REBASE)
        return move_rebased(replay, is_done);
    TRY(describe(replay, &message));
    return operation_advance(replay->operation, &replay->tip,
                             buf_text(&message));
}

/* What is left: nothing, or with -n conflicts alone. What was put aside is in
 * the list again before it is brought back. */
static dits_error *set_work(struct replay *replay, bool is_done)
{
    struct unfinished *work = &replay->work;
    if (!is_done)
        return operation_set_unfinished(replay->operation, work);
    struct unfinished nothing = {.ref = work->ref};
    TRY(autostash_list(replay->operation, work));
    return operation_set_unfinished(replay->operation, &nothing);
}

static void tell(const struct replay *replay)
{
    if (replay->how.on_commit == NULL)
        return;
    for (size_t i = 0; i < replay->event_count; i++)
        replay->how.on_commit(&replay->events[i], replay->how.payload);
}

dits_error *replay_run(struct replay *replay, struct dits_replay_result *out)
{
    bool stops = false;
    for (size_t at = 0; at < replay->work.step_count && !stops; at++) {
        TRY(context_check(replay->repo->context));
        TRY(apply(replay, at, &stops));
    }
    TRY(bring_files(replay));
    TRY(move_head(replay, !stops));
    TRY(set_work(replay, !stops));
    TRY(operation_commit(replay->operation));
    replay->result.after = replay->tip;
    tell(replay);
    *out = replay->result;
    return stops ? NULL
                 : autostash_pop(replay->repo, &replay->operation,
                                 &replay->work.autostash);
}
