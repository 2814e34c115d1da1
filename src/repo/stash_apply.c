#include <dits/stash.h>

#include <string.h>

#include "repo/commit_work.h"
#include "repo/head_tree.h"
#include "repo/index.h"
#include "repo/merge_files.h"
#include "repo/stages.h"
#include "repo/stash.h"

/* One dits_stash_apply(). */
struct applying {
    dits_repo *repo;
    const struct dits_stash_apply_options *options;
    struct operation *operation;
    struct stash_entry entry;
    struct commit stash;
    struct unfinished work; /* that was there before */
    struct dits_oid trees[STAGE_COUNT];
    struct dits_oid staged; /* with `index`: what shall be staged */
    struct change_list untracked;
    struct dits_stash_apply_result result;
};

static void release_applying(struct applying *applying)
{
    change_list_release(&applying->untracked);
    unfinished_release(&applying->work);
    commit_release(&applying->stash);
    stash_entry_release(&applying->entry);
    operation_free(applying->operation);
}

static struct merge_files_options merge_options(const struct applying *applying)
{
    return (struct merge_files_options){
        .task = "stash",
        .labels = {"Stash base", "Updated upstream", "Stashed changes"},
        .style = applying->options->style,
        .also = &applying->untracked,
        .on_path = applying->options->on_path,
        .payload = applying->options->payload,
    };
}

static dits_error *add_untracked(const char *path,
                                 const struct tree_entry *entry, void *payload)
{
    struct change_list *list = payload;
    struct change_side side = {.mode = entry->mode, .id = entry->id};
    return change_list_add(list, path, (struct change_side){0}, side);
}

static dits_error *load(struct applying *applying)
{
    const struct commit *stash = &applying->stash;
    struct index *index = operation_index(applying->operation);
    struct dits_oid tree = {0};
    TRY(stash_find(applying->repo, applying->options->number,
                   &applying->entry));
    applying->result.id = applying->entry.id;
    TRY(stash_load(applying->repo, &applying->entry.id, &applying->stash));
    TRY(head_tree_of(applying->repo, &stash->parents[0],
                     &applying->trees[STAGE_BASE]));
    TRY(index_write_tree(index, operation_writer(applying->operation),
                         &applying->trees[STAGE_OURS]));
    TRY(store_writer_commit(operation_writer(applying->operation)));
    applying->trees[STAGE_THEIRS] = stash->tree;
    if (stash->parent_count < 3)
        return NULL;
    TRY(head_tree_of(applying->repo, &stash->parents[2], &tree));
    return tree_walk(applying->repo->store, &tree, add_untracked,
                     &applying->untracked);
}

/* What was staged then, merged with what is staged now: it has to fit. */
static dits_error *merge_staged(struct applying *applying)
{
    const struct merge_files_options how = merge_options(applying);
    struct dits_oid trees[STAGE_COUNT] = {0};
    bool is_clean = false;
    memcpy(trees, applying->trees, sizeof(trees));
    TRY(head_tree_of(applying->repo, &applying->stash.parents[1],
                     &trees[STAGE_THEIRS]));
    TRY(merge_in_trees(applying->operation, trees, &how, &applying->staged,
                       &is_clean));
    if (is_clean)
        return NULL;
    return error_hint(
        error_new(DITS_E_CONFLICT, "what was staged does not fit any more"),
        "Try without --index.");
}

/* Only what is new stays staged: as it was before, but for files it adds. */
static dits_error *unstage_changes(struct applying *applying,
                                   const struct dits_oid *merged)
{
    CLEANUP(change_list_release) struct change_list list = {0};
    struct index *index = operation_index(applying->operation);
    TRY(store_writer_commit(operation_writer(applying->operation)));
    TRY(change_list_of_trees(applying->repo, merged,
                             &applying->trees[STAGE_OURS], NULL, &list));
    for (size_t i = 0; i < list.count; i++) {
        const struct change *change = &list.items[i];
        struct index_entry entry = {.path = change->path,
                                    .mode = change->after.mode,
                                    .asset = change->after.id};
        if (entry.mode != 0)
            TRY(index_set(index, &entry));
    }
    return NULL;
}

static dits_error *stage(struct applying *applying,
                         const struct dits_oid *merged)
{
    if (!applying->options->index)
        return unstage_changes(applying, merged);
    return index_read_tree(operation_index(applying->operation),
                           &applying->staged);
}

/* Conflicts join what is unfinished already, or stand for themselves. */
static dits_error *leave_conflicts(struct applying *applying,
                                   const struct merge_files_result *merged)
{
    struct unfinished *work = &applying->work;
    applying->result.conflicts = merged->conflicts;
    if (work->kind == UNFINISHED_NONE) {
        work->kind = UNFINISHED_STASH;
        work->start = operation_head(applying->operation)->commit;
    }
    memcpy(work->stages, merged->stages, sizeof(work->stages));
    work->beside = merged->beside;
    return operation_set_unfinished(applying->operation, work);
}

static dits_error *apply(struct applying *applying)
{
    const struct merge_files_options how = merge_options(applying);
    struct merge_files_result merged = {0};
    TRY(load(applying));
    if (applying->options->index)
        TRY(merge_staged(applying));
    TRY(merge_files(applying->operation, applying->trees, &how, &merged));
    if (merged.conflicts > 0)
        return leave_conflicts(applying, &merged);
    TRY(stage(applying, &merged.tree));
    if (!applying->options->drop)
        return NULL;
    applying->result.is_dropped = true;
    return stash_remove(applying->operation, &applying->entry);
}

dits_error *dits_stash_apply(dits_repo *repo,
                             const struct dits_stash_apply_options *options,
                             struct dits_stash_apply_result *out)
{
    CLEANUP(release_applying)
    struct applying applying = {.repo = repo, .options = options};
    TRY(operation_begin(repo, "stash", &applying.operation));
    TRY(unfinished_read(repo, &applying.work));
    TRY(commit_work_check(repo, &applying.work));
    TRY(apply(&applying));
    TRY(operation_commit(applying.operation));
    *out = applying.result;
    return NULL;
}
