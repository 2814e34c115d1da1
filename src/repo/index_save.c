#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/path.h"
#include "base/text.h"
#include "repo/index_format.h"
#include "repo/index_private.h"
#include "repo/index_stat.h"

/* The journal is folded into a new index when it is larger than this. */
static uint64_t journal_limit(const struct index *index)
{
    return (UINT64_C(64) << 10) + index->map_size / 8;
}

/*
 * A file that was written in this very moment may be written again without its
 * times changing. Such entries are kept without stat data, so that the next
 * look at the file reads it.
 */
static void forget_unsettled(struct index *index, int64_t now_ns)
{
    size_t count = index_count(index);
    for (size_t i = 0; i < count; i++) {
        struct index_entry *entry = &index->table->base[i];
        if (entry->mtime_ns != 0 && index_stat_is_unsettled(entry, now_ns))
            entry->mtime_ns = 0;
    }
}

static dits_error *write_synced(const char *path, const struct buf *bytes)
{
    CLEANUP(fs_close) struct fs_file file = {0};
    if (fs_exists(path))
        TRY(fs_remove(path)); /* left by a crash; we hold the lock */
    TRY(fs_open(path, FS_CREATE_NEW, &file));
    TRY_CONTEXT(fs_write_at(&file, 0, bytes->data, bytes->size),
                "cannot write '%s'", path);
    TRY_CONTEXT(fs_sync(&file), "cannot write '%s'", path);
    return NULL;
}

/*
 * The new file is durable before it gets the name; the one before stays as
 * INDEX_OLD_NAME. The journal then belongs to the old one, and is void.
 */
static dits_error *replace_file(const struct index *index,
                                const struct buf *bytes)
{
    CLEANUP(text_free) char *path = NULL;
    CLEANUP(text_free) char *old = NULL;
    CLEANUP(text_free) char *fresh = NULL;
    TRY(index_file_path(index, INDEX_NAME, &path));
    TRY(index_file_path(index, INDEX_OLD_NAME, &old));
    TRY(index_file_path(index, INDEX_NAME ".new", &fresh));
    TRY(write_synced(fresh, bytes));
    if (fs_exists(path))
        TRY(fs_rename(path, old));
    TRY(fs_rename(fresh, path));
    return fs_sync_dir(index->repo->private_dir);
}

/* Of an index that is lost: it must not be taken for that of the next one. */
static dits_error *drop_journal(const struct index *index)
{
    CLEANUP(text_free) char *path = NULL;
    TRY(index_file_path(index, INDEX_JOURNAL_NAME, &path));
    if (!fs_exists(path))
        return NULL;
    TRY(fs_remove(path));
    return fs_sync_dir(index->repo->private_dir);
}

static dits_error *save_whole(struct index *index)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    struct index_header header = {
        .generation = index->generation + 1,
        .operation = index->operation,
        .tree = index->tree,
    };
    size_t count = index_count(index);
    TRY(index_format_encode(&header, index->table->base, count, &bytes));
    if (index->generation == 0)
        TRY(drop_journal(index));
    TRY(replace_file(index, &bytes));
    index->generation = header.generation;
    index->journal_size = 0;
    return NULL;
}

static int compare_paths(const void *a, const void *b)
{
    const char *const *left = a;
    const char *const *right = b;
    return path_compare(*left, *right);
}

/* The record of all changes since the index was read or saved. */
static dits_error *encode_changes(struct index *index, struct buf *out,
                                  uint32_t *out_count)
{
    *out_count = 0;
    if (index->changed_count > 0)
        qsort(index->changed, index->changed_count, sizeof(*index->changed),
              compare_paths);
    for (size_t i = 0; i < index->changed_count; i++) {
        const char *path = index->changed[i];
        if (i > 0 && strcmp(path, index->changed[i - 1]) == 0)
            continue;
        const struct index_entry gone = {.path = path};
        const struct index_entry *entry = index_find(index, path);
        TRY(index_change_encode(entry != NULL ? entry : &gone, out));
        (*out_count)++;
    }
    return NULL;
}

static dits_error *start_journal(struct index *index, struct buf *bytes,
                                 const char *path)
{
    CLEANUP(text_free) char *fresh = NULL;
    TRY(index_file_path(index, INDEX_JOURNAL_NAME ".new", &fresh));
    TRY(write_synced(fresh, bytes));
    TRY(fs_rename(fresh, path));
    return fs_sync_dir(index->repo->private_dir);
}

/* Behind the last whole record, in place of what a crash may have left. */
static dits_error *append_journal(const struct index *index,
                                  const struct buf *bytes, const char *path)
{
    CLEANUP(fs_close) struct fs_file file = {0};
    TRY(fs_open(path, FS_WRITE, &file));
    TRY_CONTEXT(fs_truncate(&file, index->journal_size), "cannot write '%s'",
                path);
    TRY_CONTEXT(
        fs_write_at(&file, index->journal_size, bytes->data, bytes->size),
        "cannot write '%s'", path);
    TRY_CONTEXT(fs_sync(&file), "cannot write '%s'", path);
    return NULL;
}

/* `*out_done` false: the journal would become too large. */
static dits_error *save_to_journal(struct index *index, bool *out_done)
{
    CLEANUP(text_free) char *path = NULL;
    CLEANUP(buf_release) struct buf changes = {0};
    CLEANUP(buf_release) struct buf bytes = {0};
    bool is_first = index->journal_size == 0;
    uint64_t checksum = index->journal_checksum;
    struct index_record record = {
        .operation = index->operation,
        .tree = index->tree,
    };
    TRY(encode_changes(index, &changes, &record.change_count));
    *out_done = index->journal_size + changes.size < journal_limit(index);
    if (!*out_done)
        return NULL;

    if (is_first)
        TRY(index_journal_begin(index->generation, &bytes, &checksum));
    record.previous = checksum;
    record.changes = buf_slice(&changes);
    TRY(index_record_encode(&record, &bytes, &checksum));
    TRY(index_file_path(index, INDEX_JOURNAL_NAME, &path));
    if (is_first)
        TRY(start_journal(index, &bytes, path));
    else
        TRY(append_journal(index, &bytes, path));
    index->journal_size += bytes.size;
    index->journal_checksum = checksum;
    return NULL;
}

dits_error *index_save(struct index *index, uint64_t operation)
{
    if (!index->is_changed)
        return NULL;
    uint64_t before = index->operation;
    index->operation = operation != 0 ? operation : before;
    forget_unsettled(index, fs_now_ns());

    bool done = false;
    dits_error *err = NULL;
    if (!index->is_whole_new && !index->is_old && index->generation != 0)
        err = save_to_journal(index, &done);
    if (err == NULL && !done)
        err = save_whole(index);
    if (err != NULL) {
        index->operation = before;
        return error_wrap(err, "cannot save what is staged");
    }
    mem_free(index->changed);
    index->changed = NULL;
    index->changed_count = 0;
    index->changed_capacity = 0;
    index->is_changed = false;
    index->is_whole_new = false;
    index->is_old = false;
    return NULL;
}
