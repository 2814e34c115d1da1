#include "server/db_pool.h"

#include "base/mem.h"
#include "base/pool.h"
#include "base/text.h"
#include "server/database.h"

enum { KEPT = 64 };

struct db_pool {
    char *folder;
    pthread_mutex_t mutex;
    struct db *idle[KEPT]; /* under the mutex */
    size_t count;
};

dits_error *db_pool_new(const char *folder, struct db_pool **out)
{
    struct db_pool *pool = mem_new(struct db_pool);
    if (pool == NULL)
        return error_nomem();
    (void)pthread_mutex_init(&pool->mutex, NULL);
    dits_error *err = text_copy(folder, &pool->folder);
    if (err != NULL) {
        db_pool_free(pool);
        return err;
    }
    *out = pool;
    return NULL;
}

void db_pool_free(struct db_pool *pool)
{
    if (pool == NULL)
        return;
    for (size_t i = 0; i < pool->count; i++)
        db_close(pool->idle[i]);
    (void)pthread_mutex_destroy(&pool->mutex);
    mem_free(pool->folder);
    mem_free(pool);
}

static struct db *take_idle(struct db_pool *pool)
{
    POOL_LOCKED(&pool->mutex);
    return pool->count > 0 ? pool->idle[--pool->count] : NULL;
}

dits_error *db_pool_take(struct db_pool *pool, struct db **out)
{
    *out = take_idle(pool);
    return *out != NULL ? NULL
                        : server_database_open(pool->folder, DB_EXISTING, out);
}

static struct db *keep(struct db_pool *pool, struct db *db)
{
    POOL_LOCKED(&pool->mutex);
    if (db == NULL || pool->count == KEPT)
        return db;
    pool->idle[pool->count++] = db;
    return NULL;
}

void db_pool_give(struct db_pool *pool, struct db *db)
{
    db_close(keep(pool, db));
}
