#include "object/asset_export_rebuilt.h"

#include "base/hash.h"
#include "base/mem.h"
#include "base/pool.h"
#include "object/asset_reader.h"
#include "object/write_turns.h"

enum {
    BATCH_PARTS = 8, /* written at once: 2 MiB stay in the cache */
    RANGE_PARTS = 128,
    RANGES = 8, /* how far a worker may be ahead of another */
};

#define BATCH_BYTES ((size_t)BATCH_PARTS * HASH_PART_BYTES)
#define RANGE_BYTES ((uint64_t)RANGE_PARTS * HASH_PART_BYTES)

/* What was hashed of one range of the file. */
struct range {
    bool ready;
    size_t count;
    struct hash_part parts[RANGE_PARTS];
};

/*
 * Each worker puts one range after another together. Their hashes are added in
 * order, by whoever has just finished the next one.
 */
struct rebuild {
    struct asset *asset;
    const dits_context *context;
    struct write_turns turns;
    void (*on_progress)(uint64_t bytes, void *payload);
    void *payload;
    uint64_t range_count;
    bool unchecked; /* chunks are not checked one by one */

    pthread_mutex_t mutex;
    pthread_cond_t changed;
    /* guarded by mutex: */
    uint64_t next;  /* range to be taken */
    uint64_t added; /* ranges */
    bool stopped;   /* a worker has failed */
    struct hash content;
    struct range ranges[RANGES];
    struct buf rest; /* behind the last whole part of the file */
};

static void rebuild_freep(struct rebuild **self)
{
    struct rebuild *job = *self;
    if (job == NULL)
        return;
    buf_release(&job->rest);
    write_turns_release(&job->turns);
    (void)pthread_cond_destroy(&job->changed);
    (void)pthread_mutex_destroy(&job->mutex);
    mem_free(job);
}

/* False: there is no more to do. */
static bool take_range(struct rebuild *job, uint64_t *out)
{
    POOL_LOCKED(&job->mutex);
    while (!job->stopped && job->next < job->range_count &&
           job->next >= job->added + RANGES)
        (void)pthread_cond_wait(&job->changed, &job->mutex);
    if (job->stopped || job->next == job->range_count)
        return false;
    *out = job->next++;
    job->ranges[*out % RANGES].count = 0;
    return true;
}

static void finish_range(struct rebuild *job, struct range *range)
{
    POOL_LOCKED(&job->mutex);
    range->ready = true;
    for (;;) {
        struct range *first = &job->ranges[job->added % RANGES];
        if (!first->ready)
            break;
        for (size_t i = 0; i < first->count; i++)
            hash_add_part(&job->content, &first->parts[i]);
        first->ready = false;
        job->added++;
    }
    (void)pthread_cond_broadcast(&job->changed);
}

static dits_error *hash_batch(struct rebuild *job, struct range *range,
                              uint64_t offset, struct slice bytes)
{
    while (bytes.size >= HASH_PART_BYTES) {
        hash_part(bytes.data, offset / HASH_PART_BYTES,
                  &range->parts[range->count++]);
        offset += HASH_PART_BYTES;
        bytes.data += HASH_PART_BYTES;
        bytes.size -= HASH_PART_BYTES;
    }
    /* Only the last batch of the file has a rest. */
    return bytes.size > 0 ? buf_put(&job->rest, bytes.data, bytes.size) : NULL;
}

static void report(struct rebuild *job, size_t size)
{
    if (job->on_progress == NULL)
        return;
    POOL_LOCKED(&job->mutex);
    job->on_progress(size, job->payload);
}

static dits_error *copy_range(struct rebuild *job, uint64_t number,
                              struct asset_reader *reader, struct buf *bytes)
{
    struct range *range = &job->ranges[number % RANGES];
    uint64_t size = job->asset->recipe.info.size;
    uint64_t offset = number * RANGE_BYTES;
    uint64_t end = size - offset < RANGE_BYTES ? size : offset + RANGE_BYTES;
    void *room = NULL;
    while (offset < end) {
        size_t some = end - offset < BATCH_BYTES ? (size_t)(end - offset)
                                                 : BATCH_BYTES;
        if (job->context != NULL)
            TRY(context_check(job->context));
        TRY(buf_extend(bytes, some, &room));
        TRY(asset_reader_read(reader, offset, some, room));
        TRY(hash_batch(job, range, offset, buf_slice(bytes)));
        TRY(write_turns_put(&job->turns, offset, bytes));
        report(job, some);
        offset += some;
    }
    finish_range(job, range);
    return NULL;
}

static dits_error *copy_ranges(struct rebuild *job)
{
    CLEANUP(asset_reader_release) struct asset_reader reader = {0};
    CLEANUP(buf_release) struct buf bytes = {0};
    uint64_t number = 0;
    TRY(asset_reader_init(&reader, job->asset));
    if (job->unchecked)
        asset_reader_uncheck(&reader);
    while (take_range(job, &number))
        TRY(copy_range(job, number, &reader, &bytes));
    return NULL;
}

static dits_error *run_worker(unsigned worker, void *payload)
{
    struct rebuild *job = payload;
    (void)worker;
    dits_error *err = copy_ranges(job);
    if (err != NULL) {
        POOL_LOCKED(&job->mutex);
        job->stopped = true;
        (void)pthread_cond_broadcast(&job->changed);
    }
    return err;
}

/* A packed stream is made from its start: several workers would only wait. */
static unsigned count_workers(const struct rebuild *job, unsigned threads)
{
    bool is_one = job->range_count == 1 ||
                  job->asset->recipe.form == RECIPE_WRAPPED;
    return is_one ? 1 : threads;
}

static dits_error *rebuild(struct rebuild *job, unsigned threads)
{
    const struct asset_info *info = &job->asset->recipe.info;
    struct dits_oid content = {0};
    job->range_count = (info->size + RANGE_BYTES - 1) / RANGE_BYTES;
    hash_begin(&job->content);
    TRY(pool_run(count_workers(job, threads), run_worker, job));
    hash_update(&job->content, job->rest.data, job->rest.size);
    hash_finish(&job->content, &content);
    if (!dits_oid_equal(&content, &info->content))
        return error_new(DITS_E_CORRUPT,
                         "the file does not come out of its streams as it was");
    return NULL;
}

static dits_error *try_rebuild(const struct rebuild *wanted,
                               const struct fs_file *file, unsigned threads)
{
    CLEANUP(rebuild_freep) struct rebuild *job = mem_new(struct rebuild);
    if (job == NULL)
        return error_nomem();
    *job = *wanted;
    (void)pthread_mutex_init(&job->mutex, NULL);
    (void)pthread_cond_init(&job->changed, NULL);
    write_turns_init(&job->turns, file);
    return rebuild(job, threads);
}

/*
 * The hash of the whole file is as good a proof as that of each chunk, and
 * hashing everything twice would cost more than the copy. Only where it does
 * not hold are the chunks checked, so that the damaged one is found, and healed
 * from another copy.
 */
dits_error *asset_export_rebuilt(struct asset *asset,
                                 const dits_context *context, unsigned threads,
                                 const struct fs_file *file,
                                 void (*on_progress)(uint64_t, void *),
                                 void *payload)
{
    struct rebuild wanted = {
        .asset = asset,
        .context = context,
        .on_progress = on_progress,
        .payload = payload,
        .unchecked = true,
    };
    dits_error *err = try_rebuild(&wanted, file, threads);
    if (!dits_error_has(err, DITS_E_CORRUPT))
        return err;
    dits_error_free(err); /* the next attempt says what is wrong */
    wanted.unchecked = false;
    wanted.on_progress = NULL;
    return try_rebuild(&wanted, file, threads);
}
