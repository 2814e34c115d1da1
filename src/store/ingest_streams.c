#include "store/ingest_streams.h"

#include <pthread.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/pool.h"
#include "store/stream_sink.h"

enum {
    BLOCK_BYTES = 2 << 20,
    BLOCK_PARTS = BLOCK_BYTES / HASH_PART_BYTES,
    BLOCK_SLOTS = 4,
    MAX_WORKERS = 6,
    TAIL_BYTES = INGEST_MAX_KEPT, /* of the block before, kept before one */
    WAITING_BYTES = 12 << 20,     /* of chunks, before more are cut */
};

enum block_state { BLOCK_FREE, BLOCK_LOADED, BLOCK_BUSY };

struct stream_block {
    enum block_state state;
    uint8_t *memory; /* TAIL_BYTES, then the block */
    uint8_t *bytes;
    size_t size;
    size_t part_count;
    struct hash_part parts[BLOCK_PARTS];
};

/* A chunk from when it is cut until its caller was told. */
struct chunk_job {
    struct cut_chunk cut;
    struct chunk_ref ref;
    bool stored;
    struct chunk_job *next;
};

/*
 * Workers take whatever can be done next. Blocks are loaded side by side and
 * split in order; chunks are stored side by side and told of in order.
 */
struct stream_flow {
    const struct ingest_streams *ingest;
    const struct fs_file *file;
    uint64_t size;
    uint64_t block_count;
    /* These belong to the step SPLIT: */
    struct hash content;
    struct stream_sink sink;
    uint8_t tail[TAIL_BYTES]; /* of the block before */
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    /* guarded by mutex: */
    uint64_t next_load;
    uint64_t next_split;
    bool splitting;
    bool delivering;
    bool stopped;
    struct chunk_job *first;   /* not told of yet */
    struct chunk_job *last;    /* the last one cut */
    struct chunk_job *waiting; /* the first that nobody stores */
    size_t waiting_bytes;      /* of all from `first` on */
    struct stream_block blocks[BLOCK_SLOTS];
};

enum step { STEP_LOAD, STEP_SPLIT, STEP_STORE, STEP_DELIVER, STEP_NONE };

struct job {
    enum step step;
    uint64_t number;
    struct stream_block *block;
    struct chunk_job *chunk;
};

static struct stream_block *block_of(struct stream_flow *flow, uint64_t number)
{
    return &flow->blocks[number % BLOCK_SLOTS];
}

static bool may_split(struct stream_flow *flow)
{
    return !flow->splitting && flow->next_split < flow->next_load &&
           flow->waiting_bytes < WAITING_BYTES &&
           block_of(flow, flow->next_split)->state == BLOCK_LOADED;
}

/* With the mutex held: first what others may be waiting for. */
static struct job choose(struct stream_flow *flow)
{
    if (!flow->delivering && flow->first != NULL && flow->first->stored) {
        flow->delivering = true;
        return (struct job){.step = STEP_DELIVER};
    }
    if (may_split(flow)) {
        uint64_t number = flow->next_split;
        flow->splitting = true;
        return (struct job){STEP_SPLIT, number, block_of(flow, number), NULL};
    }
    if (flow->waiting != NULL) {
        struct chunk_job *chunk = flow->waiting;
        flow->waiting = chunk->next;
        return (struct job){.step = STEP_STORE, .chunk = chunk};
    }
    if (flow->next_load < flow->block_count &&
        block_of(flow, flow->next_load)->state == BLOCK_FREE) {
        uint64_t number = flow->next_load++;
        struct stream_block *block = block_of(flow, number);
        block->state = BLOCK_BUSY;
        return (struct job){STEP_LOAD, number, block, NULL};
    }
    return (struct job){.step = STEP_NONE};
}

static bool is_done(const struct stream_flow *flow)
{
    return flow->next_split == flow->block_count && !flow->splitting &&
           flow->first == NULL;
}

/* NONE: all is done, or a worker has failed. */
static struct job take_job(struct stream_flow *flow)
{
    POOL_LOCKED(&flow->mutex);
    while (!flow->stopped && !is_done(flow)) {
        struct job job = choose(flow);
        if (job.step != STEP_NONE)
            return job;
        (void)pthread_cond_wait(&flow->changed, &flow->mutex);
    }
    return (struct job){.step = STEP_NONE};
}

static dits_error *became_shorter(void)
{
    return error_hint(
        error_new(DITS_E_CONFLICT, "the file became shorter while it was read"),
        "Try again when nothing writes to it any more.");
}

/* Read and hash in pieces that stay in the processor's cache. */
static dits_error *load(struct stream_flow *flow, const struct job *job)
{
    struct stream_block *block = job->block;
    uint64_t offset = job->number * BLOCK_BYTES;
    uint64_t left = flow->size - offset;
    TRY(context_check(flow->ingest->context));
    block->size = left < BLOCK_BYTES ? (size_t)left : BLOCK_BYTES;
    block->part_count = block->size / HASH_PART_BYTES;
    for (size_t at = 0; at < block->size; at += HASH_PART_BYTES) {
        size_t rest = block->size - at;
        size_t size = rest < HASH_PART_BYTES ? rest : HASH_PART_BYTES;
        size_t got = 0;
        TRY(fs_read_some(flow->file, offset + at, size, block->bytes + at,
                         &got));
        if (got < size)
            return became_shorter();
        if (size == HASH_PART_BYTES)
            hash_part(block->bytes + at, (offset + at) / HASH_PART_BYTES,
                      &block->parts[at / HASH_PART_BYTES]);
    }
    POOL_LOCKED(&flow->mutex);
    block->state = BLOCK_LOADED;
    (void)pthread_cond_broadcast(&flow->changed);
    return NULL;
}

static void add_to_hash(struct stream_flow *flow,
                        const struct stream_block *block)
{
    for (size_t i = 0; i < block->part_count; i++)
        hash_add_part(&flow->content, &block->parts[i]);
    size_t whole = block->part_count * HASH_PART_BYTES;
    hash_update(&flow->content, block->bytes + whole, block->size - whole);
}

static dits_error *split_block(struct stream_flow *flow, const struct job *job)
{
    const struct ingest_streams *ingest = flow->ingest;
    struct stream_sink *sink = &flow->sink;
    struct stream_block *block = job->block;
    uint64_t offset = job->number * BLOCK_BYTES;
    bool last = job->number + 1 == flow->block_count;
    uint64_t kept = offset - sink->total;
    memcpy(block->memory, flow->tail, TAIL_BYTES);
    TRY(ingest->split(offset, block->bytes, block->size, sink,
                      ingest->payload));
    if (last)
        TRY(ingest->split_end(sink, ingest->payload));
    if (kept > TAIL_BYTES || (last && sink->total != flow->size))
        return error_new(DITS_E_CORRUPT,
                         "not every byte of a file is in a stream");
    TRY(stream_sink_check(sink, block->bytes - kept,
                          block->size + (size_t)kept));
    add_to_hash(flow, block);
    memcpy(flow->tail, block->bytes + block->size - TAIL_BYTES, TAIL_BYTES);
    return last ? stream_sink_finish(sink) : NULL;
}

/* Queue what was cut. With the mutex held. */
static dits_error *queue_chunks(struct stream_flow *flow)
{
    struct stream_sink *sink = &flow->sink;
    for (size_t i = 0; i < sink->chunk_count; i++) {
        struct chunk_job *job = mem_new(struct chunk_job);
        if (job == NULL)
            return error_nomem();
        job->cut = sink->chunks[i];
        sink->chunks[i].memory = NULL;
        if (flow->first == NULL)
            flow->first = job;
        else
            flow->last->next = job;
        flow->last = job;
        if (flow->waiting == NULL)
            flow->waiting = job;
        flow->waiting_bytes += job->cut.memory->size;
    }
    stream_sink_clear(sink);
    return NULL;
}

static dits_error *split(struct stream_flow *flow, const struct job *job)
{
    TRY(split_block(flow, job));
    POOL_LOCKED(&flow->mutex);
    TRY(queue_chunks(flow));
    job->block->state = BLOCK_FREE;
    flow->next_split++;
    flow->splitting = false;
    (void)pthread_cond_broadcast(&flow->changed);
    return NULL;
}

static dits_error *put(const struct ingest_streams *ingest,
                       const struct chunk_job *job)
{
    const struct cutter_memory *memory = job->cut.memory;
    if (ingest->streams[job->cut.stream].compress)
        return store_writer_put_as(ingest->writer, CHUNK_DATA, &job->ref.id,
                                   memory->bytes, memory->size);
    return store_writer_put_raw(ingest->writer, CHUNK_DATA, &job->ref.id,
                                memory->bytes, memory->size);
}

static dits_error *store(struct stream_flow *flow, struct chunk_job *job)
{
    struct cutter_memory *memory = job->cut.memory;
    job->ref.size = (uint32_t)memory->size;
    hash_bytes(memory->bytes, memory->size, &job->ref.id);
    TRY(put(flow->ingest, job));
    job->cut.memory = NULL;
    stream_sink_give_back(&flow->sink, memory);
    POOL_LOCKED(&flow->mutex);
    job->stored = true;
    (void)pthread_cond_broadcast(&flow->changed);
    return NULL;
}

/* The first chunk, if it is stored: taken from the queue. */
static struct chunk_job *next_stored(struct stream_flow *flow)
{
    POOL_LOCKED(&flow->mutex);
    struct chunk_job *job = flow->first;
    if (job == NULL || !job->stored) {
        flow->delivering = false;
        (void)pthread_cond_broadcast(&flow->changed);
        return NULL;
    }
    flow->first = job->next;
    flow->waiting_bytes -= job->ref.size;
    return job;
}

static dits_error *deliver(struct stream_flow *flow)
{
    const struct ingest_streams *ingest = flow->ingest;
    for (struct chunk_job *job = NULL; (job = next_stored(flow)) != NULL;) {
        uint32_t size = job->ref.size;
        dits_error *err =
            ingest->on_chunk(job->cut.stream, &job->ref, ingest->payload);
        mem_free(job);
        TRY(err);
        if (ingest->on_progress != NULL)
            ingest->on_progress(size, ingest->payload);
    }
    return NULL;
}

static dits_error *do_job(struct stream_flow *flow, const struct job *job)
{
    switch (job->step) {
    case STEP_LOAD:
        return load(flow, job);
    case STEP_SPLIT:
        return split(flow, job);
    case STEP_STORE:
        return store(flow, job->chunk);
    case STEP_DELIVER:
        return deliver(flow);
    case STEP_NONE:
        break;
    }
    return NULL;
}

static void stop(struct stream_flow *flow)
{
    POOL_LOCKED(&flow->mutex);
    flow->stopped = true;
    (void)pthread_cond_broadcast(&flow->changed);
}

static dits_error *run_worker(unsigned worker, void *payload)
{
    struct stream_flow *flow = payload;
    (void)worker;
    for (;;) {
        struct job job = take_job(flow);
        if (job.step == STEP_NONE)
            return NULL;
        dits_error *err = do_job(flow, &job);
        if (err != NULL) {
            stop(flow);
            return err;
        }
    }
}

static void flow_freep(struct stream_flow **self)
{
    struct stream_flow *flow = *self;
    if (flow == NULL)
        return;
    while (flow->first != NULL) {
        struct chunk_job *next = flow->first->next;
        if (flow->first->cut.memory != NULL)
            stream_sink_give_back(&flow->sink, flow->first->cut.memory);
        mem_free(flow->first);
        flow->first = next;
    }
    for (size_t i = 0; i < BLOCK_SLOTS; i++)
        mem_unmap(flow->blocks[i].memory, TAIL_BYTES + BLOCK_BYTES);
    stream_sink_release(&flow->sink);
    (void)pthread_cond_destroy(&flow->changed);
    (void)pthread_mutex_destroy(&flow->mutex);
    mem_free(flow);
}

static dits_error *make_blocks(struct stream_flow *flow)
{
    for (size_t i = 0; i < BLOCK_SLOTS && i < flow->block_count; i++) {
        struct stream_block *block = &flow->blocks[i];
        block->memory = mem_map(TAIL_BYTES + BLOCK_BYTES);
        if (block->memory == NULL)
            return error_nomem();
        block->bytes = block->memory + TAIL_BYTES;
    }
    return NULL;
}

dits_error *ingest_streams_run(const struct ingest_streams *ingest,
                               const struct fs_file *file, uint64_t size,
                               struct ingest_result *out)
{
    CLEANUP(flow_freep) struct stream_flow *flow = mem_new(struct stream_flow);
    if (flow == NULL)
        return error_nomem();
    flow->ingest = ingest;
    flow->file = file;
    flow->size = size;
    flow->block_count = (size + BLOCK_BYTES - 1) / BLOCK_BYTES;
    (void)pthread_mutex_init(&flow->mutex, NULL);
    (void)pthread_cond_init(&flow->changed, NULL);
    hash_begin(&flow->content);
    TRY(stream_sink_init(&flow->sink, ingest->streams, ingest->stream_count));
    TRY(make_blocks(flow));
    unsigned workers = ingest->threads > MAX_WORKERS ? MAX_WORKERS
                                                     : ingest->threads;
    TRY(pool_run(workers, run_worker, flow));
    hash_finish(&flow->content, &out->content);
    out->size = size;
    return NULL;
}
