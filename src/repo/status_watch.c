#include "repo/status_watch.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/text.h"
#include "repo/config.h"
#include "repo/rule_file.h"
#include "repo/sparse.h"
#include "repo/sparse_format.h"
#include "repo/unfinished.h"
#include "repo/watcher.h"

enum {
    FEW_STARTS = 64,     /* are never too many */
    STARTS_FRACTION = 8, /* more than this part of the files are */
};

void status_watch_release(struct status_watch *watch)
{
    for (size_t i = 0; i < watch->path_count; i++)
        mem_free(watch->paths[i]);
    mem_free(watch->paths);
    mem_free(watch->starts);
    status_cache_release(&watch->cache);
    *watch = (struct status_watch){0};
}

static dits_error *hash_file(struct hash *hash, const char *path, size_t max)
{
    CLEANUP(buf_release) struct buf text = {0};
    bool found = false;
    TRY(rule_file_read(path, max, &text, &found));
    const uint64_t size = found ? text.size : UINT64_MAX;
    hash_update(hash, &size, sizeof(size));
    hash_update(hash, text.data, text.size);
    return NULL;
}

static dits_error *hash_own_file(struct hash *hash, const char *folder,
                                 const char *name, size_t max)
{
    CLEANUP(text_free) char *path = NULL;
    TRY(fs_join(folder, name, &path));
    return hash_file(hash, path, max);
}

/* All that findings depend on, but for the work tree and the index. */
static dits_error *hash_rules(dits_repo *repo, struct dits_oid *out)
{
    CLEANUP(unfinished_release) struct unfinished work = {0};
    CLEANUP(text_free) char *path = NULL;
    const char *users = config_text(repo, "core.excludesfile");
    struct hash hash;
    hash_begin(&hash);
    if (users != NULL) {
        TRY(config_expand_path(repo, users, &path));
        hash_update(&hash, path, strlen(path));
        TRY(hash_file(&hash, path, IGNORE_FILE_MAX));
    }
    TRY(hash_own_file(&hash, repo->dits_dir, "info/exclude", IGNORE_FILE_MAX));
    TRY(hash_own_file(&hash, repo->private_dir, "sparse", 2 * SPARSE_TEXT_MAX));
    TRY(unfinished_read(repo, &work));
    hash_update(&hash, work.beside.hash, OID_SIZE);
    hash_finish(&hash, out);
    return NULL;
}

static dits_error *add_path(const char *path, void *payload)
{
    struct status_watch *watch = payload;
    char **paths = array_grown(watch->paths, watch->path_count,
                               &watch->path_capacity, sizeof(*paths));
    if (paths == NULL)
        return error_nomem();
    watch->paths = paths;
    TRY(text_copy(path, &watch->paths[watch->path_count]));
    watch->path_count++;
    return NULL;
}

/* New rules hold for the whole folder that the file lies in. */
static dits_error *add_seen(const char *path, void *payload)
{
    CLEANUP(text_free) char *folder = NULL;
    const char *name = path_base_name(path);
    if (strcmp(name, IGNORE_FILE_NAME) != 0)
        return add_path(path, payload);
    size_t length = (size_t)(name - path);
    TRY(text_copy_part(path, length - (length > 0), &folder));
    return add_path(folder, payload);
}

/* What never is anything else by what happens elsewhere. */
static bool is_plain(const struct status_cache_item *item)
{
    return item->state == SCAN_UNTRACKED || item->state == SCAN_NESTED ||
           item->state == SCAN_SPECIAL;
}

static bool are_plain(const struct status_cache *cache)
{
    for (size_t i = 0; i < cache->count; i++)
        if (!is_plain(&cache->items[i]))
            return false;
    return true;
}

/* Damage of the index is told of by whoever reads it whole. */
static dits_error *peek(dits_repo *repo, struct status_watch *watch,
                        bool *out_follows)
{
    dits_error *err = index_peek(repo, &watch->cache.index, add_path, watch,
                                 &watch->index, out_follows);
    if (dits_error_has(err, DITS_E_NOMEM))
        return err;
    *out_follows = *out_follows && err == NULL;
    dits_error_free(err);
    return NULL;
}

/* Compare with what was kept, and note what is different. */
static dits_error *find_changes(dits_repo *repo,
                                const struct watcher_reply *reply,
                                struct status_watch *watch)
{
    bool follows = false;
    TRY(watcher_paths_parse(buf_slice(&reply->paths), reply->answer.path_count,
                            add_seen, watch));
    TRY(peek(repo, watch, &follows));
    watch->is_known = follows;
    watch->is_same = follows && watch->path_count == 0 &&
                     are_plain(&watch->cache);
    return NULL;
}

/* While the sparse set changes it also depends on the log of operations what
 * may be absent. */
static dits_error *is_settled(dits_repo *repo, bool *out)
{
    CLEANUP(sparse_freep) struct sparse *sparse = NULL;
    TRY(sparse_open(repo, &sparse));
    *out = sparse_target(sparse) == NULL;
    return NULL;
}

static dits_error *ask(dits_repo *repo, struct status_watch *watch)
{
    CLEANUP(watcher_reply_release) struct watcher_reply reply = {0};
    struct watcher_request request = {.kind = WATCHER_ASK_CHANGES};
    bool cached = false;
    bool found = false;
    TRY(status_cache_read(repo, &watch->cache, &cached));
    request.since = watch->cache.token;
    TRY(watcher_ask(repo, &request, &reply, &found));
    if (found)
        TRY(is_settled(repo, &found));
    if (!found)
        return NULL;
    TRY(hash_rules(repo, &watch->rules)); /* before anything is looked at */
    watch->is_kept = true;
    watch->token = reply.answer.now;
    if (!cached || !reply.answer.is_known ||
        !dits_oid_equal(&watch->rules, &watch->cache.rules))
        return NULL;
    return find_changes(repo, &reply, watch);
}

dits_error *status_watch_ask(dits_repo *repo,
                             const struct dits_status_options *options,
                             bool is_whole, struct status_watch *out)
{
    CLEANUP(status_watch_release) struct status_watch watch = {0};
    bool wanted = true;
    TRY(config_bool(repo, "status.watcher", true, &wanted));
    if (!wanted || !is_whole || options->all_untracked_files ||
        options->ignored)
        return NULL;
    dits_error *err = ask(repo, &watch);
    if (dits_error_has(err, DITS_E_NOMEM))
        return err;
    if (err == NULL)
        *out = MOVE(watch);
    dits_error_free(err); /* whoever looks at everything will meet it, too */
    return NULL;
}

dits_error *status_watch_recall(const struct status_watch *watch,
                                struct scan_result *out)
{
    CLEANUP(scan_result_release) struct scan_result result = {0};
    const struct status_cache *cache = &watch->cache;
    if (cache->count == 0)
        return NULL;
    result.entries = mem_new_array(struct scan_entry, cache->count);
    if (result.entries == NULL)
        return error_nomem();
    for (; result.count < cache->count; result.count++) {
        struct scan_entry *entry = &result.entries[result.count];
        entry->state = cache->items[result.count].state;
        entry->is_folder = cache->items[result.count].is_folder;
        TRY(text_copy(cache->items[result.count].path, &entry->path));
    }
    *out = MOVE(result);
    return NULL;
}

/*
 * Cut `path` down to the topmost folder on its way that holds nothing tracked:
 * such a folder is told of as one.
 */
static void widen(const struct index *index, char *path)
{
    for (char *slash = strchr(path, '/'); slash != NULL;
         slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (!index_has_below(index, path))
            return;
        *slash = '/';
    }
}

static int compare_paths(const void *a, const void *b)
{
    const char *const *left = a;
    const char *const *right = b;
    return path_compare(*left, *right);
}

/* Leave out what lies below another one; a folder sorts before all in it. */
static size_t drop_inner(const char **paths, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || !path_is_within(paths[i], paths[kept - 1]))
            paths[kept++] = paths[i];
    return kept;
}

static dits_error *add_found(struct status_watch *watch)
{
    for (size_t i = 0; i < watch->cache.count; i++)
        TRY(add_path(watch->cache.items[i].path, watch));
    return NULL;
}

dits_error *status_watch_narrow(struct status_watch *watch,
                                const struct index *index,
                                struct scan_options *options)
{
    struct index_mark now = {0};
    index_mark_of(index, &now);
    /* What was staged between the two is in neither list. */
    if (!watch->is_known || !index_mark_equal(&now, &watch->index))
        return NULL;
    TRY(add_found(watch));
    watch->starts = mem_new_array(const char *, watch->path_count + 1);
    if (watch->starts == NULL)
        return error_nomem();
    for (size_t i = 0; i < watch->path_count; i++) {
        widen(index, watch->paths[i]);
        watch->starts[i] = watch->paths[i];
    }
    if (watch->path_count > 1)
        qsort(watch->starts, watch->path_count, sizeof(*watch->starts),
              compare_paths);
    size_t count = drop_inner(watch->starts, watch->path_count);
    if (count > FEW_STARTS && count > index_count(index) / STARTS_FRACTION)
        return NULL;
    watch->start_count = count;
    options->starts = watch->starts;
    options->start_count = count;
    return NULL;
}

static dits_error *keep(const dits_repo *repo, const struct status_watch *watch,
                        const struct index *index,
                        const struct scan_result *found)
{
    CLEANUP(status_cache_release)
    struct status_cache cache = {.token = watch->token, .rules = watch->rules};
    index_mark_of(index, &cache.index);
    if (cache.index.generation == 0 || found->count > STATUS_CACHE_MAX)
        return NULL;
    cache.items = mem_new_array(struct status_cache_item, found->count + 1);
    if (cache.items == NULL)
        return error_nomem();
    for (; cache.count < found->count; cache.count++) {
        const struct scan_entry *entry = &found->entries[cache.count];
        cache.items[cache.count] =
            (struct status_cache_item){.path = entry->path,
                                       .state = entry->state,
                                       .is_folder = entry->is_folder};
    }
    return status_cache_write(repo, &cache);
}

void status_watch_keep(const dits_repo *repo, const struct status_watch *watch,
                       const struct index *index,
                       const struct scan_result *found)
{
    if (watch->is_kept)
        dits_error_free(keep(repo, watch, index, found));
}

static bool is_of_tracked(const struct index *index,
                          const struct scan_entry *entry)
{
    if (entry->state == SCAN_UNREADABLE)
        return index_has_below(index, entry->path);
    return entry->state == SCAN_DOUBTFUL || entry->state == SCAN_MISSING;
}

void status_watch_hide_untracked(const struct index *index,
                                 struct scan_result *found)
{
    size_t kept = 0;
    for (size_t i = 0; i < found->count; i++) {
        struct scan_entry *entry = &found->entries[i];
        if (is_of_tracked(index, entry))
            found->entries[kept++] = *entry;
        else
            mem_free(entry->path);
    }
    found->count = kept;
}
