#include "repo/repo_pool.h"

#include <pthread.h>
#include <string.h>

#include "base/mem.h"
#include "base/pool.h"
#include "base/text.h"
#include "repo/open.h"

/* One that is open, and what its settings were read from. */
struct handle {
    dits_repo *repo; /* NULL: there is none in this place */
    char *path;      /* as it was asked for */
    struct fs_stat settings;
    bool is_used;
    uint64_t turn; /* when it was given back */
};

struct repo_pool {
    const dits_context *context;
    size_t max_idle;
    pthread_mutex_t mutex;
    /* guarded by mutex: */
    struct handle *handles;
    size_t count;
    size_t idle;
    uint64_t turns;
};

dits_error *repo_pool_new(const dits_context *context, size_t max_idle,
                          struct repo_pool **out)
{
    struct repo_pool *pool = mem_new(struct repo_pool);
    if (pool == NULL)
        return error_nomem();
    pool->context = context;
    pool->max_idle = max_idle;
    (void)pthread_mutex_init(&pool->mutex, NULL);
    *out = pool;
    return NULL;
}

static void handle_close(struct handle *handle)
{
    dits_repo_free(handle->repo);
    text_free(&handle->path);
    *handle = (struct handle){0};
}

void repo_pool_free(struct repo_pool *pool)
{
    if (pool == NULL)
        return;
    for (size_t i = 0; i < pool->count; i++)
        handle_close(&pool->handles[i]);
    mem_free(pool->handles);
    (void)pthread_mutex_destroy(&pool->mutex);
    mem_free(pool);
}

void repo_pool_freep(struct repo_pool **pool)
{
    repo_pool_free(*pool);
    *pool = NULL;
}

/* --- what is open already --- */

/* An idle one for that path; its place is empty afterwards. */
static struct handle take_idle(struct repo_pool *pool, const char *path)
{
    POOL_LOCKED(&pool->mutex);
    for (size_t i = 0; i < pool->count; i++) {
        struct handle *handle = &pool->handles[i];
        if (handle->repo != NULL && !handle->is_used &&
            strcmp(handle->path, path) == 0) {
            pool->idle--;
            return MOVE(*handle);
        }
    }
    return (struct handle){0};
}

static dits_error *stat_settings(const dits_repo *repo, struct fs_stat *out)
{
    CLEANUP(text_free) char *path = NULL;
    TRY(fs_join(repo->dits_dir, "config", &path));
    return fs_stat_path(path, out);
}

static bool is_fresh(const struct handle *handle)
{
    struct fs_stat now = {0};
    dits_error *err = stat_settings(handle->repo, &now);
    bool fresh = err == NULL && fs_stat_same(&now, &handle->settings);
    dits_error_free(err); /* it is opened anew, and that fails */
    return fresh;
}

static dits_error *open_new(struct repo_pool *pool, const char *path,
                            struct handle *out)
{
    TRY(text_copy(path, &out->path));
    TRY(open_exactly(pool->context, path, &out->repo));
    return stat_settings(out->repo, &out->settings);
}

/* --- those that are used have a place, too --- */

static dits_error *find_place(struct repo_pool *pool, struct handle **out)
{
    for (size_t i = 0; i < pool->count; i++) {
        *out = &pool->handles[i];
        if ((*out)->repo == NULL)
            return NULL;
    }
    struct handle *handles = mem_resize(pool->handles, pool->count,
                                        pool->count + 1, sizeof(*handles));
    if (handles == NULL)
        return error_nomem();
    pool->handles = handles;
    *out = &handles[pool->count++];
    return NULL;
}

static dits_error *note_used(struct repo_pool *pool, struct handle *handle)
{
    POOL_LOCKED(&pool->mutex);
    struct handle *place = NULL;
    TRY(find_place(pool, &place));
    handle->is_used = true;
    *place = MOVE(*handle);
    return NULL;
}

dits_error *repo_pool_take(struct repo_pool *pool, const char *path,
                           dits_repo **out)
{
    CLEANUP(handle_close) struct handle handle = take_idle(pool, path);
    while (handle.repo != NULL && !is_fresh(&handle)) {
        handle_close(&handle);
        handle = take_idle(pool, path);
    }
    if (handle.repo == NULL)
        TRY(open_new(pool, path, &handle));
    dits_repo *repo = handle.repo;
    TRY(note_used(pool, &handle));
    *out = repo;
    return NULL;
}

/* Out of its place; closed by the caller, who has no lock by then. */
static struct handle take_oldest(struct repo_pool *pool)
{
    struct handle *oldest = NULL;
    for (size_t i = 0; i < pool->count; i++) {
        struct handle *handle = &pool->handles[i];
        if (handle->repo != NULL && !handle->is_used &&
            (oldest == NULL || handle->turn < oldest->turn))
            oldest = handle;
    }
    if (oldest == NULL)
        return (struct handle){0};
    pool->idle--;
    return MOVE(*oldest);
}

static struct handle give_back(struct repo_pool *pool, const dits_repo *repo,
                               bool is_done)
{
    POOL_LOCKED(&pool->mutex);
    for (size_t i = 0; i < pool->count; i++) {
        struct handle *handle = &pool->handles[i];
        if (handle->repo != repo)
            continue;
        handle->is_used = false;
        if (is_done)
            return MOVE(*handle);
        handle->turn = pool->turns++;
        pool->idle++;
    }
    return pool->idle > pool->max_idle ? take_oldest(pool) : (struct handle){0};
}

void repo_pool_give(struct repo_pool *pool, dits_repo *repo, bool is_done)
{
    struct handle closing = give_back(pool, repo, is_done);
    handle_close(&closing);
}
