#include "repo/scan_known.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/path.h"
#include "repo/config.h"
#include "repo/folder_times.h"
#include "repo/index_stat.h"
#include "repo/scan_private.h"

enum {
    AUTO_MIN = 4000, /* names: fewer are listed in no time */
    KEEP_PART = 128, /* of all names: fewer new ones are not worth a file */
};

void scan_known_release(struct scan_known *known)
{
    untracked_cache_release(&known->cache);
    mem_free(known->met);
    *known = (struct scan_known){0};
}

void scan_notes_release(struct scan_notes *notes)
{
    buf_release(&notes->folders);
    buf_release(&notes->tracked);
    *notes = (struct scan_notes){0};
}

static dits_error *read_setting(const dits_repo *repo, struct scan_known *out)
{
    const char *key = "status.untrackedcache";
    const char *value = config_text(repo, key);
    out->is_automatic = value == NULL || strcasecmp(value, "auto") == 0;
    out->is_used = true;
    return out->is_automatic ? NULL
                             : config_bool(repo, key, true, &out->is_used);
}

/* What was written by the clock of another day says nothing of this one. */
static bool is_from_the_future(const struct scan_known *known)
{
    return known->cache.written_ns > known->begun_ns;
}

/* Whether the folders of the cache may be believed; with "auto" only where it
 * was tried. */
static bool is_believed(const struct scan_known *known)
{
    return !is_from_the_future(known) &&
           (!known->is_automatic || known->cache.verdict == UNTRACKED_TOLD);
}

static dits_error *load(const dits_repo *repo, struct scan_known *known)
{
    bool found = false;
    TRY(untracked_cache_read(repo, &known->cache, &found));
    if (known->cache.device != known->device)
        known->cache.verdict = UNTRACKED_UNTRIED;
    if (!is_believed(known))
        known->cache.count = 0;
    if (known->is_automatic && known->cache.verdict == UNTRACKED_UNTOLD)
        known->is_used = false;
    known->met = mem_new_array(bool, known->cache.count + 1);
    return known->met == NULL ? error_nomem() : NULL;
}

/* By itself only where it can be tried: on a disk of this system's own that
 * .dits lies on, too. */
static dits_error *decide(const struct scan *scan, struct scan_known *known)
{
    struct fs_stat top = {0};
    struct fs_stat own = {0};
    TRY(read_setting(scan->repo, known));
    TRY(dir_stat_self(&scan->root, &top));
    dits_error *err = fs_stat_path(scan->repo->private_dir, &own);
    dits_error_free(err); /* then it is not on the same device */
    known->device = top.device;
    if (known->is_automatic)
        known->is_used = own.device == top.device && dir_is_local(&scan->root);
    return NULL;
}

dits_error *scan_known_open(struct scan *scan, unsigned workers)
{
    const struct scan_options *options = scan->options;
    struct scan_known *known = &scan->known;
    if (!options->by_cache || options->starts != NULL)
        return NULL;
    TRY(decide(scan, known));
    if (!known->is_used)
        return NULL;
    known->begun_ns = fs_now_ns();
    known->worker_room = UNTRACKED_CACHE_MAX / workers;
    known->is_kept = options->keep && !options->tracked_only &&
                     pathspec_is_all(options->pathspec);
    return load(scan->repo, known);
}

/* The names that are tracked in the folder, each with what tells a file from a
 * folder. */
static dits_error *collect_tracked(const struct index *index,
                                   const struct scan_folder_at *at,
                                   struct buf *out)
{
    size_t prefix = strlen(at->path) + (*at->path != '\0');
    CLEANUP(buf_release) struct buf folder = {0};
    buf_clear(out);
    for (size_t i = at->low; i < at->high;) {
        const char *path = index_at(index, i)->path;
        const char *name = path + prefix;
        const char *slash = strchr(name, '/');
        if (slash == NULL) {
            TRY(buf_put(out, name, strlen(name) + 1));
            i++;
            continue;
        }
        TRY(buf_put(out, name, (size_t)(slash - name) + 1));
        buf_clear(&folder);
        TRY(buf_put(&folder, path, (size_t)(slash - path)));
        i = scan_end_of(index, i, buf_text(&folder));
    }
    return NULL;
}

static dits_error *hash_tracked(struct scan_worker *worker,
                                const struct scan_folder_at *at,
                                uint8_t out[UNTRACKED_HASH_SIZE])
{
    struct buf *names = &worker->notes.tracked;
    struct dits_oid hash;
    memset(out, 0, UNTRACKED_HASH_SIZE);
    if (at->low == at->high)
        return NULL;
    TRY(collect_tracked(worker->scan->options->index, at, names));
    hash_bytes(names->data, names->size, &hash);
    memcpy(out, hash.hash, UNTRACKED_HASH_SIZE);
    return NULL;
}

static bool is_same(const struct fs_stat *a, const struct fs_stat *b)
{
    return a->device == b->device && a->inode == b->inode &&
           a->size == b->size && a->mtime_ns == b->mtime_ns &&
           a->ctime_ns == b->ctime_ns;
}

/* Whether it may be noted at all. */
static bool is_settled(const struct scan_known *known,
                       const struct fs_stat *stat)
{
    return stat->ctime_ns < known->begun_ns - index_stat_step(stat->ctime_ns) &&
           (!known->is_automatic || stat->device == known->device);
}

/* What is known of the folder that the worker is in; NULL: nothing. */
static dits_error *find(struct scan_worker *worker,
                        const struct scan_folder_at *at,
                        const struct fs_stat *stat,
                        const struct untracked_folder **out)
{
    struct scan_known *known = &worker->scan->known;
    uint8_t tracked[UNTRACKED_HASH_SIZE];
    size_t place = 0;
    *out = NULL;
    const struct untracked_folder *folder =
        untracked_cache_find(&known->cache, at->path, &place);
    if (folder == NULL || !is_same(&folder->stat, stat) ||
        !is_settled(known, stat))
        return NULL;
    TRY(hash_tracked(worker, at, tracked));
    if (memcmp(tracked, folder->tracked, sizeof(tracked)) != 0)
        return NULL;
    known->met[place] = true; /* nobody else looks at this folder */
    *out = folder;
    return NULL;
}

dits_error *scan_known_list(struct scan_worker *worker,
                            const struct scan_folder_at *at, struct buf *room,
                            struct scan_listing *out, bool *out_found)
{
    const struct scan_known *known = &worker->scan->known;
    const struct untracked_folder *folder = NULL;
    *out = (struct scan_listing){0};
    if (known->is_used) {
        TRY(dir_place_enter(&worker->place, at->path, strlen(at->path),
                            out_found));
        if (!*out_found)
            return NULL;
        TRY(dir_stat_self(&worker->place.dir, &out->stat));
        TRY(find(worker, at, &out->stat, &folder));
    }
    if (folder != NULL) {
        out->names = folder->names;
        out->is_known = true;
        return NULL;
    }
    TRY(scan_list(worker, at->path, room, out_found));
    worker->listed++;
    out->names = buf_slice(room);
    out->is_noted = known->is_kept && is_settled(known, &out->stat);
    return NULL;
}

static size_t count_names(struct slice names)
{
    size_t count = 0;
    for (size_t at = 0; at < names.size; count++)
        at += strlen((const char *)names.data + at + 1) + 2;
    return count;
}

dits_error *scan_known_note(struct scan_worker *worker,
                            const struct scan_folder_at *at,
                            const struct scan_listing *listing,
                            struct slice names)
{
    struct scan_notes *notes = &worker->notes;
    struct untracked_folder folder = {
        .path = at->path, .stat = listing->stat, .names = names};
    if (names.size > UNTRACKED_NAMES_MAX ||
        notes->folders.size + names.size > worker->scan->known.worker_room)
        return NULL;
    TRY(hash_tracked(worker, at, folder.tracked));
    TRY(untracked_folder_put(&folder, &notes->folders));
    notes->count++;
    notes->names += count_names(listing->names) + 1;
    return NULL;
}

static int compare_folders(const void *a, const void *b)
{
    const struct untracked_folder *left = a;
    const struct untracked_folder *right = b;
    return path_compare(left->path, right->path);
}

/* What is as it was, and what is new. */
static dits_error *gather(const struct scan_known *known,
                          const struct scan_worker *workers, unsigned count,
                          struct untracked_cache *out)
{
    size_t total = known->cache.count;
    for (unsigned w = 0; w < count; w++)
        total += workers[w].notes.count;
    out->folders = mem_new_array(struct untracked_folder, total + 1);
    if (out->folders == NULL)
        return error_nomem();
    for (size_t i = 0; i < known->cache.count; i++)
        if (known->met[i])
            out->folders[out->count++] = known->cache.folders[i];
    for (unsigned w = 0; w < count; w++) {
        const struct buf *bytes = &workers[w].notes.folders;
        struct cursor in = cursor_over(bytes->data, bytes->size);
        for (size_t i = 0; i < workers[w].notes.count; i++)
            TRY(untracked_folder_get(&in, &out->folders[out->count++]));
    }
    if (out->count > 1)
        qsort(out->folders, out->count, sizeof(*out->folders), compare_folders);
    return NULL;
}

/* Once for a work tree. */
static dits_error *try_times(const dits_repo *repo,
                             struct untracked_cache *cache)
{
    bool told = false;
    TRY(folder_times_try(repo->private_dir, &told));
    cache->verdict = told ? UNTRACKED_TOLD : UNTRACKED_UNTOLD;
    if (!told)
        cache->count = 0;
    return NULL;
}

static bool is_worth_it(const struct scan *scan, size_t names)
{
    const struct scan_known *known = &scan->known;
    size_t all = index_count(scan->options->index);
    bool is_first = known->is_automatic &&
                    known->cache.verdict == UNTRACKED_UNTRIED;
    return names > (is_first ? AUTO_MIN : 0) && names >= all / KEEP_PART;
}

static dits_error *keep(const struct scan *scan,
                        const struct scan_worker *workers, unsigned count)
{
    CLEANUP(untracked_cache_release) struct untracked_cache cache = {0};
    const struct scan_known *known = &scan->known;
    size_t names = 0;
    for (unsigned w = 0; w < count; w++)
        names += workers[w].notes.names;
    if (!is_worth_it(scan, names))
        return NULL;
    cache.written_ns = known->begun_ns;
    cache.device = known->device;
    cache.verdict = known->cache.verdict;
    TRY(gather(known, workers, count, &cache));
    if (known->is_automatic && cache.verdict == UNTRACKED_UNTRIED)
        TRY(try_times(scan->repo, &cache));
    return untracked_cache_write(scan->repo, &cache);
}

void scan_known_keep(struct scan *scan, const struct scan_worker *workers,
                     unsigned count)
{
    if (scan->known.is_kept)
        dits_error_free(keep(scan, workers, count));
}
