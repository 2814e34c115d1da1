#include "store/ingest_flow.h"

#include "base/mem.h"
#include "base/pool.h"
#include "store/ingest_block.h"

enum {
    MAX_WORKERS = 6,
    MAX_SLOTS = 12, /* how far a worker may be ahead of another */
    MEMORY = 40 << 20,
};

/* A block on its way: each step takes it to the next state. */
enum state { FREE, LOADED, CUT, STORED, BUSY };

struct slot {
    struct block block;
    bool ready; /* the block has its memory */
    enum state state;
};

/*
 * A ring of blocks. Workers take whatever step can be done next, so that one
 * which the system puts to sleep does not hold up the others at once.
 */
struct flow {
    const struct ingest *ingest;
    const struct fs_file *file;
    uint64_t size;
    size_t block_size;
    uint64_t count; /* of blocks */
    size_t slot_count;
    struct carry carry; /* belongs to the step CUT */
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    /* guarded by mutex: */
    uint64_t next_load;
    uint64_t next_cut;
    uint64_t next_deliver;
    bool cutting; /* the steps that are done in order, one at a time */
    bool delivering;
    bool stopped;
    struct slot slots[MAX_SLOTS];
};

enum step { LOAD, CHOOSE_CUTS, STORE, DELIVER, NONE };

struct job {
    enum step step;
    uint64_t number;
    struct slot *slot;
};

static struct slot *slot_of(struct flow *flow, uint64_t number)
{
    return &flow->slots[number % flow->slot_count];
}

/* The first block that has been cut and that nobody stores yet. */
static bool find_cut(struct flow *flow, uint64_t *out)
{
    for (uint64_t i = flow->next_deliver; i < flow->next_cut; i++)
        if (slot_of(flow, i)->state == CUT) {
            *out = i;
            return true;
        }
    return false;
}

/*
 * What to do next, with the mutex held: first what others may be waiting for,
 * then what is still warm in the cache.
 */
static struct job choose(struct flow *flow)
{
    struct job job = {.step = NONE};
    if (!flow->delivering && flow->next_deliver < flow->next_cut &&
        slot_of(flow, flow->next_deliver)->state == STORED) {
        job = (struct job){.step = DELIVER, .number = flow->next_deliver};
        flow->delivering = true;
    } else if (!flow->cutting && flow->next_cut < flow->next_load &&
               slot_of(flow, flow->next_cut)->state == LOADED) {
        job = (struct job){.step = CHOOSE_CUTS, .number = flow->next_cut};
        flow->cutting = true;
    } else if (find_cut(flow, &job.number)) {
        job.step = STORE;
    } else if (flow->next_load < flow->count &&
               slot_of(flow, flow->next_load)->state == FREE) {
        job = (struct job){.step = LOAD, .number = flow->next_load++};
    }
    if (job.step != NONE) {
        job.slot = slot_of(flow, job.number);
        job.slot->state = BUSY;
    }
    return job;
}

/* Wait for something to do. NONE: all is done, or a worker has failed. */
static struct job take_job(struct flow *flow)
{
    POOL_LOCKED(&flow->mutex);
    while (!flow->stopped && flow->next_deliver < flow->count) {
        struct job job = choose(flow);
        if (job.step != NONE)
            return job;
        (void)pthread_cond_wait(&flow->changed, &flow->mutex);
    }
    return (struct job){.step = NONE};
}

static void finish_job(struct flow *flow, const struct job *job)
{
    static const enum state next[] = {[LOAD] = LOADED,
                                      [CHOOSE_CUTS] = CUT,
                                      [STORE] = STORED,
                                      [DELIVER] = FREE};
    POOL_LOCKED(&flow->mutex);
    job->slot->state = next[job->step];
    if (job->step == CHOOSE_CUTS) {
        flow->next_cut++;
        flow->cutting = false;
    }
    if (job->step == DELIVER) {
        flow->next_deliver++;
        flow->delivering = false;
    }
    (void)pthread_cond_broadcast(&flow->changed);
}

static dits_error *load(struct flow *flow, const struct job *job)
{
    struct slot *slot = job->slot;
    TRY(context_check(flow->ingest->context));
    if (!slot->ready) {
        size_t size = flow->size < flow->block_size ? (size_t)flow->size
                                                    : flow->block_size;
        TRY(block_init(&slot->block, flow->ingest->chunker, size));
        slot->ready = true;
    }
    return block_load(&slot->block, flow->ingest, flow->file,
                      job->number * flow->block_size, flow->size);
}

static dits_error *do_job(struct flow *flow, const struct job *job)
{
    struct block *block = &job->slot->block;
    switch (job->step) {
    case LOAD:
        return load(flow, job);
    case CHOOSE_CUTS:
        block_cut(block, flow->ingest->chunker, &flow->carry);
        return NULL;
    case STORE:
        return block_store(block, flow->ingest);
    case DELIVER:
        return block_deliver(block, flow->ingest);
    case NONE:
        break;
    }
    return NULL;
}

static void stop(struct flow *flow)
{
    POOL_LOCKED(&flow->mutex);
    flow->stopped = true;
    (void)pthread_cond_broadcast(&flow->changed);
}

static dits_error *run_worker(unsigned worker, void *payload)
{
    struct flow *flow = payload;
    (void)worker;
    for (;;) {
        struct job job = take_job(flow);
        if (job.step == NONE)
            return NULL;
        dits_error *err = do_job(flow, &job);
        if (err != NULL) {
            stop(flow);
            return err;
        }
        finish_job(flow, &job);
    }
}

static void flow_freep(struct flow **self)
{
    struct flow *flow = *self;
    if (flow == NULL)
        return;
    for (size_t i = 0; i < MAX_SLOTS; i++)
        block_release(&flow->slots[i].block);
    mem_unmap(flow->carry.bytes, flow->ingest->chunker->max_size);
    (void)pthread_cond_destroy(&flow->changed);
    (void)pthread_mutex_destroy(&flow->mutex);
    mem_free(flow);
}

/* As many slots as the memory allows, at least one for each worker. */
static size_t choose_slots(const struct flow *flow)
{
    size_t each = flow->block_size + flow->ingest->chunker->max_size;
    size_t slots = MEMORY / each;
    slots = slots > MAX_SLOTS ? MAX_SLOTS : slots;
    return slots > flow->count ? (size_t)flow->count : slots;
}

dits_error *ingest_flow_run(const struct ingest *ingest,
                            const struct fs_file *file, uint64_t size,
                            struct ingest_result *out)
{
    CLEANUP(flow_freep) struct flow *flow = mem_new(struct flow);
    if (flow == NULL)
        return error_nomem();
    flow->ingest = ingest;
    flow->file = file;
    flow->size = size;
    flow->block_size = block_size(ingest->chunker);
    flow->count = (size + flow->block_size - 1) / flow->block_size;
    flow->slot_count = choose_slots(flow);
    (void)pthread_mutex_init(&flow->mutex, NULL);
    (void)pthread_cond_init(&flow->changed, NULL);
    hash_begin(&flow->carry.content);
    flow->carry.bytes = mem_map(ingest->chunker->max_size);
    if (flow->carry.bytes == NULL)
        return error_nomem();

    unsigned workers = ingest->threads > MAX_WORKERS ? MAX_WORKERS
                                                     : ingest->threads;
    if (workers > flow->slot_count)
        workers = (unsigned)flow->slot_count;
    TRY(pool_run(workers, run_worker, flow));
    hash_finish(&flow->carry.content, &out->content);
    out->size = size;
    return NULL;
}
