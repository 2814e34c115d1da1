#include "repo/switch_files.h"

#include "base/path.h"
#include "repo/changes.h"
#include "repo/checkout.h"
#include "repo/head_tree.h"
#include "repo/scan.h"

/* What the walk over both trees needs to decide about each path. */
struct decision {
    const struct index *index;
    struct checkout *checkout;
    struct buf conflicts;
};

static bool is_entry(const struct index_entry *here,
                     const struct tree_entry *entry)
{
    if (here == NULL || entry == NULL)
        return here == NULL && entry == NULL;
    return here->mode == entry->mode &&
           dits_oid_equal(&here->asset, &entry->id);
}

/*
 * git's rules for two trees: what is staged already as the destination has it
 * stays; what is as HEAD has it moves along; anything else would be lost.
 */
static dits_error *decide(const char *path, const struct tree_entry *before,
                          const struct tree_entry *after, void *payload)
{
    struct decision *decision = payload;
    const struct index_entry *here = index_find(decision->index, path);
    if (is_entry(here, before))
        return checkout_add(decision->checkout, path, before, after);
    if (is_entry(here, after))
        return NULL;
    return buf_printf(&decision->conflicts, "%s'%s'",
                      decision->conflicts.size > 0 ? ", " : "", path);
}

static void release_decision(struct decision *decision)
{
    buf_release(&decision->conflicts);
}

static dits_error *carry_over(dits_repo *repo, struct operation *operation,
                              struct checkout *checkout,
                              const struct dits_oid *before,
                              const struct dits_oid *after)
{
    CLEANUP(release_decision)
    struct decision decision = {
        .index = operation_index(operation),
        .checkout = checkout,
    };
    TRY(tree_diff(repo->store, before, after, decide, &decision));
    if (decision.conflicts.size == 0)
        return NULL;
    return error_hint(error_new(DITS_E_CONFLICT,
                                "staged changes would be lost in %s",
                                buf_text(&decision.conflicts)),
                      "Commit them first, or use -f: 'dits undo' then brings "
                      "them back.");
}

/* From what is staged to what the destination has. */
static dits_error *list_change(struct change_list *list,
                               const struct change *change)
{
    return change_list_add(list, change->path, change->after, change->before);
}

/* A tracked file that was changed, and shall be as it is staged. */
static dits_error *list_touched(struct change_list *list,
                                const struct scan_entry *seen)
{
    struct change_side staged = {.mode = seen->tracked->mode,
                                 .id = seen->tracked->asset};
    return change_list_add(list, seen->path, staged, staged);
}

/* Both lists are sorted; a path in both is what `changes` says of it. */
static dits_error *list_discarded(struct change_list *list,
                                  const struct change_list *changes,
                                  const struct scan_result *scan)
{
    size_t c = 0;
    size_t s = 0;
    while (c < changes->count || s < scan->count) {
        int order = c == changes->count ? 1
                    : s == scan->count  ? -1
                                        : path_compare(changes->items[c].path,
                                                       scan->entries[s].path);
        if (order <= 0)
            TRY(list_change(list, &changes->items[c]));
        else if (scan->entries[s].tracked != NULL)
            TRY(list_touched(list, &scan->entries[s]));
        c += order <= 0;
        s += order >= 0;
    }
    return NULL;
}

static dits_error *list_also(struct change_list *list,
                             const struct change_list *also)
{
    for (size_t i = 0; also != NULL && i < also->count; i++) {
        const struct change *change = &also->items[i];
        TRY(change_list_add(list, change->path, change->before, change->after));
    }
    change_list_sort(list);
    return NULL;
}

/* Every tracked file as the destination has it, changed or not. */
static dits_error *discard_all(dits_repo *repo, struct operation *operation,
                               struct checkout *checkout,
                               const struct switch_files_options *how,
                               const struct dits_oid *after)
{
    CLEANUP(pathspec_freep) struct pathspec *all = NULL;
    CLEANUP(change_list_release) struct change_list changes = {0};
    CLEANUP(change_list_release) struct change_list list = {0};
    CLEANUP(scan_result_release) struct scan_result scan = {0};
    struct index *index = operation_index(operation);
    TRY(pathspec_of(repo, NULL, &all));
    TRY(change_list_of_index(repo, after, index, NULL, &changes));
    struct scan_options options = {
        .index = index, .pathspec = all, .tracked_only = true};
    if (!how->keep_edits)
        TRY(scan_run(repo, &options, &scan));
    TRY(list_discarded(&list, &changes, &scan));
    TRY(list_also(&list, how->also));
    return checkout_add_changes(checkout, &list);
}

/* What differs between the two trees, and nothing else. */
static dits_error *follow(dits_repo *repo, struct operation *operation,
                          struct checkout *checkout,
                          const struct dits_oid *before,
                          const struct dits_oid *after)
{
    const struct dits_oid *staged = index_tree(operation_index(operation));
    if (dits_oid_equal(before, after))
        return NULL;
    return dits_oid_equal(staged, before)
               ? checkout_add_trees(checkout, before, after)
               : carry_over(repo, operation, checkout, before, after);
}

dits_error *switch_files(dits_repo *repo, struct operation *operation,
                         const struct switch_files_options *options,
                         struct dits_switch_result *result)
{
    CLEANUP(checkout_freep) struct checkout *checkout = NULL;
    struct checkout_options how = {
        .task = options->task,
        .capture = options->discard,
        .makes_room = options->discard && !options->keep_edits,
        .announces = options->announces,
        .index_follow = true,
        .sparse = true,
    };
    struct checkout_result done = {0};
    struct dits_oid before = {0};
    struct dits_oid after = {0};
    struct index *index = operation_index(operation);
    TRY(head_tree_of(repo, &result->before, &before));
    TRY(head_tree_of(repo, &result->after, &after));
    bool was_clean = dits_oid_equal(index_tree(index), &before);
    TRY(checkout_new(repo, operation, &how, &checkout));
    if (options->discard)
        TRY(discard_all(repo, operation, checkout, options, &after));
    else
        TRY(follow(repo, operation, checkout, &before, &after));
    TRY(checkout_run(checkout, &done));
    if (was_clean || options->discard)
        index_set_tree(index, &after);
    result->files_written = done.files_written;
    result->files_removed = done.files_removed;
    return NULL;
}
