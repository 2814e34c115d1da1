#include "repo/stages.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/text.h"
#include "object/path_edit.h"
#include "repo/checkout.h"
#include "repo/conflict_names.h"
#include "repo/index.h"

void stage_list_release(struct stage_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        mem_free(list->items[i].path);
    mem_free(list->items);
    *list = (struct stage_list){0};
}

struct stage_walk {
    struct stage_list *list;
    enum stage stage;
};

static dits_error *on_entry(const char *path, const struct tree_entry *entry,
                            void *payload)
{
    const struct stage_walk *walk = payload;
    struct stage_list *list = walk->list;
    struct stage_path *items =
        array_grown(list->items, list->count, &list->capacity, sizeof(*items));
    if (items == NULL)
        return error_nomem();
    list->items = items;
    struct stage_path *item = &list->items[list->count];
    *item = (struct stage_path){0};
    TRY(text_copy(path, &item->path));
    item->sides[walk->stage] = change_side_of(entry);
    list->count++;
    return NULL;
}

static int compare_paths(const void *a, const void *b)
{
    const struct stage_path *left = a;
    const struct stage_path *right = b;
    return path_compare(left->path, right->path);
}

/* The sides of a path become one item. */
static void join_paths(struct stage_list *list)
{
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++) {
        struct stage_path *item = &list->items[i];
        struct stage_path *last = kept > 0 ? &list->items[kept - 1] : NULL;
        if (last == NULL || strcmp(last->path, item->path) != 0) {
            list->items[kept++] = *item;
            continue;
        }
        for (size_t s = 0; s < STAGE_COUNT; s++)
            if (item->sides[s].mode != 0)
                last->sides[s] = item->sides[s];
        mem_free(item->path);
    }
    list->count = kept;
}

dits_error *stage_list_read(dits_repo *repo, const struct unfinished *work,
                            struct stage_list *out)
{
    CLEANUP(stage_list_release) struct stage_list list = {0};
    for (enum stage stage = STAGE_BASE; stage < STAGE_COUNT; stage++) {
        struct stage_walk walk = {.list = &list, .stage = stage};
        if (!dits_oid_is_zero(&work->stages[stage]))
            TRY(tree_walk(repo->store, &work->stages[stage], on_entry, &walk));
    }
    if (list.count > 1)
        qsort(list.items, list.count, sizeof(*list.items), compare_paths);
    join_paths(&list);
    *out = MOVE(list);
    return NULL;
}

dits_error *stage_list_of_repo(dits_repo *repo, struct stage_list *out)
{
    CLEANUP(unfinished_release) struct unfinished work = {0};
    TRY(unfinished_read(repo, &work));
    return stage_list_read(repo, &work, out);
}

/* The first that does not sort before `path`; NULL: none. */
static const struct stage_path *lower_bound(const struct stage_list *list,
                                            const char *path)
{
    size_t low = 0;
    size_t high = list->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (path_compare(list->items[middle].path, path) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < list->count ? &list->items[low] : NULL;
}

const struct stage_path *stage_list_find(const struct stage_list *list,
                                         const char *path)
{
    const struct stage_path *found = lower_bound(list, path);
    return found != NULL && strcmp(found->path, path) == 0 ? found : NULL;
}

bool stage_list_has_within(const struct stage_list *list, const char *path)
{
    const struct stage_path *found = lower_bound(list, path);
    return found != NULL && path_is_within(found->path, path);
}

/* What a stash left is over with its last conflict. */
static void end_stash(struct unfinished *work)
{
    if (work->kind == UNFINISHED_STASH && !unfinished_has_conflicts(work))
        work->kind = UNFINISHED_NONE;
}

dits_error *stages_drop(struct operation *operation, struct unfinished *work,
                        const char *const *paths, size_t count)
{
    struct store *store = operation_repo(operation)->store;
    struct path_change *changes = mem_new_array(struct path_change, count + 1);
    dits_error *err = NULL;
    if (changes == NULL)
        return error_nomem();
    for (size_t i = 0; i < count; i++)
        changes[i].path = paths[i];
    for (size_t i = 0; i < STAGE_COUNT && err == NULL; i++)
        if (!dits_oid_is_zero(&work->stages[i]))
            err = path_edit(store, operation_writer(operation),
                            &work->stages[i], changes, count, &work->stages[i]);
    mem_free(changes);
    TRY(err);
    end_stash(work);
    return operation_set_unfinished(operation, work);
}

dits_error *stages_note(dits_repo *repo, struct pathspec *pathspec,
                        bool *out_any)
{
    CLEANUP(stage_list_release) struct stage_list list = {0};
    TRY(stage_list_of_repo(repo, &list));
    for (size_t i = 0; i < list.count; i++) {
        if (!pathspec_matches(pathspec, list.items[i].path, false))
            continue;
        pathspec_note(pathspec, list.items[i].path);
        if (out_any != NULL)
            *out_any = true;
    }
    return NULL;
}

static void free_paths(const char ***paths)
{
    mem_free(*paths);
}

/* No commit will come that these copies wait for. */
static bool ends_with(const struct unfinished *work,
                      const struct stage_list *conflicts, size_t settled)
{
    return work->kind == UNFINISHED_STASH && settled > 0 &&
           settled == conflicts->count;
}

dits_error *stages_last_copies(struct operation *operation,
                               const struct pathspec *pathspec,
                               struct change_list *out)
{
    CLEANUP(unfinished_release) struct unfinished work = {0};
    CLEANUP(stage_list_release) struct stage_list list = {0};
    dits_repo *repo = operation_repo(operation);
    size_t count = 0;
    TRY(unfinished_read(repo, &work));
    TRY(stage_list_read(repo, &work, &list));
    for (size_t i = 0; i < list.count; i++)
        count += pathspec_matches(pathspec, list.items[i].path, false);
    return ends_with(&work, &list, count) ? stages_copies(operation, &work, out)
                                          : NULL;
}

dits_error *stages_settle(struct operation *operation,
                          struct pathspec *pathspec, size_t *out_settled)
{
    CLEANUP(unfinished_release) struct unfinished work = {0};
    CLEANUP(stage_list_release) struct stage_list list = {0};
    CLEANUP(free_paths) const char **paths = NULL;
    dits_repo *repo = operation_repo(operation);
    size_t count = 0;
    TRY(unfinished_read(repo, &work));
    TRY(stage_list_read(repo, &work, &list));
    paths = mem_new_array(const char *, list.count + 1);
    if (paths == NULL)
        return error_nomem();
    for (size_t i = 0; i < list.count; i++) {
        if (pathspec != NULL &&
            !pathspec_matches(pathspec, list.items[i].path, false))
            continue;
        if (pathspec != NULL)
            pathspec_note(pathspec, list.items[i].path);
        paths[count++] = list.items[i].path;
    }
    if (out_settled != NULL)
        *out_settled = count;
    if (ends_with(&work, &list, count))
        TRY(stages_tidy(operation, &work));
    return count > 0 ? stages_drop(operation, &work, paths, count) : NULL;
}

dits_error *stages_find_beside(dits_repo *repo, const struct unfinished *work,
                               const char *path, const char *side,
                               struct change_side *out_side, char **out)
{
    if (dits_oid_is_zero(&work->beside))
        return NULL;
    for (unsigned number = 1; number < CONFLICT_NAMES_MAX; number++) {
        CLEANUP(text_free) char *name = NULL;
        struct tree_entry entry = {0};
        bool found = false;
        TRY(conflict_name(path, side, number, &name));
        TRY(tree_find(repo->store, &work->beside, name, &entry, &found));
        if (found) {
            *out_side = change_side_of(&entry);
            *out = MOVE(name);
            return NULL;
        }
    }
    return NULL;
}

dits_error *stages_marked(struct operation *operation,
                          const struct unfinished *work,
                          const struct dits_oid *after, struct change_list *out)
{
    CLEANUP(stage_list_release) struct stage_list list = {0};
    dits_repo *repo = operation_repo(operation);
    TRY(stage_list_read(repo, work, &list));
    for (size_t i = 0; i < list.count; i++) {
        const char *path = list.items[i].path;
        const struct index_entry *here =
            index_find(operation_index(operation), path);
        struct tree_entry entry = {0};
        bool found = false;
        TRY(tree_find(repo->store, after, path, &entry, &found));
        if (here == NULL || !found || here->mode != entry.mode ||
            !dits_oid_equal(&here->asset, &entry.id))
            continue;
        struct change_side side = change_side_of(&entry);
        TRY(change_list_add(out, path, side, side));
    }
    return NULL;
}

struct copies {
    struct index *index;
    struct change_list *list;
};

static dits_error *on_copy(const char *path, const struct tree_entry *entry,
                           void *payload)
{
    const struct copies *copies = payload;
    if (index_find(copies->index, path) != NULL)
        return NULL;
    return change_list_add(copies->list, path, change_side_of(entry),
                           (struct change_side){0});
}

dits_error *stages_copies(struct operation *operation,
                          const struct unfinished *work,
                          struct change_list *out)
{
    struct copies copies = {.index = operation_index(operation), .list = out};
    if (dits_oid_is_zero(&work->beside))
        return NULL;
    return tree_walk(operation_repo(operation)->store, &work->beside, on_copy,
                     &copies);
}

dits_error *stages_tidy(struct operation *operation,
                        const struct unfinished *work)
{
    CLEANUP(change_list_release) struct change_list copies = {0};
    CLEANUP(checkout_freep) struct checkout *checkout = NULL;
    const struct checkout_options how = {.task = "tidying up",
                                         .spared = &copies};
    struct checkout_result result = {0};
    TRY(stages_copies(operation, work, &copies));
    TRY(checkout_new(operation_repo(operation), operation, &how, &checkout));
    TRY(checkout_add_changes(checkout, &copies));
    return checkout_run(checkout, &result);
}

struct leftovers {
    struct operation *operation;
    const struct dits_oid *after;
    struct change_list *list;
};

static dits_error *add_leftover(const struct leftovers *leftovers,
                                const char *path, struct change_side side)
{
    struct tree_entry entry = {0};
    bool found = false;
    if (index_find(operation_index(leftovers->operation), path) != NULL)
        return NULL;
    TRY(tree_find(operation_repo(leftovers->operation)->store, leftovers->after,
                  path, &entry, &found));
    if (found)
        return NULL;
    return change_list_add(leftovers->list, path, side,
                           (struct change_side){0});
}

static dits_error *on_beside(const char *path, const struct tree_entry *entry,
                             void *payload)
{
    struct change_side side = {.mode = entry->mode, .id = entry->id};
    return add_leftover(payload, path, side);
}

dits_error *stages_leftovers(struct operation *operation,
                             const struct unfinished *work,
                             const struct dits_oid *after,
                             struct change_list *out)
{
    CLEANUP(stage_list_release) struct stage_list list = {0};
    dits_repo *repo = operation_repo(operation);
    struct leftovers leftovers = {
        .operation = operation, .after = after, .list = out};
    TRY(stage_list_read(repo, work, &list));
    for (size_t i = 0; i < list.count; i++)
        TRY(add_leftover(&leftovers, list.items[i].path,
                         list.items[i].sides[STAGE_THEIRS]));
    if (!dits_oid_is_zero(&work->beside))
        TRY(tree_walk(repo->store, &work->beside, on_beside, &leftovers));
    change_list_sort(out);
    return NULL;
}
