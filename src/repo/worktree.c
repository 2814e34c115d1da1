#include "repo/worktree.h"

#include <stdatomic.h>
#include <string.h>

#include "base/hash.h"
#include "base/pool.h"
#include "object/asset.h"
#include "repo/index_stat.h"
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
        if (!tree_name_is_valid(path, length))
            return false;
        if (path[length] == '\0')
            return true;
        path += length + 1;
    }
}

struct crew {
    const struct worktree_each *each;
    const struct dir *root;
    atomic_size_t next;
    atomic_bool stopped;
};

static bool is_large(const struct worktree_each *each, size_t item)
{
    return each->size != NULL && each->size(item, each->payload) >= LARGE;
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
    for (size_t i = start; i < end; i++) {
        if (atomic_load_explicit(&crew->stopped, memory_order_relaxed))
            return NULL;
        turn->item = i;
        if (!is_large(each, i))
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

static dits_error *do_large(const struct worktree_each *each,
                            const struct dir *root)
{
    CLEANUP(dir_place_release) struct dir_place place = {.root = root};
    struct worktree_turn turn = {
        .threads = context_threads(each->repo->context), .place = &place};
    for (size_t i = 0; each->size != NULL && i < each->count; i++) {
        turn.item = i;
        if (is_large(each, i))
            TRY(take_turn(each, &turn));
    }
    return NULL;
}

dits_error *worktree_each(const struct worktree_each *each)
{
    CLEANUP(dir_close) struct dir root = {0};
    if (each->count == 0)
        return NULL;
    TRY(worktree_open(each->repo, &root));
    struct crew crew = {.each = each, .root = &root};
    unsigned threads = context_threads(each->repo->context);
    size_t runs = (each->count + RUN - 1) / RUN;
    threads = runs < threads ? (unsigned)runs : threads;
    TRY(pool_run(threads, work, &crew));
    return do_large(each, &root);
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
    TRY(dir_open_file(&turn->place->dir, name, &file));
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

/* It went, changed or closed itself to us since we looked. */
static bool is_elsewhere(const dits_error *err)
{
    return dits_error_has(err, DITS_E_NOT_FOUND) ||
           dits_error_has(err, DITS_E_CONFLICT) ||
           dits_error_has(err, DITS_E_DENIED);
}

dits_error *worktree_is_same(const dits_repo *repo,
                             const struct worktree_turn *turn, const char *path,
                             const struct fs_stat *stat,
                             struct index_entry *entry, bool *out)
{
    *out = index_stat_matches(entry, stat);
    if (*out || entry->mode != index_stat_mode(stat))
        return NULL;
    TRY(content_of(repo, entry));
    if (entry->size != stat->size)
        return NULL;

    struct dits_oid content = {0};
    int64_t looked_ns = fs_now_ns();
    dits_error *err = hash_path(repo, turn, path, stat, &content);
    if (is_elsewhere(err)) {
        dits_error_free(err); /* it is not the same any more: that is all */
        return NULL;
    }
    TRY(err);
    *out = dits_oid_equal(&content, &entry->content);
    if (*out)
        index_stat_set(entry, stat, looked_ns);
    return NULL;
}
