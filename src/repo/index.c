#include "repo/index.h"

#include <string.h>

#include "base/array.h"
#include "base/mem.h"
#include "base/path.h"
#include "repo/index_private.h"

/* With more paths than this the journal would not pay. */
enum { CHANGED_MAX = 4096 };

dits_error *index_new(dits_repo *repo, struct index **out)
{
    CLEANUP(index_freep) struct index *index = mem_new(struct index);
    if (index == NULL)
        return error_nomem();
    index->repo = repo;
    index->table = mem_new(struct index_table);
    if (index->table == NULL)
        return error_nomem();
    *out = MOVE(index);
    return NULL;
}

void index_reset(struct index *index)
{
    if (index->table != NULL)
        index_table_release(index->table);
    fs_unmap(index->map, index->map_size);
    mem_free(index->changed);
    *index = (struct index){.repo = index->repo, .table = index->table};
}

void index_free(struct index *index)
{
    if (index == NULL)
        return;
    index_reset(index);
    mem_free(index->table);
    mem_free(index);
}

void index_freep(struct index **index)
{
    index_free(*index);
}

dits_error *index_open(dits_repo *repo, struct index **out)
{
    CLEANUP(index_freep) struct index *index = NULL;
    TRY(index_new(repo, &index));
    TRY_CONTEXT(index_load(index), "cannot read what is staged");
    *out = MOVE(index);
    return NULL;
}

size_t index_count(const struct index *index)
{
    index_table_settle(index->table);
    return index->table->base_count;
}

const struct index_entry *index_at(const struct index *index, size_t i)
{
    index_table_settle(index->table);
    return &index->table->base[i];
}

const struct index_entry *index_find(const struct index *index,
                                     const char *path)
{
    return index_table_find(index->table, path);
}

size_t index_lower_bound(const struct index *index, const char *path)
{
    index_table_settle(index->table);
    return index_table_lower_bound(index->table, path);
}

bool index_has_below(const struct index *index, const char *path)
{
    size_t at = index_lower_bound(index, path);
    if (at < index_count(index) && strcmp(index_at(index, at)->path, path) == 0)
        at++; /* a file that was tracked and is a folder now */
    return at < index_count(index) &&
           path_is_within(index_at(index, at)->path, path);
}

/* Note a change; `path` lives as long as the table. */
static dits_error *note_change(const char *path, void *payload)
{
    struct index *index = payload;
    index->is_changed = true;
    index->tree = (struct dits_oid){0};
    if (index->is_whole_new)
        return NULL;
    if (index->changed_count == CHANGED_MAX) {
        index->is_whole_new = true;
        return NULL;
    }
    const char **changed = array_grown(index->changed, index->changed_count,
                                       &index->changed_capacity,
                                       sizeof(*changed));
    if (changed == NULL)
        return error_nomem();
    index->changed = changed;
    index->changed[index->changed_count++] = path;
    return NULL;
}

bool index_is_same_content(const struct index_entry *a,
                           const struct index_entry *b)
{
    return a->mode == b->mode && dits_oid_equal(&a->asset, &b->asset);
}

dits_error *index_set(struct index *index, const struct index_entry *entry)
{
    const struct index_entry *old = index_find(index, entry->path);
    bool keeps_tree = old != NULL && index_is_same_content(old, entry);
    struct dits_oid tree = index->tree;
    const char *path = NULL;
    TRY(index_table_set(index->table, entry, note_change, index, &path));
    TRY(note_change(path, index));
    if (keeps_tree)
        index->tree = tree; /* only stat data is new */
    return NULL;
}

dits_error *index_remove(struct index *index, const char *path)
{
    const char *removed = NULL;
    index_table_remove(index->table, path, &removed);
    return removed != NULL ? note_change(removed, index) : NULL;
}

dits_error *index_clear(struct index *index)
{
    index_table_clear(index->table);
    index->is_changed = true;
    index->is_whole_new = true;
    index->changed_count = 0;
    index->tree = (struct dits_oid){0};
    return NULL;
}

bool index_is_changed(const struct index *index)
{
    return index->is_changed;
}

const struct dits_oid *index_tree(const struct index *index)
{
    return &index->tree;
}

void index_set_tree(struct index *index, const struct dits_oid *tree)
{
    index->tree = *tree;
}

uint64_t index_operation(const struct index *index)
{
    return index->operation;
}
