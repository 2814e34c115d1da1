#include <inttypes.h>
#include <stdatomic.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/pool.h"
#include "object/asset.h"
#include "object/asset_export_rebuilt.h"
#include "object/asset_reader.h"
#include "object/write_turns.h"

enum {
    BATCH_BYTES = 2 * 1024 * 1024, /* written at once; stays in the cache */
    BATCH_CHUNKS = 256,
};

/* What the workers share. */
struct export
{
    struct asset *asset;
    const dits_context *context;
    struct write_turns turns;
    void (*on_progress)(uint64_t bytes, void *payload);
    void *payload;
    atomic_bool stop; /* a worker has failed */

    pthread_mutex_t mutex;
    /* guarded by mutex: */
    struct list_cursor cursor;
    uint64_t written_end;
    struct dits_oid zero_id; /* of a chunk of `zero_size` zeros */
    uint32_t zero_size;
};

/* Chunks that follow one another in the file. */
struct batch {
    uint64_t offset;
    size_t size;
    size_t count;
    struct chunk_ref chunks[BATCH_CHUNKS];
};

static void report(struct export *job, uint64_t bytes)
{
    if (job->on_progress != NULL && bytes > 0) {
        POOL_LOCKED(&job->mutex);
        job->on_progress(bytes, job->payload);
    }
}

/* The largest size a chunker makes is where runs of zeros show. */
static dits_error *learn_zero(struct export *job, uint32_t size)
{
    uint8_t *zeros = mem_new_array(uint8_t, size);
    if (zeros == NULL)
        return error_nomem();
    hash_bytes(zeros, size, &job->zero_id);
    job->zero_size = size;
    mem_free(zeros);
    return NULL;
}

/* Whether `span` is nothing but zeros, which need not be written. */
static dits_error *is_hole(struct export *job, const struct list_span *span,
                           bool *out)
{
    const struct chunker *chunker =
        chunker_by_id(job->asset->recipe.info.chunker);
    *out = false;
    if (chunker == NULL || span->size != chunker->max_size)
        return NULL;
    if (job->zero_size != span->size)
        TRY(learn_zero(job, span->size));
    *out = dits_oid_equal(&span->id, &job->zero_id);
    return NULL;
}

/* Add what is left of `span` while it fits; a batch has at least one chunk. */
static uint64_t add_chunks(struct batch *batch, const struct list_span *span)
{
    uint64_t added = 0;
    if (batch->count == 0)
        batch->offset = span->offset;
    while (added < span->count && batch->count < BATCH_CHUNKS &&
           (batch->count == 0 || batch->size + span->size <= BATCH_BYTES)) {
        batch->chunks[batch->count++] =
            (struct chunk_ref){.size = span->size, .id = span->id};
        batch->size += span->size;
        added++;
    }
    return added;
}

/* The next chunks to write; none at the end. `*out_holes`: bytes skipped. */
static dits_error *take_batch(struct export *job, struct batch *batch,
                              uint64_t *out_holes)
{
    POOL_LOCKED(&job->mutex);
    batch->count = 0;
    batch->size = 0;
    for (;;) {
        struct list_span span = {0};
        bool found = false;
        bool hole = false;
        TRY(list_cursor_get(&job->cursor, &span, &found));
        if (found)
            TRY(is_hole(job, &span, &hole));
        if (!found || (hole && batch->count > 0))
            return NULL;
        uint64_t count = hole ? span.count : add_chunks(batch, &span);
        if (count == 0)
            return NULL;
        list_cursor_skip(&job->cursor, count);
        if (hole)
            *out_holes += count * span.size;
        else
            job->written_end = batch->offset + batch->size;
    }
}

static dits_error *read_batch(struct export *job, const struct batch *batch,
                              struct buf *bytes)
{
    void *at = NULL;
    size_t done = 0;
    TRY(buf_extend(bytes, batch->size, &at));
    for (size_t i = 0; i < batch->count; i++) {
        const struct chunk_ref *chunk = &batch->chunks[i];
        TRY_CONTEXT(store_read_into(job->asset->store, CHUNK_DATA, &chunk->id,
                                    bytes->data + done, chunk->size),
                    "cannot read the %u bytes at %" PRIu64, chunk->size,
                    batch->offset + done);
        done += chunk->size;
    }
    return NULL;
}

static dits_error *copy_chunks(struct export *job)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    struct batch batch = {0};
    do {
        uint64_t holes = 0;
        if (job->context != NULL)
            TRY(context_check(job->context));
        TRY(take_batch(job, &batch, &holes));
        report(job, holes);
        if (batch.count > 0) {
            TRY(read_batch(job, &batch, &bytes));
            TRY(write_turns_put(&job->turns, batch.offset, &bytes));
            report(job, batch.size);
        }
    } while (batch.count > 0 && !atomic_load(&job->stop));
    return NULL;
}

static dits_error *run_worker(unsigned worker, void *payload)
{
    (void)worker;
    struct export *job = payload;
    dits_error *err = copy_chunks(job);
    if (err != NULL)
        atomic_store(&job->stop, true);
    return err;
}

/* Not one list of chunks, but put together from streams. */
static bool is_rebuilt(const struct asset *asset)
{
    return asset->recipe.form == RECIPE_WOVEN ||
           asset->recipe.form == RECIPE_WRAPPED;
}

dits_error *asset_export(struct asset *asset, const dits_context *context,
                         unsigned threads, const struct fs_file *file,
                         void (*on_progress)(uint64_t, void *), void *payload)
{
    const struct asset_info *info = &asset->recipe.info;
    struct export job = {
        .asset = asset,
        .context = context,
        .on_progress = on_progress,
        .payload = payload,
        .mutex = PTHREAD_MUTEX_INITIALIZER,
    };
    if (info->size == 0)
        return NULL;
    if (is_rebuilt(asset))
        return asset_export_rebuilt(asset, context, threads, file, on_progress,
                                    payload);
    job.cursor = list_cursor_over(asset->store, &asset->recipe.streams[0]);
    write_turns_init(&job.turns, file);
    unsigned count = info->size <= BATCH_BYTES ? 1 : threads;
    dits_error *err = pool_run(count, run_worker, &job);
    write_turns_release(&job.turns);
    list_cursor_release(&job.cursor);
    if (err == NULL && job.written_end < info->size)
        err = fs_truncate(file, info->size);
    return err;
}
