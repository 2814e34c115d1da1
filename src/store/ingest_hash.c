/*
 * The hash of a whole file, by several threads.
 */
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/pool.h"
#include "store/ingest.h"

enum {
    PARTS = 8,  /* of a span: 2 MiB */
    SPANS = 64, /* how far a worker may be ahead of another */
    MAX_WORKERS = 8,
};

#define SPAN_BYTES ((uint64_t)PARTS * HASH_PART_BYTES)

/* What was hashed of a span. */
struct span {
    bool ready;
    size_t count;
    struct hash_part parts[PARTS];
};

/*
 * Spans are hashed in any order and added in order, by whoever has just
 * finished the next one: a worker that the system puts to sleep holds up
 * nobody until the ring is full.
 */
struct hashing {
    const dits_context *context;
    const struct fs_file *file;
    uint64_t part_count; /* whole parts in the file */
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    /* guarded by mutex: */
    uint64_t next;  /* span to be claimed */
    uint64_t added; /* spans */
    bool stopped;
    struct hash hash;
    struct span spans[SPANS];
};

/* One worker's memory for a part, on pages of its own. */
struct part_memory {
    uint8_t *bytes;
    bool zeroed; /* all zero */
};

static void part_memory_release(struct part_memory *memory)
{
    mem_unmap(memory->bytes, HASH_PART_BYTES);
}

static dits_error *read_exactly(const struct fs_file *file, uint64_t offset,
                                size_t size, void *out)
{
    size_t got = 0;
    TRY(fs_read_some(file, offset, size, out, &got));
    if (got < size)
        return error_new(DITS_E_CONFLICT,
                         "the file became shorter while it was read");
    return NULL;
}

/* A part, which is not read where there is a hole. */
static dits_error *read_part(const struct hashing *hashing, uint64_t offset,
                             bool hole, struct part_memory *memory)
{
    if (!hole) {
        memory->zeroed = false;
        return read_exactly(hashing->file, offset, HASH_PART_BYTES,
                            memory->bytes);
    }
    if (!memory->zeroed)
        memset(memory->bytes, 0, HASH_PART_BYTES);
    memory->zeroed = true;
    return NULL;
}

/* Past the end of the file is no hole. */
static dits_error *is_hole(const struct fs_file *file, uint64_t offset,
                           uint64_t end, bool *out)
{
    struct fs_stat stat = {0};
    *out = fs_next_data(file, offset) >= end;
    if (!*out)
        return NULL;
    TRY(fs_stat_file(file, &stat));
    *out = stat.size >= end;
    return NULL;
}

static dits_error *hash_span(const struct hashing *hashing, uint64_t number,
                             struct part_memory *memory, struct span *out)
{
    uint64_t first = number * PARTS;
    uint64_t left = hashing->part_count - first;
    bool hole = false;
    out->count = left < PARTS ? (size_t)left : PARTS;
    TRY(is_hole(hashing->file, first * HASH_PART_BYTES,
                (first + out->count) * HASH_PART_BYTES, &hole));
    for (size_t i = 0; i < out->count; i++) {
        TRY(read_part(hashing, (first + i) * HASH_PART_BYTES, hole, memory));
        hash_part(memory->bytes, first + i, &out->parts[i]);
    }
    return NULL;
}

static bool claim(struct hashing *hashing, uint64_t *out)
{
    uint64_t count = (hashing->part_count + PARTS - 1) / PARTS;
    POOL_LOCKED(&hashing->mutex);
    while (!hashing->stopped && hashing->next < count &&
           hashing->next >= hashing->added + SPANS)
        (void)pthread_cond_wait(&hashing->changed, &hashing->mutex);
    if (hashing->stopped || hashing->next == count)
        return false;
    *out = hashing->next++;
    return true;
}

/* Hand a span in, and add all that are next in order. */
static void hand_in(struct hashing *hashing, uint64_t number,
                    const struct span *span)
{
    POOL_LOCKED(&hashing->mutex);
    hashing->spans[number % SPANS] = *span;
    hashing->spans[number % SPANS].ready = true;
    for (;;) {
        struct span *next = &hashing->spans[hashing->added % SPANS];
        if (!next->ready)
            break;
        for (size_t i = 0; i < next->count; i++)
            hash_add_part(&hashing->hash, &next->parts[i]);
        next->ready = false;
        hashing->added++;
    }
    (void)pthread_cond_broadcast(&hashing->changed);
}

static dits_error *work_through(struct hashing *hashing,
                                struct part_memory *memory)
{
    uint64_t number = 0;
    while (claim(hashing, &number)) {
        struct span span = {0};
        TRY(context_check(hashing->context));
        TRY(hash_span(hashing, number, memory, &span));
        hand_in(hashing, number, &span);
    }
    return NULL;
}

static void stop(struct hashing *hashing)
{
    POOL_LOCKED(&hashing->mutex);
    hashing->stopped = true;
    (void)pthread_cond_broadcast(&hashing->changed);
}

static dits_error *run_worker(unsigned worker, void *payload)
{
    struct hashing *hashing = payload;
    CLEANUP(part_memory_release) struct part_memory memory = {.zeroed = true};
    (void)worker;
    memory.bytes = mem_map(HASH_PART_BYTES);
    dits_error *err = memory.bytes == NULL ? error_nomem()
                                           : work_through(hashing, &memory);
    if (err != NULL)
        stop(hashing);
    return err;
}

/* What is left after the last whole part. */
static dits_error *add_rest(struct hashing *hashing, uint64_t size)
{
    CLEANUP(part_memory_release) struct part_memory memory = {0};
    uint64_t offset = hashing->part_count * HASH_PART_BYTES;
    size_t rest = (size_t)(size - offset);
    if (rest == 0)
        return NULL;
    memory.bytes = mem_map(HASH_PART_BYTES);
    if (memory.bytes == NULL)
        return error_nomem();
    TRY(read_exactly(hashing->file, offset, rest, memory.bytes));
    hash_update(&hashing->hash, memory.bytes, rest);
    return NULL;
}

static void hashing_freep(struct hashing **hashing)
{
    if (*hashing == NULL)
        return;
    (void)pthread_cond_destroy(&(*hashing)->changed);
    (void)pthread_mutex_destroy(&(*hashing)->mutex);
    mem_free(*hashing);
}

dits_error *ingest_hash(const dits_context *context, const struct fs_file *file,
                        uint64_t size, unsigned threads, struct dits_oid *out)
{
    CLEANUP(hashing_freep) struct hashing *hashing = mem_new(struct hashing);
    if (hashing == NULL)
        return error_nomem();
    hashing->context = context;
    hashing->file = file;
    hashing->part_count = size / HASH_PART_BYTES;
    (void)pthread_mutex_init(&hashing->mutex, NULL);
    (void)pthread_cond_init(&hashing->changed, NULL);
    hash_begin(&hashing->hash);

    TRY(context_check(context));
    uint64_t spans = (size + SPAN_BYTES - 1) / SPAN_BYTES;
    unsigned workers = threads > MAX_WORKERS ? MAX_WORKERS : threads;
    if (workers > spans)
        workers = (unsigned)spans;
    TRY(pool_run(workers, run_worker, hashing));
    TRY(add_rest(hashing, size));
    hash_finish(&hashing->hash, out);
    return NULL;
}
