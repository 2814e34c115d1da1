/* The contents of files, on their way into the store. */
#include "base/mem.h"
#include "base/progress.h"
#include "base/text.h"
#include "object/asset.h"
#include "repo/attributes.h"
#include "repo/index_stat.h"
#include "repo/location.h"
#include "repo/portable.h"
#include "repo/read_ahead.h"
#include "repo/staging.h"
#include "repo/stand_in.h"
#include "repo/worktree.h"

/* What the threads that read files share. */
struct reading {
    struct staging *staging;
    struct store_writer *writer;
    struct progress *progress;
    enum location_policy location;
    struct read_ahead *ahead;       /* each worker's */
    struct attributes **attributes; /* each worker's; NULL: not asked yet */
};

static dits_error *changed_meanwhile(const char *path, dits_error *cause)
{
    return error_hint(
        error_make(DITS_E_CONFLICT, cause, __FILE__, __LINE__,
                   "'%s' changed while it was read", path),
        "Nothing was staged. Try again when the file is complete.");
}

static struct asset_store_options store_options(
    const struct reading *reading, const struct worktree_turn *turn)
{
    return (struct asset_store_options){
        .context = reading->staging->repo->context,
        .writer = reading->writer,
        .threads = turn->threads,
        .on_progress = progress_bytes,
        .payload = reading->progress,
    };
}

static dits_error *store_symlink(const struct reading *reading,
                                 const struct worktree_turn *turn,
                                 const char *name, struct index_entry *entry)
{
    CLEANUP(buf_release) struct buf target = {0};
    struct asset_info info = {0};
    struct asset_store_options options = {
        .context = reading->staging->repo->context,
        .writer = reading->writer,
        .threads = 1,
    };
    TRY(dir_read_symlink(&turn->place->dir, name, &target));
    if (!text_is_utf8(target.data, target.size))
        return error_new(DITS_E_INVALID,
                         "where the symlink '%s' leads is not UTF-8", name);
    TRY(asset_store_bytes(&options, target.data, target.size, &entry->asset,
                          &info));
    entry->content = info.content;
    return NULL;
}

/* What no chunker cuts is stored in one way: its attributes are not read. */
static dits_error *apply_attributes(const struct reading *reading,
                                    const struct worktree_turn *turn,
                                    const char *path, uint64_t size,
                                    struct asset_store_options *options)
{
    struct attributes **attributes = &reading->attributes[turn->worker];
    struct attributes_storing storing = {0};
    if (size <= ASSET_TINY_BYTES)
        return NULL;
    if (*attributes == NULL)
        TRY(attributes_of_worktree(reading->staging->repo, attributes));
    TRY(attributes_storing(*attributes, path, &storing));
    options->chunker = storing.chunker;
    options->is_whole = storing.is_whole;
    return NULL;
}

static dits_error *store_file(const struct reading *reading,
                              const struct worktree_turn *turn,
                              const char *name, struct fs_stat *stat,
                              struct staging_item *item)
{
    CLEANUP(fs_close) struct fs_file file = {0};
    struct fs_stat after = {0};
    struct asset_info info = {0};
    struct asset_store_options options = store_options(reading, turn);
    bool may_store = true;
    TRY(dir_open_file(&turn->place->dir, name, &file, stat));
    TRY(location_check(reading->staging->repo, reading->location, &file,
                       stat->size, item->seen->path, &may_store));
    item->is_refused = !may_store;
    if (!may_store)
        return NULL;
    TRY(apply_attributes(reading, turn, item->seen->path, stat->size,
                         &options));
    TRY(asset_store_file(&options, &file, stat->size, &item->entry.asset,
                         &info));
    TRY(fs_stat_file(&file, &after));
    if (!fs_stat_same(stat, &after))
        return changed_meanwhile(item->seen->path, NULL);
    item->entry.content = info.content;
    return NULL;
}

static dits_error *refuse_stand_in(const char *path)
{
    return error_hint(
        error_new(DITS_E_INVALID,
                  "'%s' stands for a file whose content is not here", path),
        "'dits drop' left it, perhaps in another repository, and it may have "
        "been edited. Remove it, or 'dits restore' it if it is tracked.");
}

/* What a stand-in stands for is what is staged: it is never content itself. */
static dits_error *stage_stand_in(const struct reading *reading,
                                  const struct stand_in *what,
                                  struct staging_item *item)
{
    CLEANUP(asset_closep) struct asset *asset = NULL;
    struct store *store = reading->staging->repo->store;
    dits_error *err = asset_open(store, &what->asset, &asset);
    if (dits_error_has(err, DITS_E_NOT_FOUND)) {
        dits_error_free(err); /* said in other words */
        return refuse_stand_in(item->seen->path);
    }
    TRY(err);
    if (asset_get_info(asset)->size != what->size)
        return refuse_stand_in(item->seen->path);
    item->entry.asset = what->asset;
    item->entry.content = asset_get_info(asset)->content;
    item->entry.size = what->size;
    item->entry.is_dropped = true;
    return NULL;
}

static dits_error *store_file_or_stand_in(const struct reading *reading,
                                          const struct worktree_turn *turn,
                                          const char *name,
                                          struct fs_stat *stat,
                                          struct staging_item *item)
{
    struct stand_in what = {0};
    enum stand_in_verdict verdict = STAND_IN_NONE;
    TRY(stand_in_read(&turn->place->dir, name, stat, &what, &verdict));
    if (verdict == STAND_IN_CHANGED)
        return refuse_stand_in(item->seen->path);
    return verdict == STAND_IN_WHOLE
               ? stage_stand_in(reading, &what, item)
               : store_file(reading, turn, name, stat, item);
}

static dits_error *store_alone(const struct reading *reading,
                               const struct worktree_turn *turn,
                               const char *name, struct staging_item *item)
{
    struct fs_stat stat = item->seen->stat;
    index_stat_wait(&stat);
    int64_t looked_ns = fs_now_ns();
    if (stat.kind == FS_SYMLINK)
        TRY(store_symlink(reading, turn, name, &item->entry));
    else
        TRY(store_file_or_stand_in(reading, turn, name, &stat, item));
    item->entry.mode = index_stat_mode(&stat);
    index_stat_set(&item->entry, &stat, looked_ns);
    return NULL;
}

/* Whether the bytes are no stand-in, not even a changed one. */
static dits_error *is_plain(const uint8_t *bytes, const struct fs_stat *stat,
                            bool *out)
{
    struct stand_in what = {0};
    enum stand_in_verdict verdict = STAND_IN_NONE;
    TRY(stand_in_parse(slice_of(bytes, (size_t)stat->size), &what, &verdict));
    *out = verdict == STAND_IN_NONE;
    return NULL;
}

/*
 * What was read ahead counts where the file still looks as it did to the scan,
 * before. What changed is read again, by itself.
 */
static dits_error *store_ahead(const struct reading *reading,
                               const struct worktree_turn *turn,
                               const char *name, struct staging_item *item,
                               bool *out_stored)
{
    struct read_ahead *ahead = &reading->ahead[turn->worker];
    const uint8_t *bytes = NULL;
    struct fs_stat stat = {0};
    struct asset_info info = {0};
    struct asset_store_options options = store_options(reading, turn);
    *out_stored = false;
    /* Nothing may be stored before it is known where it was filmed. */
    if (reading->location == LOCATION_KEEP)
        TRY(read_ahead_get(ahead, turn, reading->staging->items, &bytes));
    if (bytes == NULL)
        return NULL;
    TRY(dir_stat(&turn->place->dir, name, &stat, out_stored));
    *out_stored = *out_stored && fs_stat_same(&item->seen->stat, &stat);
    if (*out_stored)
        TRY(is_plain(bytes, &stat, out_stored));
    if (!*out_stored)
        return NULL;
    TRY(asset_store_bytes(&options, bytes, (size_t)stat.size,
                          &item->entry.asset, &info));
    item->entry.content = info.content;
    item->entry.mode = index_stat_mode(&stat);
    index_stat_set(&item->entry, &stat, ahead->looked_ns);
    return NULL;
}

static dits_error *store_path(const struct reading *reading,
                              const struct worktree_turn *turn,
                              struct staging_item *item)
{
    const char *name = NULL;
    bool found = false;
    bool stored = false;
    item->entry = (struct index_entry){.path = item->seen->path};
    TRY(worktree_enter(turn->place, item->seen->path, &name, &found));
    if (!found)
        return error_new(DITS_E_NOT_FOUND, "it vanished");
    TRY(store_ahead(reading, turn, name, item, &stored));
    if (!stored)
        TRY(store_alone(reading, turn, name, item));
    if (item->is_refused)
        return NULL;
    item->is_fresh = true;
    item->action = item->seen->tracked != NULL ? 'M' : 'A';
    return NULL;
}

/* A commit without what somebody meant to keep would look like one with it. */
static dits_error *explain(const char *path, dits_error *err)
{
    if (dits_error_has(err, DITS_E_DENIED))
        return error_hint(error_wrap(err, "cannot read '%s'", path),
                          "Nothing was staged. To go on without it, say "
                          "':^PATH'.");
    if (dits_error_has(err, DITS_E_NOT_FOUND) ||
        dits_error_has(err, DITS_E_CONFLICT))
        return changed_meanwhile(path, err);
    return error_wrap(err, "cannot add '%s'", path);
}

/* A tracked file whose content may be the same after all. */
static dits_error *compare(const struct reading *reading,
                           const struct worktree_turn *turn,
                           struct staging_item *item)
{
    item->entry = *item->seen->tracked;
    TRY(worktree_is_same(reading->staging->repo, turn, item->seen->path,
                         &item->seen->stat, &item->entry, &item->is_fresh));
    if (item->is_fresh && reading->progress != NULL)
        progress_add(reading->progress, item->seen->stat.size, 0, NULL);
    return NULL;
}

static dits_error *read_item(const struct worktree_turn *turn, void *payload)
{
    struct reading *reading = payload;
    struct staging_item *item = &reading->staging->items[turn->item];
    const struct scan_entry *seen = item->seen;
    bool is_file = seen->stat.kind == FS_REGULAR ||
                   seen->stat.kind == FS_SYMLINK;
    if (seen->state == SCAN_MISSING || !is_file) {
        item->action = seen->tracked != NULL ? 'D' : 0;
        return NULL;
    }
    if (worktree_waits(turn, seen->stat.size))
        return NULL;
    if (seen->tracked != NULL)
        TRY(compare(reading, turn, item));
    if (!item->is_fresh && reading->writer == NULL)
        item->action = seen->tracked != NULL ? 'M' : 'A';
    if (!item->is_fresh && reading->writer != NULL) {
        dits_error *err = store_path(reading, turn, item);
        if (err != NULL)
            return explain(seen->path, err);
    }
    progress_add(reading->progress, 0, 1, seen->path);
    return NULL;
}

static dits_error *read_all(struct reading *reading)
{
    struct staging *staging = reading->staging;
    unsigned workers = context_threads(staging->repo->context);
    struct worktree_each each = {
        .repo = staging->repo,
        .count = staging->count,
        .fn = read_item,
        .payload = reading,
    };
    reading->ahead = mem_new_array(struct read_ahead, workers);
    reading->attributes = mem_new_array(struct attributes *, workers);
    bool is_ready = reading->ahead != NULL && reading->attributes != NULL;
    dits_error *err = is_ready ? worktree_each(&each) : error_nomem();
    for (unsigned i = 0; is_ready && i < workers; i++) {
        read_ahead_release(&reading->ahead[i]);
        attributes_free(reading->attributes[i]);
    }
    mem_free(reading->ahead);
    mem_free(reading->attributes);
    return err;
}

dits_error *staging_store(struct staging *staging, struct store_writer *writer)
{
    uint64_t bytes = 0;
    for (size_t i = 0; i < staging->count; i++)
        bytes += staging->items[i].seen->stat.size;
    CLEANUP(progress_end) struct progress progress = {0};
    progress_begin(&progress, staging->repo->context, "adding", bytes,
                   staging->count);
    struct reading reading = {
        .staging = staging, .writer = writer, .progress = &progress};
    TRY(location_policy_get(staging->repo, &reading.location));
    TRY(read_all(&reading));
    return portable_warn(staging);
}
