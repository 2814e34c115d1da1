#include "repo/worktree.h"

#include <stdatomic.h>
#include <string.h>
#include <strings.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/pool.h"
#include "object/asset.h"
#include "repo/index_stat.h"
#include "repo/stand_in.h"
#include "store/ingest.h"

enum {
    RUN = 64,               /* neighbours that one worker takes at a time */
    LARGE = 8 * 1024 * 1024 /* bytes from which all threads share one file */
};

dits_error *worktree_open(const dits_repo *repo, struct dir *out)
{
    return dir_open(repo->work_dir, out);
}

bool worktree_is_safe_path(const char *path)
{
    for (;;) {
        size_t length = strcspn(path, "/");
        bool is_gits = length == 4 && strncasecmp(path, ".git", 4) == 0;
        if (!tree_name_is_valid(path, length) || is_gits)
            return false;
        if (path[length] == '\0')
            return true;
        path += length + 1;
    }
}

struct crew {
    const struct worktree_each *each;
    const struct dir *root;
    bool *waiting; /* for each item: it is for all threads together */
    atomic_size_t next;
    atomic_bool stopped;
};

bool worktree_waits(const struct worktree_turn *turn, uint64_t size_bytes)
{
    if (turn->waits == NULL || size_bytes < LARGE)
        return false;
    *turn->waits = true;
    return true;
}

static dits_error *take_turn(const struct worktree_each *each,
                             const struct worktree_turn *turn)
{
    TRY(context_check(each->repo->context));
    return each->fn(turn, each->payload);
}

static dits_error *do_run(struct crew *crew, struct worktree_turn *turn,
                          size_t start)
{
    const struct worktree_each *each = crew->each;
    size_t end = each->count - start < RUN ? each->count : start + RUN;
    turn->end = end;
    for (size_t i = start; i < end; i++) {
        if (atomic_load_explicit(&crew->stopped, memory_order_relaxed))
            return NULL;
        turn->item = i;
        turn->waits = crew->waiting != NULL ? &crew->waiting[i] : NULL;
        TRY(take_turn(each, turn));
    }
    return NULL;
}

static dits_error *work(unsigned worker, void *payload)
{
    struct crew *crew = payload;
    CLEANUP(dir_place_release) struct dir_place place = {.root = crew->root};
    struct worktree_turn turn = {
        .worker = worker, .threads = 1, .place = &place};
    for (;;) {
        size_t start = atomic_fetch_add(&crew->next, RUN);
        if (start >= crew->each->count)
            return NULL;
        dits_error *err = do_run(crew, &turn, start);
        if (err != NULL) {
            atomic_store(&crew->stopped, true);
            return err;
        }
    }
}

static dits_error *do_waiting(const struct crew *crew, unsigned threads)
{
    CLEANUP(dir_place_release) struct dir_place place = {.root = crew->root};
    struct worktree_turn turn = {.threads = threads, .place = &place};
    for (size_t i = 0; i < crew->each->count; i++) {
        turn.item = i;
        turn.end = i + 1;
        if (crew->waiting[i])
            TRY(take_turn(crew->each, &turn));
    }
    return NULL;
}

static void free_waiting(bool **waiting)
{
    mem_free(*waiting);
}

dits_error *worktree_each(const struct worktree_each *each)
{
    CLEANUP(dir_close) struct dir root = {0};
    CLEANUP(free_waiting) bool *waiting = NULL;
    if (each->count == 0)
        return NULL;
    unsigned threads = context_threads(each->repo->context);
    if (threads > 1) {
        waiting = mem_new_array(bool, each->count);
        if (waiting == NULL)
            return error_nomem();
    }
    TRY(worktree_open(each->repo, &root));
    struct crew crew = {.each = each, .root = &root, .waiting = waiting};
    size_t runs = (each->count + RUN - 1) / RUN;
    unsigned workers = runs < threads ? (unsigned)runs : threads;
    TRY(pool_run(workers, work, &crew));
    return waiting != NULL ? do_waiting(&crew, threads) : NULL;
}

dits_error *worktree_enter(struct dir_place *place, const char *path,
                           const char **out_name, bool *out_found)
{
    const char *slash = strrchr(path, '/');
    size_t length = slash != NULL ? (size_t)(slash - path) : 0;
    *out_name = slash != NULL ? slash + 1 : path;
    return dir_place_enter(place, path, length, out_found);
}

dits_error *worktree_stat(struct dir_place *place, const char *path,
                          struct fs_stat *out, bool *out_found)
{
    const char *name = NULL;
    TRY(worktree_enter(place, path, &name, out_found));
    if (*out_found)
        TRY_CONTEXT(dir_stat(&place->dir, name, out, out_found),
                    "cannot look at '%s'", path);
    return NULL;
}

/* The hash of the whole file that `entry` stands for. */
static dits_error *content_of(const dits_repo *repo, struct index_entry *entry)
{
    CLEANUP(asset_closep) struct asset *asset = NULL;
    if (!dits_oid_is_zero(&entry->content))
        return NULL;
    TRY(asset_open(repo->store, &entry->asset, &asset));
    entry->content = asset_get_info(asset)->content;
    entry->size = asset_get_info(asset)->size;
    return NULL;
}

static dits_error *hash_file(const dits_repo *repo,
                             const struct worktree_turn *turn, const char *name,
                             uint64_t size, struct dits_oid *out)
{
    CLEANUP(fs_close) struct fs_file file = {0};
    TRY(dir_open_file(&turn->place->dir, name, &file, NULL));
    return ingest_hash(repo->context, &file, size, turn->threads, out);
}

static dits_error *hash_symlink(const struct worktree_turn *turn,
                                const char *name, struct dits_oid *out)
{
    CLEANUP(buf_release) struct buf target = {0};
    TRY(dir_read_symlink(&turn->place->dir, name, &target));
    hash_bytes(target.data, target.size, out);
    return NULL;
}

static dits_error *hash_path(const dits_repo *repo,
                             const struct worktree_turn *turn, const char *path,
                             const struct fs_stat *stat, struct dits_oid *out)
{
    const char *name = NULL;
    bool found = false;
    TRY(worktree_enter(turn->place, path, &name, &found));
    if (!found)
        return error_new(DITS_E_NOT_FOUND, "no file '%s'", path);
    if (stat->kind == FS_SYMLINK)
        TRY_CONTEXT(hash_symlink(turn, name, out), "cannot read '%s'", path);
    else
        TRY_CONTEXT(hash_file(repo, turn, name, stat->size, out),
                    "cannot read '%s'", path);
    return NULL;
}

bool worktree_is_elsewhere(const dits_error *err)
{
    return dits_error_has(err, DITS_E_NOT_FOUND) ||
           dits_error_has(err, DITS_E_CONFLICT) ||
           dits_error_has(err, DITS_E_DENIED);
}

static dits_error *read_stand_in(const struct worktree_turn *turn,
                                 const char *path, struct fs_stat *stat,
                                 struct stand_in *out,
                                 enum stand_in_verdict *out_verdict)
{
    const char *name = NULL;
    bool found = false;
    *out_verdict = STAND_IN_NONE;
    TRY(worktree_enter(turn->place, path, &name, &found));
    return found
               ? stand_in_read(&turn->place->dir, name, stat, out, out_verdict)
               : NULL;
}

/* Whether the file stands in for what `entry` says. */
static dits_error *is_dropped(const struct worktree_turn *turn,
                              const char *path, const struct fs_stat *stat,
                              struct index_entry *entry, bool *out)
{
    struct stand_in what = {0};
    struct fs_stat now = *stat;
    enum stand_in_verdict verdict = STAND_IN_NONE;
    int64_t looked_ns = fs_now_ns();
    *out = false;
    if (entry->mode == TREE_SYMLINK)
        return NULL;
    dits_error *err = read_stand_in(turn, path, &now, &what, &verdict);
    if (worktree_is_elsewhere(err)) {
        dits_error_free(err); /* it stands for nothing any more */
        return NULL;
    }
    TRY(err);
    *out = verdict == STAND_IN_WHOLE && fs_stat_same(stat, &now) &&
           dits_oid_equal(&what.asset, &entry->asset);
    if (*out) {
        entry->is_dropped = true;
        index_stat_set(entry, stat, looked_ns);
    }
    return NULL;
}

dits_error *worktree_is_same(const dits_repo *repo,
                             const struct worktree_turn *turn, const char *path,
                             const struct fs_stat *stat,
                             struct index_entry *entry, bool *out)
{
    *out = index_stat_matches(entry, stat);
    if (*out || entry->mode != index_stat_mode(stat))
        return NULL;
    entry->is_dropped = false;
    TRY(content_of(repo, entry));
    if (entry->size != stat->size)
        return is_dropped(turn, path, stat, entry, out);

    struct dits_oid content = {0};
    index_stat_wait(stat);
    int64_t looked_ns = fs_now_ns();
    dits_error *err = hash_path(repo, turn, path, stat, &content);
    if (worktree_is_elsewhere(err)) {
        dits_error_free(err); /* it is not the same any more: that is all */
        return NULL;
    }
    TRY(err);
    *out = dits_oid_equal(&content, &entry->content);
    if (*out)
        index_stat_set(entry, stat, looked_ns);
    return NULL;
}
