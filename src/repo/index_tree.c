/* The index as a tree, and a tree as the index. */
#include <string.h>

#include "base/path.h"
#include "object/path_tree.h"
#include "repo/index_private.h"

dits_error *index_write_tree(struct index *index, struct store_writer *writer,
                             struct dits_oid *out)
{
    if (!dits_oid_is_zero(&index->tree)) {
        *out = index->tree;
        return NULL;
    }
    CLEANUP(path_tree_builder_freep) struct path_tree_builder *builder = NULL;
    TRY(path_tree_builder_new(writer, &builder));
    size_t count = index_count(index);
    for (size_t i = 0; i < count; i++) {
        const struct index_entry *entry = index_at(index, i);
        TRY_CONTEXT(path_tree_builder_add(builder, entry->path, entry->mode,
                                          &entry->asset),
                    "cannot store '%s'", entry->path);
    }
    TRY(path_tree_builder_finish(builder, out));
    index->tree = *out;
    return NULL;
}

/* What a walk through the tree to read carries along. */
struct reading {
    struct index *index;
    size_t at; /* in the index: what sorts before has been passed */
    struct index_table fresh;
};

static dits_error *ignore_removed(const char *path, void *payload)
{
    (void)path;
    (void)payload;
    return NULL; /* a tree cannot hold a file and a folder of one name */
}

static dits_error *read_entry(const char *path, const struct tree_entry *entry,
                              void *payload)
{
    struct reading *reading = payload;
    struct index_entry fresh = {
        .path = path, .mode = entry->mode, .asset = entry->id};
    size_t count = index_count(reading->index);
    while (reading->at < count &&
           path_compare(index_at(reading->index, reading->at)->path, path) < 0)
        reading->at++;
    if (reading->at < count) {
        const struct index_entry *old = index_at(reading->index, reading->at);
        if (strcmp(old->path, path) == 0 && index_is_same_content(old, &fresh))
            fresh = *old;
        fresh.path = path;
    }
    const char *own = NULL;
    return index_table_set(&reading->fresh, &fresh, ignore_removed, NULL, &own);
}

/* Every entry anew. */
static dits_error *read_whole(struct index *index, const struct dits_oid *tree)
{
    CLEANUP(index_table_release) struct index_table fresh = {0};
    struct reading reading = {.index = index};
    dits_error *err = tree_walk(index->repo->store, tree, read_entry, &reading);
    fresh = MOVE(reading.fresh);
    TRY(err);

    TRY(index_clear(index)); /* nothing points into the old table any more */
    index_table_release(index->table);
    *index->table = MOVE(fresh);
    return NULL;
}

static dits_error *apply_difference(const char *path,
                                    const struct tree_entry *before,
                                    const struct tree_entry *after,
                                    void *payload)
{
    struct index *index = payload;
    (void)before;
    if (after == NULL)
        return index_remove(index, path);
    struct index_entry entry = {
        .path = path, .mode = after->mode, .asset = after->id};
    return index_set(index, &entry);
}

dits_error *index_read_tree(struct index *index, const struct dits_oid *tree)
{
    struct dits_oid before = index->tree;
    if (dits_oid_is_zero(tree))
        TRY(index_clear(index));
    else if (dits_oid_is_zero(&before))
        TRY(read_whole(index, tree));
    else
        TRY(tree_diff(index->repo->store, &before, tree, apply_difference,
                      index));
    index->tree = *tree;
    return NULL;
}
