/* Whether the index is as it was, by its header and its journal. */
#include "base/text.h"
#include "repo/index_format.h"
#include "repo/index_private.h"

enum { JOURNAL_MAX = 64 << 20 };

void index_mark_of(const struct index *index, struct index_mark *out)
{
    *out = (struct index_mark){0};
    if (index->generation == 0 || index->is_changed)
        return;
    *out = (struct index_mark){
        .inode = index->stat.inode,
        .size = index->stat.size,
        .mtime_ns = index->stat.mtime_ns,
        .ctime_ns = index->stat.ctime_ns,
        .generation = index->generation,
        .journal_size = index->journal_size,
        .journal_checksum = index->journal_checksum,
        .tree = index->tree,
    };
}

/* The file of the index without what the journal says. */
static dits_error *peek_file(const dits_repo *repo, struct index_mark *out)
{
    CLEANUP(fs_close) struct fs_file file = {0};
    CLEANUP(text_free) char *path = NULL;
    struct fs_stat stat = {0};
    struct index_header header = {0};
    uint8_t bytes[INDEX_HEADER_SIZE];
    TRY(fs_join(repo->private_dir, INDEX_NAME, &path));
    TRY(fs_open(path, FS_READ, &file));
    TRY(fs_stat_file(&file, &stat));
    TRY(fs_read_at(&file, 0, sizeof(bytes), bytes));
    TRY(index_header_parse(bytes, &header));
    *out = (struct index_mark){
        .inode = stat.inode,
        .size = stat.size,
        .mtime_ns = stat.mtime_ns,
        .ctime_ns = stat.ctime_ns,
        .generation = header.generation,
        .tree = header.tree,
    };
    return NULL;
}

static dits_error *tell_paths(const struct index_record *record,
                              index_path_fn *fn, void *payload)
{
    CLEANUP(buf_release) struct buf path = {0};
    struct cursor in = cursor_over(record->changes.data, record->changes.size);
    for (uint32_t i = 0; i < record->change_count; i++) {
        struct index_entry entry = {0};
        TRY(index_change_parse(&in, &path, &entry));
        TRY(fn(entry.path, payload));
    }
    return cursor_end(&in);
}

/* Records up to where `known` ends are passed over. */
static dits_error *peek_journal(struct slice data,
                                const struct index_mark *known,
                                index_path_fn *fn, void *payload,
                                struct index_mark *mark, bool *out_met)
{
    struct cursor in = cursor_over(data.data, data.size);
    uint64_t generation = 0;
    uint64_t checksum = 0;
    bool is_old = false;
    bool whole = true;
    TRY(index_journal_parse(&in, &generation, &checksum, &is_old));
    if (generation != mark->generation)
        return NULL;
    while (whole) {
        struct index_record record = {0};
        mark->journal_size = data.size - cursor_left(&in);
        mark->journal_checksum = checksum;
        *out_met = *out_met || (mark->journal_size == known->journal_size &&
                                checksum == known->journal_checksum);
        TRY(index_record_parse(&in, checksum, &record, &checksum, &whole));
        if (!whole)
            break;
        if (*out_met)
            TRY(tell_paths(&record, fn, payload));
        mark->tree = record.tree;
    }
    return NULL;
}

static bool is_same_file(const struct index_mark *a, const struct index_mark *b)
{
    return a->inode == b->inode && a->size == b->size &&
           a->mtime_ns == b->mtime_ns && a->ctime_ns == b->ctime_ns &&
           a->generation == b->generation && a->generation != 0;
}

bool index_mark_equal(const struct index_mark *a, const struct index_mark *b)
{
    return is_same_file(a, b) && a->journal_size == b->journal_size &&
           a->journal_checksum == b->journal_checksum;
}

dits_error *index_peek(dits_repo *repo, const struct index_mark *known,
                       index_path_fn *fn, void *payload, struct index_mark *out,
                       bool *out_follows)
{
    CLEANUP(text_free) char *path = NULL;
    CLEANUP(buf_release) struct buf journal = {0};
    *out_follows = false;
    TRY(peek_file(repo, out));
    if (!is_same_file(known, out))
        return NULL;
    bool met = known->journal_size == 0;
    TRY(fs_join(repo->private_dir, INDEX_JOURNAL_NAME, &path));
    if (fs_exists(path)) {
        TRY(fs_read_all(path, JOURNAL_MAX, &journal));
        TRY(peek_journal(buf_slice(&journal), known, fn, payload, out, &met));
    }
    *out_follows = met;
    return NULL;
}
