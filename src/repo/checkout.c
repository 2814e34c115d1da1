#include "repo/checkout.h"

#include "base/mem.h"
#include "object/asset.h"
#include "repo/capture.h"
#include "repo/checkout_private.h"
#include "repo/obliteration.h"
#include "repo/stand_in.h"

dits_error *checkout_new(dits_repo *repo, struct operation *operation,
                         const struct checkout_options *options,
                         struct checkout **out)
{
    struct checkout *checkout = mem_new(struct checkout);
    if (checkout == NULL)
        return error_nomem();
    checkout->repo = repo;
    checkout->operation = operation;
    checkout->options = *options;
    checkout->mutex = (pthread_mutex_t)PTHREAD_MUTEX_INITIALIZER;
    *out = checkout;
    return NULL;
}

void checkout_free(struct checkout *checkout)
{
    if (checkout == NULL)
        return;
    progress_end(&checkout->progress);
    change_list_release(&checkout->changes);
    change_list_release(&checkout->obstacles);
    buf_release(&checkout->conflicts);
    id_set_release(&checkout->gone);
    sparse_free(checkout->sparse);
    checkout_forget_written(checkout);
    mem_free(checkout->steps);
    mem_free(checkout);
}

void checkout_freep(struct checkout **checkout)
{
    checkout_free(*checkout);
}

static dits_error *add_difference(const char *path,
                                  const struct tree_entry *before,
                                  const struct tree_entry *after, void *payload)
{
    struct checkout *checkout = payload;
    if (!worktree_is_safe_path(path))
        return error_new(DITS_E_CORRUPT, "the path '%s' is forbidden", path);
    return change_list_add(&checkout->changes, path, change_side_of(before),
                           change_side_of(after));
}

dits_error *checkout_add(struct checkout *checkout, const char *path,
                         const struct tree_entry *before,
                         const struct tree_entry *after)
{
    checkout->is_of_trees = false;
    return add_difference(path, before, after, checkout);
}

/* NULL for an empty side. */
static const struct tree_entry *entry_of(const struct change_side *side,
                                         struct tree_entry *room)
{
    *room = (struct tree_entry){.mode = side->mode, .id = side->id};
    return side->mode != 0 ? room : NULL;
}

dits_error *checkout_add_changes(struct checkout *checkout,
                                 const struct change_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct change *change = &list->items[i];
        struct tree_entry before = {0};
        struct tree_entry after = {0};
        TRY(checkout_add(checkout, change->path,
                         entry_of(&change->before, &before),
                         entry_of(&change->after, &after)));
    }
    return NULL;
}

dits_error *checkout_add_trees(struct checkout *checkout,
                               const struct dits_oid *before,
                               const struct dits_oid *after)
{
    checkout->is_of_trees = checkout->changes.count == 0;
    checkout->before = *before;
    checkout->after = *after;
    return tree_diff(checkout->repo->store, before, after, add_difference,
                     checkout);
}

/* The index entry of that path, where it is what was written. */
static bool index_holds(const struct index *index, const char *path,
                        const struct index_entry *result)
{
    const struct index_entry *now = index_find(index, path);
    return now != NULL && now->mode == result->mode &&
           dits_oid_equal(&now->asset, &result->asset);
}

/* What was written may stand in for the very file that is staged. */
static dits_error *note_stand_in(struct checkout *checkout, const char *path,
                                 const struct index_entry *result)
{
    CLEANUP(asset_closep) struct asset *asset = NULL;
    uint8_t bytes[STAND_IN_MAX];
    struct index *index = operation_index(checkout->operation);
    const struct index_entry *now = index_find(index, path);
    struct stand_in what = {0};
    enum stand_in_verdict verdict = STAND_IN_NONE;
    if (now == NULL || now->mode != result->mode || result->size == 0 ||
        result->size > sizeof(bytes))
        return NULL;
    TRY(asset_open(checkout->repo->store, &result->asset, &asset));
    TRY(asset_read_at(asset, 0, (size_t)result->size, bytes));
    TRY(stand_in_parse(slice_of(bytes, (size_t)result->size), &what, &verdict));
    if (verdict != STAND_IN_WHOLE || !dits_oid_equal(&what.asset, &now->asset))
        return NULL;
    struct index_entry entry = *result;
    entry.path = path;
    entry.is_dropped = true;
    entry.asset = now->asset;
    entry.content = now->content;
    entry.size = what.size;
    return index_set(index, &entry);
}

/* Removals first: a folder may give way to a file of its name. */
static dits_error *update_index(struct checkout *checkout)
{
    struct index *index = operation_index(checkout->operation);
    for (size_t i = 0; i < checkout->changes.count; i++) {
        const struct change *change = &checkout->changes.items[i];
        if (checkout->options.index_follow && change->after.mode == 0)
            TRY(index_remove(index, change->path));
    }
    for (size_t i = 0; i < checkout->changes.count; i++) {
        const char *path = checkout->changes.items[i].path;
        struct index_entry result = checkout->steps[i].result;
        result.path = path;
        if (result.mode == 0)
            continue;
        if (checkout->options.index_follow || index_holds(index, path, &result))
            TRY(index_set(index, &result));
        else
            TRY(note_stand_in(checkout, path, &result));
    }
    return NULL;
}

/* Whether the work tree was, at each path, what the trees say. */
static bool is_regular(const struct checkout *checkout)
{
    for (size_t i = 0; i < checkout->changes.count; i++) {
        const struct checkout_step *step = &checkout->steps[i];
        bool expected = checkout->changes.items[i].before.mode != 0;
        if (step->is_captured || step->is_there != expected ||
            step->act == CHECKOUT_NOTHING)
            return false;
    }
    return true;
}

/* The steps that touch something, as changes from what was found. */
static dits_error *list_touched(const struct checkout *checkout,
                                struct change_list *out)
{
    for (size_t i = 0; i < checkout->changes.count; i++) {
        const struct change *change = &checkout->changes.items[i];
        const struct checkout_step *step = &checkout->steps[i];
        if (step->act != CHECKOUT_NOTHING)
            TRY(change_list_add(out, change->path, step->found, change->after));
    }
    return NULL;
}

/* The touched paths as they were and as they shall be, as partial trees. */
static dits_error *write_touched(const struct checkout *checkout,
                                 struct dits_oid *before,
                                 struct dits_oid *after)
{
    CLEANUP(change_list_release) struct change_list touched = {0};
    struct operation *operation = checkout->operation;
    TRY(list_touched(checkout, &touched));
    TRY(capture_tree(operation, &touched, CAPTURE_BEFORE, before));
    return capture_tree(operation, &touched, CAPTURE_AFTER, after);
}

static dits_error *announce(const struct checkout *checkout)
{
    struct dits_oid before = {0};
    struct dits_oid after = {0};
    TRY(write_touched(checkout, &before, &after));
    TRY(store_writer_commit(operation_writer(checkout->operation)));
    return operation_announce(checkout->operation, &before, &after);
}

/* What undo needs. */
static dits_error *tell_operation(const struct checkout *checkout)
{
    struct dits_oid before = checkout->before;
    struct dits_oid after = checkout->after;
    if (!checkout->is_of_trees || !is_regular(checkout))
        TRY(write_touched(checkout, &before, &after));
    operation_set_worktree(checkout->operation, &before, &after);
    return NULL;
}

static void count_steps(const struct checkout *checkout,
                        struct checkout_result *out)
{
    struct checkout_result result = {0};
    for (size_t i = 0; i < checkout->changes.count; i++) {
        const struct checkout_step *step = &checkout->steps[i];
        result.files_written += step->act == CHECKOUT_WRITE;
        result.files_removed += step->act == CHECKOUT_REMOVE && step->is_there;
        result.files_captured += step->is_captured;
    }
    *out = result;
}

static char action_of(const struct checkout_step *step)
{
    if (step->act == CHECKOUT_REMOVE)
        return 'D';
    return step->is_there ? 'M' : 'A';
}

/* The last moment at which the caller may stop everything. */
static dits_error *tell_caller(const struct checkout *checkout)
{
    for (size_t i = 0; i < checkout->changes.count; i++) {
        const struct checkout_step *step = &checkout->steps[i];
        struct dits_path_event event = {
            .action = action_of(step),
            .path = checkout->changes.items[i].path,
        };
        if (step->act != CHECKOUT_NOTHING)
            TRY(checkout->options.on_path(&event, checkout->options.payload));
    }
    return NULL;
}

dits_error *checkout_look(struct checkout *checkout)
{
    if (checkout->changes.count == 0)
        return NULL;
    checkout->steps =
        mem_new_array(struct checkout_step, checkout->changes.count);
    if (checkout->steps == NULL)
        return error_nomem();
    TRY(obliteration_unreadable(checkout->repo, &checkout->gone));
    if (checkout->options.sparse)
        TRY(sparse_open_limits(checkout->repo, &checkout->sparse));
    return checkout_check(checkout);
}

dits_error *checkout_run(struct checkout *checkout, struct checkout_result *out)
{
    struct checkout_result result = {0};
    if (checkout->changes.count == 0) {
        *out = result;
        return NULL;
    }
    if (checkout->steps == NULL)
        TRY(checkout_look(checkout));
    count_steps(checkout, &result);
    if (checkout->options.on_path != NULL)
        TRY(tell_caller(checkout));

    /* Durable before the files that it was read from are gone (W1), and
     * referred to before the operation is published. */
    if (result.files_captured > 0 || checkout->options.announces)
        TRY(announce(checkout));
    if (result.files_written + result.files_removed > 0) {
        TRY(checkout_write(checkout));
        TRY(tell_operation(checkout));
    }
    TRY(update_index(checkout));
    *out = result;
    return NULL;
}
