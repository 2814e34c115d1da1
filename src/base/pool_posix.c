#include <assert.h>
#include <sched.h>
#include <stdbool.h>
#include <string.h>

#include "base/mem.h"
#include "base/pool.h"

/* Neighbouring threads on one processor halve the speed of a short task. */
enum { MAX_WORKERS = 64 };

struct worker {
    pthread_t thread;
    unsigned index;
    bool started;
    bool pinned;
    cpu_set_t set; /* when pinned */
    pool_fn *fn;
    void *payload;
    dits_error *err;
};

unsigned pool_processors(void)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    if (sched_getaffinity(0, sizeof(set), &set) != 0)
        return 1;
    int count = CPU_COUNT(&set);
    return count < 1 ? 1 : count > MAX_WORKERS ? MAX_WORKERS : (unsigned)count;
}

/* The `index`th processor of `set`, or -1 when there are fewer. */
static int nth_processor(const cpu_set_t *set, unsigned index)
{
    for (unsigned cpu = 0; cpu < CPU_SETSIZE; cpu++)
        if (CPU_ISSET(cpu, set) && index-- == 0)
            return (int)cpu;
    return -1;
}

static void *run_worker(void *data)
{
    struct worker *worker = data;
    if (worker->pinned)
        (void)pthread_setaffinity_np(pthread_self(), sizeof(worker->set),
                                     &worker->set);
    worker->err = worker->fn(worker->index, worker->payload);
    return NULL;
}

/* Keep the worker to the `index`th processor of `set`. */
static void pin(struct worker *worker, const cpu_set_t *set)
{
    int processor = nth_processor(set, worker->index);
    worker->pinned = processor >= 0;
    if (worker->pinned)
        CPU_SET((unsigned)processor, &worker->set);
}

static void join_all(struct worker *workers, unsigned count)
{
    for (unsigned i = 1; i < count; i++)
        if (workers[i].started)
            (void)pthread_join(workers[i].thread, NULL);
}

/* The first error; the others are freed. */
static dits_error *first_error(struct worker *workers, unsigned count)
{
    dits_error *first = NULL;
    for (unsigned i = 0; i < count; i++) {
        if (first == NULL)
            first = workers[i].err;
        else
            dits_error_free(workers[i].err);
    }
    return first;
}

dits_error *pool_run(unsigned count, pool_fn *fn, void *payload)
{
    struct worker workers[MAX_WORKERS] = {0};
    if (count > MAX_WORKERS)
        count = MAX_WORKERS;
    if (count <= 1)
        return fn(0, payload);

    cpu_set_t before;
    CPU_ZERO(&before);
    bool enough = sched_getaffinity(0, sizeof(before), &before) == 0 &&
                  (unsigned)CPU_COUNT(&before) >= count;
    for (unsigned i = 0; i < count; i++) {
        workers[i] = (struct worker){.index = i, .fn = fn, .payload = payload};
        if (enough)
            pin(&workers[i], &before);
        /* Without a thread the others do its share. */
        if (i > 0)
            workers[i].started = pthread_create(&workers[i].thread, NULL,
                                                run_worker, &workers[i]) == 0;
    }
    run_worker(&workers[0]);
    join_all(workers, count);
    if (enough)
        (void)pthread_setaffinity_np(pthread_self(), sizeof(before), &before);
    return first_error(workers, count);
}

struct pool {
    unsigned count;
    struct worker workers[MAX_WORKERS];
};

void pool_here(struct pool_set *out)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    (void)sched_getaffinity(0, sizeof(set), &set);
    memcpy(out->mask, &set, sizeof(out->mask));
}

static_assert(sizeof(cpu_set_t) == sizeof(struct pool_set),
              "struct pool_set must hold the system's set");

dits_error *pool_start(unsigned count, const struct pool_set *where,
                       pool_fn *fn, void *payload, struct pool **out)
{
    struct pool *pool = mem_new(struct pool);
    if (pool == NULL)
        return error_nomem();
    unsigned started = 0;
    for (unsigned i = 0; i < count && i < MAX_WORKERS; i++) {
        struct worker *worker = &pool->workers[started];
        *worker = (struct worker){
            .index = started, .fn = fn, .payload = payload, .pinned = true};
        memcpy(&worker->set, where->mask, sizeof(worker->set));
        if (pthread_create(&worker->thread, NULL, run_worker, worker) == 0)
            started++;
    }
    pool->count = started;
    if (started == 0) {
        mem_free(pool);
        return error_new(DITS_E_LIMIT, "cannot start a thread");
    }
    *out = pool;
    return NULL;
}

dits_error *pool_join(struct pool *pool)
{
    if (pool == NULL)
        return NULL;
    for (unsigned i = 0; i < pool->count; i++)
        (void)pthread_join(pool->workers[i].thread, NULL);
    dits_error *first = first_error(pool->workers, pool->count);
    mem_free(pool);
    return first;
}

pthread_mutex_t *pool_lock(pthread_mutex_t *mutex)
{
    (void)pthread_mutex_lock(mutex);
    return mutex;
}

void pool_unlock(pthread_mutex_t **mutex)
{
    (void)pthread_mutex_unlock(*mutex);
}
