/*
 * Reading every chunk, in the order in which they lie in the packs.
 */
#include <stdatomic.h>

#include "base/mem.h"
#include "base/pool.h"
#include "base/progress.h"
#include "repo/fsck.h"

enum { BATCH_CHUNKS = 1024, BATCH_BYTES = 64 * 1024 * 1024 };

/* One chunk to read, and what came of it. */
struct job {
    struct dits_oid id;
    enum chunk_kind kind;
    uint32_t size;
    char pack[OID_HEX_SIZE];
    bool is_damaged;
};

struct batch {
    struct fsck *fsck;
    struct progress progress;
    struct job *jobs;
    size_t count;
    size_t bytes;
    atomic_size_t next;
};

static dits_error *read_chunk(struct batch *batch, struct job *job,
                              struct buf *bytes)
{
    dits_repo *repo = batch->fsck->repo;
    TRY(context_check(repo->context));
    dits_error *err = store_read(repo->store, job->kind, &job->id, bytes);
    if (err != NULL && fsck_is_damage(err)) {
        dits_error_free(err); /* told of when it is known who needs it */
        job->is_damaged = true;
        err = NULL;
    }
    progress_add(&batch->progress, job->size, 1, NULL);
    return err;
}

static dits_error *work(unsigned worker, void *payload)
{
    struct batch *batch = payload;
    CLEANUP(buf_release) struct buf bytes = {0};
    (void)worker;
    for (;;) {
        size_t i = atomic_fetch_add(&batch->next, 1);
        if (i >= batch->count)
            return NULL;
        dits_error *err = read_chunk(batch, &batch->jobs[i], &bytes);
        if (err != NULL) {
            atomic_store(&batch->next, batch->count);
            return err;
        }
    }
}

static dits_error *run_batch(struct batch *batch)
{
    struct fsck *fsck = batch->fsck;
    atomic_store(&batch->next, 0);
    TRY(pool_run(context_threads(fsck->repo->context), work, batch));
    for (size_t i = 0; i < batch->count; i++) {
        struct job *job = &batch->jobs[i];
        fsck->result.bytes += job->size;
        if (job->is_damaged && fsck_find_damage(fsck, &job->id) == NULL)
            TRY(fsck_add_damage(fsck, &job->id, job->kind, job->pack));
    }
    batch->count = 0;
    batch->bytes = 0;
    return NULL;
}

static dits_error *on_chunk(const struct dits_oid *id,
                            const struct chunk_place *place, void *payload)
{
    struct batch *batch = payload;
    struct job *job = &batch->jobs[batch->count++];
    *job = (struct job){.id = *id, .kind = place->kind, .size = place->size};
    for (size_t i = 0; i < sizeof(job->pack); i++)
        job->pack[i] = place->pack[i];
    batch->bytes += place->size;
    if (batch->count < BATCH_CHUNKS && batch->bytes < BATCH_BYTES)
        return NULL;
    return run_batch(batch);
}

static dits_error *count_bytes(const struct dits_oid *id,
                               const struct chunk_place *place, void *payload)
{
    uint64_t *total = payload;
    (void)id;
    *total += place->size;
    return NULL;
}

dits_error *fsck_chunks(struct fsck *fsck)
{
    struct batch batch = {.fsck = fsck};
    uint64_t total = 0;
    TRY(store_each(fsck->repo->store, count_bytes, &total));
    batch.jobs = mem_new_array(struct job, BATCH_CHUNKS);
    if (batch.jobs == NULL)
        return error_nomem();
    progress_begin(&batch.progress, fsck->repo->context, "checking chunks",
                   total, 0);
    dits_error *err = store_each(fsck->repo->store, on_chunk, &batch);
    if (err == NULL)
        err = run_batch(&batch);
    progress_end(&batch.progress);
    mem_free(batch.jobs);
    return err;
}
