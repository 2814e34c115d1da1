#include "repo/changes.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/text.h"
#include "object/asset.h"

void change_list_release(struct change_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        mem_free(list->items[i].path);
        mem_free(list->items[i].old_path);
    }
    mem_free(list->items);
    *list = (struct change_list){0};
}

dits_error *change_list_add(struct change_list *list, const char *path,
                            struct change_side before, struct change_side after)
{
    struct change *items =
        array_grown(list->items, list->count, &list->capacity, sizeof(*items));
    if (items == NULL)
        return error_nomem();
    list->items = items;
    struct change change = {.before = before, .after = after};
    TRY(text_copy(path, &change.path));
    list->items[list->count++] = change;
    return NULL;
}

static int compare_changes(const void *a, const void *b)
{
    const struct change *left = a;
    const struct change *right = b;
    return path_compare(left->path, right->path);
}

void change_list_sort(struct change_list *list)
{
    if (list->count > 1)
        qsort(list->items, list->count, sizeof(*list->items), compare_changes);
}

const struct change *change_list_find(const struct change_list *list,
                                      const char *path)
{
    size_t low = 0;
    size_t high = list->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = path_compare(list->items[middle].path, path);
        if (order == 0)
            return &list->items[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

dits_error *change_list_add_gone(struct change_list *list,
                                 const struct change_list *gone)
{
    size_t count = list->count;
    for (size_t i = 0; i < gone->count; i++) {
        const struct change *change = &gone->items[i];
        const struct change_list known = {.items = list->items, .count = count};
        const struct change *found = change_list_find(&known, change->path);
        if (found != NULL)
            list->items[found - list->items].before = change->before;
        else
            TRY(change_list_add(list, change->path, change->before,
                                change->after));
    }
    change_list_sort(list);
    return NULL;
}

struct change_side change_side_of(const struct tree_entry *entry)
{
    if (entry == NULL)
        return (struct change_side){0};
    return (struct change_side){.mode = entry->mode, .id = entry->id};
}

bool change_side_equal(const struct change_side *a, const struct change_side *b)
{
    return a->mode == b->mode && dits_oid_equal(&a->id, &b->id);
}

/* What a walk carries along. */
struct gathering {
    const struct pathspec *pathspec;
    struct change_list *list;
    const struct index *index;
    size_t at; /* in the index: what sorts before was met */
};

static dits_error *gather(struct gathering *gathering, const char *path,
                          struct change_side before, struct change_side after)
{
    if (gathering->pathspec != NULL &&
        !pathspec_matches(gathering->pathspec, path, false))
        return NULL;
    return change_list_add(gathering->list, path, before, after);
}

static dits_error *on_difference(const char *path,
                                 const struct tree_entry *before,
                                 const struct tree_entry *after, void *payload)
{
    return gather(payload, path, change_side_of(before), change_side_of(after));
}

dits_error *change_list_of_trees(dits_repo *repo, const struct dits_oid *before,
                                 const struct dits_oid *after,
                                 const struct pathspec *pathspec,
                                 struct change_list *out)
{
    struct gathering gathering = {.pathspec = pathspec, .list = out};
    if (dits_oid_equal(before, after))
        return NULL;
    return tree_diff(repo->store, before, after, on_difference, &gathering);
}

static struct change_side side_in_index(const struct index_entry *entry)
{
    return (struct change_side){.mode = entry->mode, .id = entry->asset};
}

/* Entries of the index before `path` (NULL: all that are left) are new. */
static dits_error *pass_new(struct gathering *gathering, const char *path)
{
    size_t count = index_count(gathering->index);
    while (gathering->at < count) {
        const struct index_entry *entry =
            index_at(gathering->index, gathering->at);
        if (path != NULL && path_compare(entry->path, path) >= 0)
            return NULL;
        TRY(gather(gathering, entry->path, (struct change_side){0},
                   side_in_index(entry)));
        gathering->at++;
    }
    return NULL;
}

static dits_error *on_tree_entry(const char *path,
                                 const struct tree_entry *entry, void *payload)
{
    struct gathering *gathering = payload;
    TRY(pass_new(gathering, path));
    if (gathering->at == index_count(gathering->index))
        return gather(gathering, path, change_side_of(entry),
                      (struct change_side){0});
    const struct index_entry *here = index_at(gathering->index, gathering->at);
    if (strcmp(here->path, path) != 0)
        return gather(gathering, path, change_side_of(entry),
                      (struct change_side){0});
    gathering->at++;
    if (here->mode == entry->mode && dits_oid_equal(&here->asset, &entry->id))
        return NULL;
    return gather(gathering, path, change_side_of(entry), side_in_index(here));
}

dits_error *change_list_of_index(dits_repo *repo, const struct dits_oid *before,
                                 const struct index *after,
                                 const struct pathspec *pathspec,
                                 struct change_list *out)
{
    struct gathering gathering = {
        .pathspec = pathspec, .list = out, .index = after};
    const struct dits_oid *tree = index_tree(after);
    if (!dits_oid_is_zero(tree))
        return change_list_of_trees(repo, before, tree, pathspec, out);
    TRY(tree_walk(repo->store, before, on_tree_entry, &gathering));
    return pass_new(&gathering, NULL);
}

enum dits_change change_kind(const struct change *change)
{
    enum tree_mode before = change->before.mode;
    enum tree_mode after = change->after.mode;
    if (change->old_path != NULL)
        return DITS_RENAMED;
    if (before == 0)
        return DITS_ADDED;
    if (after == 0)
        return DITS_DELETED;
    return (before == TREE_SYMLINK) != (after == TREE_SYMLINK)
               ? DITS_TYPE_CHANGED
               : DITS_MODIFIED;
}

static bool is_removal(const struct change *change)
{
    return change->after.mode == 0;
}

static int compare_by_id(const void *a, const void *b)
{
    const struct change *const *left = a;
    const struct change *const *right = b;
    int order = oid_compare(&(*left)->before.id, &(*right)->before.id);
    return order != 0 ? order : path_compare((*left)->path, (*right)->path);
}

/* The first of the removed that has this id or a greater one. */
static size_t find_id(struct change *const *removed, size_t count,
                      const struct dits_oid *id)
{
    size_t low = 0;
    size_t high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (oid_compare(&removed[middle]->before.id, id) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* How many of the same id are looked at for one of the same name. */
enum { SOURCES_MAX = 64 };

/* The removed file that `added` was; NULL: none. One that is taken has lost
 * its path. */
static struct change *find_source(struct change *const *removed, size_t count,
                                  const struct change *added)
{
    struct change *best = NULL;
    size_t start = find_id(removed, count, &added->after.id);
    for (size_t i = start; i < count && i - start < SOURCES_MAX; i++) {
        struct change *candidate = removed[i];
        if (!dits_oid_equal(&candidate->before.id, &added->after.id))
            break;
        bool is_link = candidate->before.mode == TREE_SYMLINK;
        if (candidate->path == NULL ||
            is_link != (added->after.mode == TREE_SYMLINK))
            continue;
        if (best == NULL)
            best = candidate;
        if (strcmp(path_base_name(candidate->path),
                   path_base_name(added->path)) == 0)
            return candidate;
    }
    return best;
}

void change_list_drop_taken(struct change_list *list)
{
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].path != NULL)
            list->items[kept++] = list->items[i];
    list->count = kept;
}

static void free_pointers(struct change ***removed)
{
    mem_free(*removed);
}

dits_error *change_list_find_renames(struct change_list *list, bool also_empty)
{
    CLEANUP(free_pointers) struct change **removed = NULL;
    struct dits_oid empty = {0};
    size_t count = 0;
    if (list->count < 2)
        return NULL;
    removed = mem_new_array(struct change *, list->count);
    if (removed == NULL)
        return error_nomem();
    asset_empty_id(&empty);
    for (size_t i = 0; i < list->count; i++)
        if (is_removal(&list->items[i]) &&
            (also_empty || !dits_oid_equal(&list->items[i].before.id, &empty)))
            removed[count++] = &list->items[i];
    if (count == 0)
        return NULL;
    qsort(removed, count, sizeof(struct change *), compare_by_id);

    for (size_t i = 0; i < list->count; i++) {
        struct change *added = &list->items[i];
        if (added->path == NULL || added->before.mode != 0)
            continue;
        struct change *source = find_source(removed, count, added);
        if (source != NULL) {
            added->old_path = MOVE(source->path);
            added->before = source->before;
            added->similarity = 100;
        }
    }
    change_list_drop_taken(list);
    return NULL;
}
