#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "repo/index_format.h"
#include "repo/index_private.h"

enum {
    JOURNAL_MAX = 1 << 30,
    /* A save between two of our reads makes us start over, so often at most. */
    ATTEMPTS_MAX = 10,
};

dits_error *index_file_path(const struct index *index, const char *name,
                            char **out)
{
    return fs_join(index->repo->private_dir, name, out);
}

/* Map and parse a whole index. `*out_found` false: there is no such file. */
static dits_error *load_file(struct index *index, const char *name,
                             bool *out_found)
{
    CLEANUP(fs_close) struct fs_file file = {0};
    CLEANUP(text_free) char *path = NULL;
    struct fs_stat stat = {0};
    struct index_header header = {0};
    struct index_entry *entries = NULL;
    size_t count = 0;
    TRY(index_file_path(index, name, &path));
    *out_found = fs_exists(path);
    if (!*out_found)
        return NULL;
    TRY(fs_open(path, FS_READ, &file));
    TRY(fs_stat_file(&file, &stat));
    if (stat.kind != FS_REGULAR || stat.size == 0)
        return error_new(DITS_E_CORRUPT, "'%s' is empty", path);

    index->map_size = (size_t)stat.size;
    TRY(fs_map(&file, index->map_size, &index->map));
    TRY_CONTEXT(index_format_parse(index->map, index->map_size, &header,
                                   &entries, &count),
                "cannot read '%s'", path);
    index_table_fill(index->table, entries, count);
    index->stat = stat;
    index->generation = header.generation;
    index->operation = header.operation;
    index->tree = header.tree;
    index->is_old = header.is_old;
    return NULL;
}

static dits_error *ignore_removed(const char *path, void *payload)
{
    (void)path;
    (void)payload;
    return NULL;
}

static dits_error *apply_record(struct index *index,
                                const struct index_record *record)
{
    CLEANUP(buf_release) struct buf path = {0};
    struct cursor in = cursor_over(record->changes.data, record->changes.size);
    for (uint32_t i = 0; i < record->change_count; i++) {
        struct index_entry entry = {0};
        const char *own = NULL;
        TRY(index_change_parse(&in, &path, &entry));
        if (entry.mode == 0)
            index_table_remove(index->table, entry.path, &own);
        else
            TRY(index_table_set(index->table, &entry, ignore_removed, NULL,
                                &own));
    }
    TRY(cursor_end(&in));
    index->operation = record->operation;
    index->tree = record->tree;
    return NULL;
}

dits_error *index_apply_journal(struct index *index, struct slice data,
                                uint64_t *out_generation)
{
    struct cursor in = cursor_over(data.data, data.size);
    uint64_t checksum = 0;
    bool is_old = false;
    TRY(index_journal_parse(&in, out_generation, &checksum, &is_old));
    if (*out_generation != index->generation)
        return NULL;
    index->is_old = index->is_old || is_old;

    bool whole = true;
    while (whole) {
        struct index_record record = {0};
        index->journal_size = data.size - cursor_left(&in);
        index->journal_checksum = checksum;
        TRY(index_record_parse(&in, checksum, &record, &checksum, &whole));
        if (whole)
            TRY(apply_record(index, &record));
    }
    index_table_settle(index->table);
    return NULL;
}

/* Read the index of that name and what the journal adds to it. */
static dits_error *load_once(struct index *index, const char *name,
                             bool *out_found, bool *out_again)
{
    CLEANUP(text_free) char *path = NULL;
    CLEANUP(buf_release) struct buf journal = {0};
    uint64_t generation = 0;
    *out_again = false;
    TRY(load_file(index, name, out_found));
    if (!*out_found)
        return NULL;
    TRY(index_file_path(index, INDEX_JOURNAL_NAME, &path));
    if (!fs_exists(path))
        return NULL;
    TRY(fs_read_all(path, JOURNAL_MAX, &journal));
    TRY_CONTEXT(index_apply_journal(index, buf_slice(&journal), &generation),
                "cannot read '%s'", path);

    /* The journal of a later index: that one has appeared since we looked. */
    *out_again = generation > index->generation;
    return NULL;
}

/* Damage can be worked around; a newer format and a lack of memory cannot. */
static bool is_damage(const dits_error *err)
{
    return dits_error_code(err) == DITS_E_CORRUPT ||
           dits_error_code(err) == DITS_E_LIMIT;
}

/*
 * Without an index there is the one before it where a save was cut short
 * between its two renames: what stood there was still to be replaced.
 */
static dits_error *load_old(struct index *index, dits_error *damage)
{
    bool found = false;
    bool again = false;
    bool current = false;
    index_reset(index);
    dits_error *err = load_once(index, INDEX_OLD_NAME, &found, &again);
    if (err == NULL && found && !again)
        err = index_is_current(index, &current);
    if (current && damage == NULL)
        return NULL;
    if (err != NULL && damage == NULL)
        damage = MOVE(err);
    dits_error_free(err); /* one damage is enough to tell of */
    index_reset(index);
    return index_recover(index, damage);
}

dits_error *index_load(struct index *index)
{
    bool found = false;
    bool again = true;
    for (int attempt = 0; again && attempt < ATTEMPTS_MAX; attempt++) {
        index_reset(index);
        dits_error *err = load_once(index, INDEX_NAME, &found, &again);
        if (err != NULL && !is_damage(err))
            return err;
        if (err != NULL || !found)
            return load_old(index, err);
    }
    if (!again)
        return NULL;
    return load_old(index, error_new(DITS_E_CORRUPT,
                                     "the journal belongs to another index"));
}
