#include "repo/index_table.h"

#include <string.h>

#include "base/array.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/text.h"

enum {
    BLOCK_BYTES = 64 * 1024,
    /* Insertions in the middle of more than this are merged first. */
    MANY_ADDED = 1024,
};

struct index_block {
    struct index_block *next;
    char *bytes;
    size_t used;
    size_t size;
};

static void free_blocks(struct index_table *table)
{
    while (table->blocks != NULL) {
        struct index_block *next = table->blocks->next;
        mem_free(table->blocks->bytes);
        mem_free(table->blocks);
        table->blocks = next;
    }
}

void index_table_release(struct index_table *table)
{
    mem_free(table->base);
    mem_free(table->added);
    free_blocks(table);
    *table = (struct index_table){0};
}

void index_table_fill(struct index_table *table, struct index_entry *entries,
                      size_t count)
{
    table->base = entries;
    table->base_count = count;
    table->base_capacity = count;
}

/* NULL: no memory. */
static struct index_block *add_block(struct index_table *table, size_t needed)
{
    size_t size = needed > BLOCK_BYTES ? needed : BLOCK_BYTES;
    struct index_block *block = mem_new(struct index_block);
    char *bytes = mem_new_array(char, size);
    if (block == NULL || bytes == NULL) {
        mem_free(block);
        mem_free(bytes);
        return NULL;
    }
    *block = (struct index_block){
        .next = table->blocks, .bytes = bytes, .size = size};
    table->blocks = block;
    return block;
}

static dits_error *copy_path(struct index_table *table, const char *path,
                             const char **out)
{
    size_t needed = strlen(path) + 1;
    struct index_block *block = table->blocks;
    if (block == NULL || block->size - block->used < needed)
        block = add_block(table, needed);
    if (block == NULL)
        return error_nomem();
    *out = memcpy(block->bytes + block->used, path, needed);
    block->used += needed;
    return NULL;
}

static size_t lower_bound(const struct index_entry *entries, size_t count,
                          const char *path)
{
    if (count > 0 && path_compare(entries[count - 1].path, path) < 0)
        return count; /* most paths come in order */
    size_t low = 0;
    size_t high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (path_compare(entries[middle].path, path) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void drop_removed(struct index_table *table)
{
    size_t kept = 0;
    for (size_t i = 0; i < table->base_count; i++)
        if (table->base[i].mode != 0)
            table->base[kept++] = table->base[i];
    table->base_count = kept;
    table->has_removed = false;
}

void index_table_settle(struct index_table *table)
{
    /* A settled table is only read: threads may look at it together. */
    if (!table->has_removed && table->added_count == 0)
        return;
    if (table->has_removed)
        drop_removed(table);

    /* From the end: base has room behind, so nothing is overwritten unread. */
    size_t left = table->base_count;
    size_t right = table->added_count;
    size_t to = left + right;
    while (right > 0) {
        const struct index_entry *added = &table->added[right - 1];
        if (left > 0 &&
            path_compare(table->base[left - 1].path, added->path) > 0) {
            table->base[--to] = table->base[--left];
        } else {
            table->base[--to] = *added;
            right--;
        }
    }
    table->base_count += table->added_count;
    table->added_count = 0;
}

size_t index_table_lower_bound(const struct index_table *table,
                               const char *path)
{
    return lower_bound(table->base, table->base_count, path);
}

/* The entry of exactly `path`, removed or not; NULL: none. */
static struct index_entry *find_in(struct index_entry *entries, size_t count,
                                   const char *path)
{
    size_t at = lower_bound(entries, count, path);
    bool found = at < count && strcmp(entries[at].path, path) == 0;
    return found ? &entries[at] : NULL;
}

struct index_entry *index_table_find(const struct index_table *table,
                                     const char *path)
{
    struct index_entry *entry = find_in(table->added, table->added_count, path);
    if (entry == NULL)
        entry = find_in(table->base, table->base_count, path);
    return entry != NULL && entry->mode != 0 ? entry : NULL;
}

/* Room for one more in `added`, and in `base` once it has them all. */
static dits_error *make_room(struct index_table *table)
{
    size_t total = table->base_count + table->added_count;
    struct index_entry *added = array_grown(table->added, table->added_count,
                                            &table->added_capacity,
                                            sizeof(*added));
    if (added == NULL)
        return error_nomem();
    table->added = added;
    struct index_entry *base =
        array_grown(table->base, total, &table->base_capacity, sizeof(*base));
    if (base == NULL)
        return error_nomem();
    table->base = base;
    return NULL;
}

/* Put a new path where it belongs in `added`. */
static dits_error *insert(struct index_table *table,
                          const struct index_entry *entry,
                          const char **out_path)
{
    size_t at = lower_bound(table->added, table->added_count, entry->path);
    if (at < table->added_count && table->added_count > MANY_ADDED) {
        index_table_settle(table);
        at = 0;
    }
    TRY(make_room(table));
    TRY(copy_path(table, entry->path, out_path));
    struct index_entry *slot = &table->added[at];
    memmove(slot + 1, slot, (table->added_count - at) * sizeof(*slot));
    *slot = *entry;
    slot->path = *out_path;
    table->added_count++;
    return NULL;
}

/* Whether the entry before where `path` goes lies in the same folder. */
static bool has_neighbour(const struct index_entry *entries, size_t count,
                          const char *path, size_t folder_length)
{
    size_t at = lower_bound(entries, count, path);
    return at > 0 && entries[at - 1].mode != 0 &&
           strncmp(entries[at - 1].path, path, folder_length) == 0;
}

/* Remove files that stand where `path` needs a folder. */
static dits_error *clear_parents(struct index_table *table, const char *path,
                                 index_table_fn *on_removed, void *payload)
{
    const char *slash = strrchr(path, '/');
    if (slash == NULL)
        return NULL;
    size_t folder_length = (size_t)(slash - path) + 1;
    if (has_neighbour(table->added, table->added_count, path, folder_length) ||
        has_neighbour(table->base, table->base_count, path, folder_length))
        return NULL; /* its folder is one already */

    CLEANUP(text_free) char *part = NULL;
    TRY(text_copy(path, &part));
    for (char *at = strchr(part, '/'); at != NULL; at = strchr(at + 1, '/')) {
        const char *removed = NULL;
        *at = '\0';
        index_table_remove(table, part, &removed);
        *at = '/';
        if (removed != NULL)
            TRY(on_removed(removed, payload));
    }
    return NULL;
}

/* Whether an entry lies below `path`. */
static bool has_below(const struct index_entry *entries, size_t count,
                      const char *path)
{
    size_t at = lower_bound(entries, count, path);
    while (at < count &&
           (entries[at].mode == 0 || strcmp(entries[at].path, path) == 0)) {
        if (!path_is_within(entries[at].path, path))
            return false;
        at++;
    }
    return at < count && path_is_within(entries[at].path, path);
}

/* Remove what lies below the folder whose place `path` takes. */
static dits_error *clear_below(struct index_table *table, const char *path,
                               index_table_fn *on_removed, void *payload)
{
    if (!has_below(table->added, table->added_count, path) &&
        !has_below(table->base, table->base_count, path))
        return NULL;
    index_table_settle(table);
    for (size_t i = index_table_lower_bound(table, path);
         i < table->base_count && path_is_within(table->base[i].path, path);
         i++) {
        table->base[i].mode = (enum tree_mode)0;
        table->has_removed = true;
        TRY(on_removed(table->base[i].path, payload));
    }
    return NULL;
}

dits_error *index_table_set(struct index_table *table,
                            const struct index_entry *entry,
                            index_table_fn *on_removed, void *payload,
                            const char **out_path)
{
    struct index_entry *old =
        find_in(table->added, table->added_count, entry->path);
    if (old == NULL)
        old = find_in(table->base, table->base_count, entry->path);
    bool is_new = old == NULL || old->mode == 0;
    if (is_new) {
        TRY(clear_parents(table, entry->path, on_removed, payload));
        TRY(clear_below(table, entry->path, on_removed, payload));
        old = find_in(table->base, table->base_count, entry->path);
    }
    if (old == NULL)
        return insert(table, entry, out_path);

    /* Also one that was removed: no path is in the table twice. */
    const char *path = old->path;
    *old = *entry;
    old->path = path;
    *out_path = path;
    return NULL;
}

void index_table_remove(struct index_table *table, const char *path,
                        const char **out_path)
{
    *out_path = NULL;
    struct index_entry *entry = find_in(table->added, table->added_count, path);
    if (entry != NULL) {
        size_t at = (size_t)(entry - table->added);
        *out_path = entry->path;
        memmove(entry, entry + 1,
                (table->added_count - at - 1) * sizeof(*entry));
        table->added_count--;
        return;
    }
    entry = find_in(table->base, table->base_count, path);
    if (entry == NULL || entry->mode == 0)
        return;
    *out_path = entry->path;
    entry->mode = (enum tree_mode)0;
    table->has_removed = true;
}

void index_table_clear(struct index_table *table)
{
    table->base_count = 0;
    table->added_count = 0;
    table->has_removed = false;
}
