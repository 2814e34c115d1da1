#include "repo/index_stat.h"

#define MS INT64_C(1000000)

enum {
    /* The kernel's clock for files moves every 10 ms at worst. */
    FINE_STEP_MS = 20,
    /* FAT counts in steps of two seconds; whole seconds give it away. */
    COARSE_STEP_MS = 2100,
    WORTH_WAITING = 8 * 1024 * 1024, /* bytes */
};

void index_stat_settle(const struct fs_stat *stat)
{
    const int64_t step = FINE_STEP_MS * MS;
    int64_t age = fs_now_ns() - stat->ctime_ns;
    if (age >= 0 && age <= step)
        fs_pause_ms(FINE_STEP_MS + 5);
}

void index_stat_wait(const struct fs_stat *stat)
{
    if (stat->size >= WORTH_WAITING)
        index_stat_settle(stat);
}

int64_t index_stat_step(int64_t ctime_ns)
{
    bool is_coarse = ctime_ns % (1000 * MS) == 0;
    return (is_coarse ? COARSE_STEP_MS : FINE_STEP_MS) * MS;
}

/*
 * Judged by the change time, which the system sets at every change and nobody
 * can set back: a camera's clock that is wrong leaves odd modification times,
 * which must not cost a re-read for ever.
 */
bool index_stat_is_unsettled(const struct index_entry *entry, int64_t now_ns)
{
    int64_t step = index_stat_step(entry->ctime_ns);
    return entry->ctime_ns > now_ns - step && entry->ctime_ns < now_ns + step;
}

void index_stat_set(struct index_entry *entry, const struct fs_stat *stat,
                    int64_t looked_ns)
{
    if (!entry->is_dropped)
        entry->size = stat->size;
    entry->mtime_ns = stat->mtime_ns;
    entry->ctime_ns = stat->ctime_ns;
    entry->inode = stat->inode;
    if (index_stat_is_unsettled(entry, looked_ns))
        entry->mtime_ns = 0;
}

enum tree_mode index_stat_mode(const struct fs_stat *stat)
{
    switch (stat->kind) {
    case FS_REGULAR:
        return stat->executable ? TREE_EXECUTABLE : TREE_FILE;
    case FS_SYMLINK:
        return TREE_SYMLINK;
    case FS_FOLDER:
        return TREE_FOLDER;
    case FS_OTHER:
        break;
    }
    return (enum tree_mode)0;
}

bool index_stat_matches(const struct index_entry *entry,
                        const struct fs_stat *stat)
{
    return entry->mtime_ns != 0 && entry->mtime_ns == stat->mtime_ns &&
           entry->ctime_ns == stat->ctime_ns &&
           (entry->is_dropped || entry->size == stat->size) &&
           entry->inode == stat->inode && entry->mode == index_stat_mode(stat);
}
