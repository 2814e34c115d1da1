#include "repo/merge_files.h"

#include <string.h>

#include "base/mem.h"
#include "base/path.h"
#include "base/text.h"
#include "object/path_edit.h"
#include "object/path_tree.h"
#include "repo/capture.h"
#include "repo/checkout.h"
#include "repo/config.h"
#include "repo/conflict_names.h"
#include "repo/index.h"
#include "repo/merge_decide.h"

/* One merge_files(). */
struct merging {
    struct operation *operation;
    dits_repo *repo;
    const struct merge_files_options *options;
    const struct dits_oid *trees;
    struct merge_rules rules;
    struct merge_outcomes outcomes;
    struct change_list files; /* `before`: ours, `after`: what shall be there */
    struct change_list beside; /* of these, both sides of conflicts */
};

static void release_merging(struct merging *merging)
{
    attributes_free(merging->rules.attributes);
    merge_outcomes_release(&merging->outcomes);
    change_list_release(&merging->files);
    change_list_release(&merging->beside);
}

dits_error *merge_check_staged(struct operation *operation,
                               const struct dits_oid *tree, const char *what)
{
    struct dits_oid staged = {0};
    TRY(index_write_tree(operation_index(operation),
                         operation_writer(operation), &staged));
    if (dits_oid_equal(&staged, tree))
        return NULL;
    return error_hint(
        error_new(DITS_E_CONFLICT, "cannot %s: there are staged changes", what),
        "Commit them, or put them away with 'dits stash'.");
}

static dits_error *find_style(const struct merging *merging,
                              enum lines_style *out)
{
    const char *text = config_text(merging->repo, "merge.conflictstyle");
    enum dits_conflict_style style = merging->options->style;
    if (style == DITS_STYLE_DEFAULT && text != NULL) {
        if (strcmp(text, "diff3") == 0)
            style = DITS_STYLE_DIFF3;
        else if (strcmp(text, "zdiff3") == 0)
            style = DITS_STYLE_ZDIFF3;
        else if (strcmp(text, "merge") != 0)
            return error_hint(
                error_new(DITS_E_INVALID,
                          "merge.conflictStyle is '%s', which is no style",
                          text),
                "Use merge, diff3 or zdiff3.");
    }
    *out = style == DITS_STYLE_DIFF3    ? LINES_DIFF3
           : style == DITS_STYLE_ZDIFF3 ? LINES_ZDIFF3
                                        : LINES_MERGE;
    return NULL;
}

static dits_error *decide(struct merging *merging)
{
    CLEANUP(merge_plan_release) struct merge_plan plan = {0};
    merging->rules = (struct merge_rules){
        .repo = merging->repo,
        .writer = operation_writer(merging->operation),
        .favor = merging->options->favor,
        .marker_size = merging->options->marker_size,
    };
    memcpy(merging->rules.labels, merging->options->labels,
           sizeof(merging->rules.labels));
    TRY(attributes_of_tree(merging->repo, &merging->trees[STAGE_OURS],
                           &merging->rules.attributes));
    TRY(find_style(merging, &merging->rules.style));
    TRY(merge_plan_make(merging->repo, merging->trees, &plan));
    return merge_decide(&merging->rules, merging->trees, &plan,
                        &merging->outcomes);
}

/* Both sides of what has no markers are put beside it, under names that say so.
 */
static bool is_apart(const struct merge_outcome *outcome)
{
    return outcome->is_conflict && !outcome->is_text && !outcome->is_whole &&
           outcome->stages[STAGE_OURS].mode != 0 &&
           outcome->stages[STAGE_THEIRS].mode != 0;
}

static bool is_taken(const char *path, void *payload)
{
    const struct merging *merging = payload;
    return merge_outcomes_has_within(&merging->outcomes, path) ||
           index_find(operation_index(merging->operation), path) != NULL;
}

static dits_error *put_beside(struct merging *merging,
                              struct merge_outcome *outcome)
{
    struct change_side none = {0};
    TRY(conflict_name_free(merging->repo, outcome->path, "ours", is_taken,
                           merging, &outcome->ours_file));
    TRY(conflict_name_free(merging->repo, outcome->path, "theirs", is_taken,
                           merging, &outcome->theirs_file));
    TRY(change_list_add(&merging->beside, outcome->ours_file, none,
                        outcome->stages[STAGE_OURS]));
    return change_list_add(&merging->beside, outcome->theirs_file, none,
                           outcome->stages[STAGE_THEIRS]);
}

/* One path on its way from what is there to what shall be there. */
static dits_error *add_file(struct merging *merging, const char *path,
                            struct change_side before, struct change_side after)
{
    if (change_side_equal(&before, &after))
        return NULL;
    return change_list_add(&merging->files, path, before, after);
}

/*
 * Our tree may be some commits further than the files: `way` is what those
 * changed. Both lists are sorted.
 */
static dits_error *join_way(struct merging *merging,
                            const struct change_list *way)
{
    const struct merge_outcomes *outcomes = &merging->outcomes;
    size_t o = 0;
    size_t w = 0;
    while (o < outcomes->count || w < way->count) {
        int order = o == outcomes->count ? 1
                    : w == way->count    ? -1
                                         : path_compare(outcomes->items[o].path,
                                                        way->items[w].path);
        if (order > 0) {
            const struct change *passed = &way->items[w++];
            TRY(add_file(merging, passed->path, passed->before, passed->after));
            continue;
        }
        const struct merge_outcome *outcome = &outcomes->items[o++];
        TRY(add_file(merging, outcome->path,
                     order == 0 ? way->items[w++].before : outcome->here,
                     outcome->file));
    }
    return NULL;
}

static dits_error *add_list(struct merging *merging,
                            const struct change_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        TRY(change_list_add(&merging->files, list->items[i].path,
                            list->items[i].before, list->items[i].after));
    return NULL;
}

static dits_error *list_files(struct merging *merging)
{
    CLEANUP(change_list_release) struct change_list way = {0};
    const struct dits_oid *from = merging->options->from;
    if (from != NULL)
        TRY(change_list_of_trees(merging->repo, from,
                                 &merging->trees[STAGE_OURS], NULL, &way));
    TRY(join_way(merging, &way));
    for (size_t i = 0; i < merging->outcomes.count; i++)
        if (is_apart(&merging->outcomes.items[i]))
            TRY(put_beside(merging, &merging->outcomes.items[i]));
    TRY(add_list(merging, &merging->beside));
    if (merging->options->also != NULL)
        TRY(add_list(merging, merging->options->also));
    change_list_sort(&merging->files);
    change_list_sort(&merging->beside);
    return merging->options->gone != NULL
               ? change_list_add_gone(&merging->files, merging->options->gone)
               : NULL;
}

static dits_error *tell(const struct merging *merging)
{
    if (merging->options->on_path == NULL)
        return NULL;
    for (size_t i = 0; i < merging->outcomes.count; i++) {
        const struct merge_outcome *outcome = &merging->outcomes.items[i];
        struct dits_merge_event event = {
            .kind = outcome->kind,
            .path = outcome->path,
            .old_path = outcome->old_path,
            .other = outcome->other,
            .is_text = outcome->is_text,
            .is_ours = outcome->is_ours,
            .ours_file = outcome->ours_file,
            .theirs_file = outcome->theirs_file,
        };
        if (outcome->is_told)
            TRY(merging->options->on_path(&event, merging->options->payload));
    }
    return NULL;
}

/* What is to be resolved must be seen, and so must what is put beside it, and
 * what nothing else has: untracked files. */
static bool is_needed(const char *path, const void *payload)
{
    const struct merging *merging = payload;
    const struct merge_outcome *outcome =
        merge_outcomes_find(&merging->outcomes, path);
    const struct change_list *also = merging->options->also;
    return (outcome != NULL && outcome->is_conflict) ||
           change_list_find(&merging->beside, path) != NULL ||
           (also != NULL && change_list_find(also, path) != NULL);
}

/* Look before anything is told or changed; what was merged must be readable. */
static dits_error *check_out(struct merging *merging)
{
    CLEANUP(checkout_freep) struct checkout *checkout = NULL;
    struct checkout_options how = {.task = merging->options->task,
                                   .index_follow = true,
                                   .sparse = true,
                                   .is_needed = is_needed,
                                   .spared = merging->options->gone,
                                   .payload = merging};
    struct checkout_result result = {0};
    TRY(store_writer_commit(operation_writer(merging->operation)));
    TRY(checkout_new(merging->repo, merging->operation, &how, &checkout));
    TRY(checkout_add_changes(checkout, &merging->files));
    TRY(checkout_look(checkout));
    TRY(tell(merging));
    return checkout_run(checkout, &result);
}

static dits_error *stage_side(struct index *index, const char *path,
                              const struct change_side *side)
{
    if (side->mode == 0)
        return index_remove(index, path);
    const struct index_entry *now = index_find(index, path);
    if (now != NULL && now->mode == side->mode &&
        dits_oid_equal(&now->asset, &side->id))
        return NULL;
    struct index_entry entry = {
        .path = path, .mode = side->mode, .asset = side->id};
    return index_set(index, &entry);
}

/* The index followed the files; in conflicts it stays with ours. */
static dits_error *stage_results(struct merging *merging)
{
    struct index *index = operation_index(merging->operation);
    for (size_t i = 0; i < merging->outcomes.count; i++) {
        const struct merge_outcome *outcome = &merging->outcomes.items[i];
        if (outcome->is_conflict)
            TRY(stage_side(index, outcome->path, &outcome->result));
    }
    const struct change_list *also = merging->options->also;
    for (size_t i = 0; i < merging->beside.count; i++)
        TRY(index_remove(index, merging->beside.items[i].path));
    for (size_t i = 0; also != NULL && i < also->count; i++)
        TRY(index_remove(index, also->items[i].path));
    return NULL;
}

/* What a path is in the result where nobody can be asked. */
static struct change_side settled(const struct merge_outcome *outcome)
{
    bool is_merged = outcome->is_text || outcome->is_whole;
    bool has_both = outcome->stages[STAGE_OURS].mode != 0 &&
                    outcome->stages[STAGE_THEIRS].mode != 0;
    if (!outcome->is_conflict || (is_merged && has_both))
        return outcome->file;
    return outcome->stages[STAGE_BASE];
}

/* What was settled on its own may lie where another file needs a folder. */
static void make_room(struct path_change *changes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        for (size_t below = i + 1;
             below < count && changes[i].mode != 0 &&
             path_is_within(changes[below].path, changes[i].path);
             below++)
            if (changes[below].mode != 0)
                changes[i].mode = 0;
}

/* Our tree with the results put in, conflicts `as_settled` or as ours. */
static dits_error *write_tree(struct merging *merging, bool as_settled,
                              struct dits_oid *out)
{
    struct path_change *changes =
        mem_new_array(struct path_change, merging->outcomes.count + 1);
    size_t count = 0;
    if (changes == NULL)
        return error_nomem();
    for (size_t i = 0; i < merging->outcomes.count; i++) {
        const struct merge_outcome *outcome = &merging->outcomes.items[i];
        struct change_side side = as_settled ? settled(outcome)
                                             : outcome->result;
        if (!change_side_equal(&outcome->here, &side))
            changes[count++] = (struct path_change){
                .path = outcome->path, .mode = side.mode, .id = side.id};
    }
    if (as_settled)
        make_room(changes, count);
    dits_error *err = path_edit(merging->repo->store, merging->rules.writer,
                                &merging->trees[STAGE_OURS], changes, count,
                                out);
    mem_free(changes);
    return err;
}

static dits_error *write_stage(const struct merging *merging, enum stage stage,
                               struct dits_oid *out)
{
    CLEANUP(path_tree_builder_freep) struct path_tree_builder *builder = NULL;
    TRY(path_tree_builder_new(merging->rules.writer, &builder));
    for (size_t i = 0; i < merging->outcomes.count; i++) {
        const struct merge_outcome *outcome = &merging->outcomes.items[i];
        const struct change_side *side = &outcome->stages[stage];
        if (outcome->is_conflict && side->mode != 0)
            TRY(path_tree_builder_add(builder, outcome->path, side->mode,
                                      &side->id));
    }
    return path_tree_builder_finish(builder, out);
}

static dits_error *write_result(struct merging *merging,
                                struct merge_files_result *out)
{
    for (size_t i = 0; i < merging->outcomes.count; i++)
        out->conflicts += merging->outcomes.items[i].is_conflict;
    TRY(write_tree(merging, false, &out->tree));
    index_set_tree(operation_index(merging->operation), &out->tree);
    if (out->conflicts == 0)
        return NULL;
    for (enum stage stage = STAGE_BASE; stage < STAGE_COUNT; stage++)
        TRY(write_stage(merging, stage, &out->stages[stage]));
    return capture_tree(merging->operation, &merging->beside, CAPTURE_AFTER,
                        &out->beside);
}

dits_error *merge_files(struct operation *operation,
                        const struct dits_oid trees[STAGE_COUNT],
                        const struct merge_files_options *options,
                        struct merge_files_result *out)
{
    CLEANUP(release_merging)
    struct merging merging = {.operation = operation,
                              .repo = operation_repo(operation),
                              .options = options,
                              .trees = trees};
    struct merge_files_result result = {0};
    const struct dits_oid *from = options->from;
    TRY(merge_check_staged(operation, from != NULL ? from : &trees[STAGE_OURS],
                           options->task));
    TRY(decide(&merging));
    TRY(list_files(&merging));
    TRY(check_out(&merging));
    TRY(stage_results(&merging));
    TRY(write_result(&merging, &result));
    *out = result;
    return NULL;
}

dits_error *merge_in_trees(struct operation *operation,
                           const struct dits_oid trees[STAGE_COUNT],
                           const struct merge_files_options *options,
                           struct dits_oid *out_tree, bool *out_clean)
{
    CLEANUP(release_merging)
    struct merging merging = {.operation = operation,
                              .repo = operation_repo(operation),
                              .options = options,
                              .trees = trees};
    TRY(decide(&merging));
    *out_clean = true;
    for (size_t i = 0; i < merging.outcomes.count; i++)
        *out_clean &= !merging.outcomes.items[i].is_conflict;
    TRY(write_tree(&merging, true, out_tree));
    return store_writer_commit(operation_writer(operation));
}
