#include "repo/staging.h"

#include <string.h>

#include "base/mem.h"
#include "base/progress.h"
#include "base/text.h"
#include "object/asset.h"
#include "repo/index_stat.h"
#include "repo/location.h"
#include "repo/portable.h"
#include "repo/worktree.h"

void staging_release(struct staging *staging)
{
    scan_result_release(&staging->scan);
    mem_free(staging->items);
    *staging = (struct staging){0};
}

static dits_error *refuse_ignored(const char *path)
{
    return error_hint(error_new(DITS_E_INVALID, "'%s' is ignored", path),
                      "Use -f to add it all the same. 'dits status --ignored' "
                      "lists what is ignored.");
}

/* Names go into trees, which every other system must be able to read. */
static dits_error *check_name(const char *path)
{
    if (!text_is_utf8(path, strlen(path)))
        return error_hint(
            error_new(DITS_E_INVALID, "the name '%s' is not UTF-8", path),
            "Rename the file, or name it in .ditsignore. 'convmv' turns names "
            "of older systems into UTF-8.");
    if (!worktree_is_safe_path(path))
        return error_new(DITS_E_INVALID, "the name '%s' cannot be stored",
                         path);
    return NULL;
}

/* Whether the scan's entry becomes an item. */
static dits_error *consider(const struct staging *staging,
                            const struct pathspec *pathspec,
                            const struct scan_entry *seen, bool *out)
{
    const dits_context *context = staging->repo->context;
    *out = false;
    switch (seen->state) {
    case SCAN_DOUBTFUL:
    case SCAN_MISSING:
        *out = true;
        return NULL;
    case SCAN_UNTRACKED:
        *out = true;
        return check_name(seen->path);
    case SCAN_IGNORED:
        return pathspec_names(pathspec, seen->path) ? refuse_ignored(seen->path)
                                                    : NULL;
    case SCAN_NESTED:
        log_warn(context, "'%s' is a repository of its own: left out",
                 seen->path);
        return NULL;
    case SCAN_SPECIAL:
        log_warn(context, "'%s' is not a file: left out", seen->path);
        return NULL;
    case SCAN_UNREADABLE:
        log_warn(context, "'%s' cannot be read: left out", seen->path);
        return NULL;
    }
    return NULL;
}

/* Tell the pathspec what exists, so that a mistyped item is noticed. */
static dits_error *note_matches(const struct staging *staging,
                                const struct index *index,
                                struct pathspec *pathspec)
{
    if (pathspec_is_all(pathspec))
        return NULL;
    for (size_t i = 0; i < staging->scan.count; i++)
        pathspec_note(pathspec, staging->scan.entries[i].path);
    if (pathspec_is_noted(pathspec))
        return NULL;
    for (size_t i = 0; i < index_count(index); i++)
        pathspec_note(pathspec, index_at(index, i)->path);
    return pathspec_check_noted(pathspec, staging->repo);
}

dits_error *staging_collect(dits_repo *repo, const struct index *index,
                            struct pathspec *pathspec,
                            const struct staging_options *options,
                            struct staging *out)
{
    CLEANUP(staging_release)
    struct staging staging = {
        .repo = repo, .index = index, .options = *options};
    struct scan_options scan = {
        .index = index,
        .pathspec = pathspec,
        .want_stat = true,
        .tracked_only = options->tracked_only,
        .expand = true,
        .ignored = true,
        .include_ignored = options->include_ignored,
    };
    TRY(scan_run(repo, &scan, &staging.scan));
    TRY(note_matches(&staging, index, pathspec));
    if (staging.scan.count > 0) {
        staging.items = mem_new_array(struct staging_item, staging.scan.count);
        if (staging.items == NULL)
            return error_nomem();
    }
    for (size_t i = 0; i < staging.scan.count; i++) {
        const struct scan_entry *seen = &staging.scan.entries[i];
        bool is_item = false;
        TRY(consider(&staging, pathspec, seen, &is_item));
        if (is_item)
            staging.items[staging.count++].seen = seen;
    }
    *out = MOVE(staging);
    return NULL;
}

/* What the threads that read files share. */
struct reading {
    struct staging *staging;
    struct store_writer *writer;
    struct progress *progress;
    enum location_policy location;
};

static bool is_same_file(const struct fs_stat *a, const struct fs_stat *b)
{
    return a->size == b->size && a->mtime_ns == b->mtime_ns &&
           a->ctime_ns == b->ctime_ns && a->inode == b->inode;
}

static dits_error *changed_meanwhile(const char *path, dits_error *cause)
{
    return error_hint(
        error_make(DITS_E_CONFLICT, cause, __FILE__, __LINE__,
                   "'%s' changed while it was read", path),
        "Nothing was staged. Try again when the file is complete.");
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

static dits_error *store_file(const struct reading *reading,
                              const struct worktree_turn *turn,
                              const char *name, struct fs_stat *stat,
                              struct index_entry *entry, bool *out_may_store)
{
    CLEANUP(fs_close) struct fs_file file = {0};
    struct fs_stat after = {0};
    struct asset_info info = {0};
    struct asset_store_options options = {
        .context = reading->staging->repo->context,
        .writer = reading->writer,
        .threads = turn->threads,
        .on_progress = progress_bytes,
        .payload = reading->progress,
    };
    TRY(dir_open_file(&turn->place->dir, name, &file, stat));
    TRY(location_check(reading->staging->repo, reading->location, &file,
                       stat->size, entry->path, out_may_store));
    if (!*out_may_store)
        return NULL;
    TRY(asset_store_file(&options, &file, stat->size, &entry->asset, &info));
    TRY(fs_stat_file(&file, &after));
    if (!is_same_file(stat, &after))
        return changed_meanwhile(entry->path, NULL);
    entry->content = info.content;
    return NULL;
}

static dits_error *store_path(const struct reading *reading,
                              const struct worktree_turn *turn,
                              struct staging_item *item)
{
    const char *name = NULL;
    bool found = false;
    bool may_store = true;
    struct fs_stat stat = item->seen->stat;
    struct index_entry entry = {.path = item->seen->path};
    index_stat_wait(&stat);
    int64_t looked_ns = fs_now_ns();
    TRY(worktree_enter(turn->place, entry.path, &name, &found));
    if (!found)
        return error_new(DITS_E_NOT_FOUND, "it vanished");
    if (stat.kind == FS_SYMLINK)
        TRY(store_symlink(reading, turn, name, &entry));
    else
        TRY(store_file(reading, turn, name, &stat, &entry, &may_store));
    item->is_refused = !may_store;
    if (!may_store)
        return NULL;
    entry.mode = index_stat_mode(&stat);
    index_stat_set(&entry, &stat, looked_ns);
    item->entry = entry;
    item->is_fresh = true;
    item->action = item->seen->tracked != NULL ? 'M' : 'A';
    return NULL;
}

/* An unreadable file must not stop the others. */
static dits_error *leave_out(const struct reading *reading,
                             struct staging_item *item, dits_error *err)
{
    const char *path = item->seen->path;
    if (dits_error_has(err, DITS_E_DENIED)) {
        log_warn(reading->staging->repo->context,
                 "'%s' cannot be read: left out", path);
        dits_error_free(err); /* told */
        item->action = 0;
        return NULL;
    }
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
            TRY(leave_out(reading, item, err));
    }
    progress_add(reading->progress, 0, 1, seen->path);
    return NULL;
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
    struct worktree_each each = {
        .repo = staging->repo,
        .count = staging->count,
        .fn = read_item,
        .payload = &reading,
    };
    TRY(worktree_each(&each));
    return portable_warn(staging);
}

dits_error *staging_apply(const struct staging *staging, struct index *index)
{
    for (size_t i = 0; i < staging->count; i++) {
        const struct staging_item *item = &staging->items[i];
        if (item->action == 'D')
            TRY(index_remove(index, item->seen->path));
        else if (item->action != 0)
            TRY(index_set(index, &item->entry));
    }
    /* Newer stat data counts only where nobody staged something else. */
    for (size_t i = 0; i < staging->count; i++) {
        const struct staging_item *item = &staging->items[i];
        const struct index_entry *now =
            item->action == 0 && item->is_fresh
                ? index_find(index, item->seen->path)
                : NULL;
        if (now != NULL && now->mode == item->entry.mode &&
            dits_oid_equal(&now->asset, &item->entry.asset))
            TRY(index_set(index, &item->entry));
    }
    return NULL;
}
