/*
 * repo/index_table.h - sorted entries in memory
 *
 * What is read from a file stands in one sorted array; what is set later
 * gathers in a second one, and both are merged when somebody looks. So staging
 * 100,000 paths in their order costs no more than appending them.
 */
#ifndef REPO_INDEX_TABLE_H
#define REPO_INDEX_TABLE_H

#include "repo/index.h"

struct index_block; /* of memory for paths */

struct index_table {
    struct index_entry *base; /* mode 0: removed */
    size_t base_count;
    size_t base_capacity; /* room for what `added` holds, too */
    bool has_removed;
    struct index_entry *added;
    size_t added_count;
    size_t added_capacity;
    struct index_block *blocks;
};

void index_table_release(struct index_table *table);

/* Takes over `entries`, which are sorted; their paths are borrowed. */
void index_table_fill(struct index_table *table, struct index_entry *entries,
                      size_t count);

/* Merge, so that `base` alone is everything. Cannot fail. */
void index_table_settle(struct index_table *table);

/* First entry of the settled table that does not sort before `path`. */
size_t index_table_lower_bound(const struct index_table *table,
                               const char *path);

/* Without settling. Borrowed until the next change. NULL: not there. */
struct index_entry *index_table_find(const struct index_table *table,
                                     const char *path);

/* A path told of: one that was removed to make room for another. */
typedef dits_error *index_table_fn(const char *path, void *payload);

/*
 * Add or replace. A file takes the place of a folder of its name and the other
 * way round; `on_removed` hears of each path that goes. `out_path` is the
 * table's own copy.
 */
MUST_USE dits_error *index_table_set(struct index_table *table,
                                     const struct index_entry *entry,
                                     index_table_fn *on_removed, void *payload,
                                     const char **out_path);

/* `out_path` is NULL when it was not there. */
void index_table_remove(struct index_table *table, const char *path,
                        const char **out_path);
void index_table_clear(struct index_table *table);

#endif
