#include "repo/read_ahead.h"

#include <string.h>

#include "object/asset.h"

void read_ahead_release(struct read_ahead *ahead)
{
    dir_batch_free(ahead->batch);
    *ahead = (struct read_ahead){0};
}

static bool is_wanted(const struct staging_item *item)
{
    const struct fs_stat *stat = &item->seen->stat;
    return item->seen->tracked == NULL && stat->kind == FS_REGULAR &&
           stat->size > 0 && stat->size <= ASSET_TINY_BYTES;
}

/* The files of a batch, and which item each is of. */
struct wanted {
    struct dir_batch_file files[DIR_BATCH_FILES];
    size_t items[DIR_BATCH_FILES];
    size_t count;
    size_t bytes;
};

/* Of neighbours in the folder of the first; `*end` moves to where it ends. */
static void choose(const struct staging_item *items, size_t first, size_t *end,
                   struct wanted *out)
{
    const char *path = items[first].seen->path;
    const char *slash = strrchr(path, '/');
    size_t prefix = slash != NULL ? (size_t)(slash - path) + 1 : 0;
    for (size_t i = first; i < *end; i++) {
        const char *there = items[i].seen->path;
        size_t size = (size_t)items[i].seen->stat.size;
        bool is_here = strncmp(there, path, prefix) == 0 &&
                       strchr(there + prefix, '/') == NULL;
        if (!is_here || i - first == DIR_BATCH_FILES) {
            *end = i;
        } else if (is_wanted(&items[i]) &&
                   size <= DIR_BATCH_BYTES - out->bytes) {
            out->files[out->count] =
                (struct dir_batch_file){.name = there + prefix, .size = size};
            out->items[out->count++] = i - first;
            out->bytes += size;
        }
    }
}

static dits_error *begin(struct read_ahead *ahead)
{
    if (ahead->is_begun)
        return NULL;
    ahead->is_begun = true;
    return dir_batch_new(&ahead->batch);
}

/* What is small and new from the turn's item on, in its folder. */
static dits_error *read_next(struct read_ahead *ahead,
                             const struct worktree_turn *turn,
                             const struct staging_item *items)
{
    struct wanted wanted = {.count = 0};
    size_t end = turn->end;
    choose(items, turn->item, &end, &wanted);
    memset(ahead->bytes, 0, sizeof(ahead->bytes));
    ahead->first = turn->item;
    ahead->count = end - turn->item;
    ahead->looked_ns = fs_now_ns();
    if (wanted.count < 2)
        return NULL;
    TRY(dir_batch_read(ahead->batch, &turn->place->dir, wanted.files,
                       wanted.count));
    for (size_t i = 0; i < wanted.count; i++)
        ahead->bytes[wanted.items[i]] = wanted.files[i].bytes;
    return NULL;
}

dits_error *read_ahead_get(struct read_ahead *ahead,
                           const struct worktree_turn *turn,
                           const struct staging_item *items,
                           const uint8_t **out)
{
    *out = NULL;
    TRY(begin(ahead));
    if (ahead->batch == NULL || !is_wanted(&items[turn->item]))
        return NULL;
    /* Below `first`, the difference is large too. */
    if (turn->item - ahead->first >= ahead->count)
        TRY(read_next(ahead, turn, items));
    *out = ahead->bytes[turn->item - ahead->first];
    return NULL;
}
