/*
 * The hash of a whole file, by several threads.
 */
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/pool.h"
#include "base/turns.h"
#include "store/ingest.h"

enum {
    PARTS = 8,
    SPAN = PARTS * (int)HASH_PART_BYTES, /* of one turn: 2 MiB */
    MAX_WORKERS = 8,
};

struct hashing {
    const dits_context *context;
    const struct fs_file *file;
    uint64_t size;
    struct turns turns;
    struct hash hash; /* belongs to the worker whose turn it is */
};

/* One worker's part of the file; what is less than a part stays in `bytes`. */
struct span {
    uint8_t *bytes; /* on pages of its own: copies of the kernel are faster */
    struct hash_part parts[PARTS];
    size_t part_count;
    size_t rest;
    bool zeroed; /* the memory is all zero */
};

static void span_release(struct span *span)
{
    mem_unmap(span->bytes, HASH_PART_BYTES);
}

/* The `size` bytes at `offset`, which are not read where there is a hole. */
static dits_error *read_part(const struct hashing *hashing, struct span *span,
                             uint64_t offset, size_t size, bool hole)
{
    if (hole) {
        if (!span->zeroed)
            memset(span->bytes, 0, HASH_PART_BYTES);
        span->zeroed = true;
        return NULL;
    }
    size_t got = 0;
    span->zeroed = false;
    TRY(fs_read_some(hashing->file, offset, size, span->bytes, &got));
    if (got < size)
        return error_new(DITS_E_CONFLICT,
                         "the file became shorter while it was read");
    return NULL;
}

/* Past the end of the file is no hole. */
static dits_error *is_hole(const struct hashing *hashing, uint64_t offset,
                           uint64_t end, bool *out)
{
    struct fs_stat stat = {0};
    *out = fs_next_data(hashing->file, offset) >= end;
    if (!*out)
        return NULL;
    TRY(fs_stat_file(hashing->file, &stat));
    *out = stat.size >= end;
    return NULL;
}

static dits_error *span_load(const struct hashing *hashing, struct span *span,
                             uint64_t offset)
{
    uint64_t left = hashing->size - offset;
    uint64_t end = offset + (left < SPAN ? left : SPAN);
    bool hole = false;
    TRY(is_hole(hashing, offset, end, &hole));
    span->part_count = 0;
    span->rest = 0;
    for (; offset < end; offset += HASH_PART_BYTES) {
        size_t wanted = end - offset < HASH_PART_BYTES ? (size_t)(end - offset)
                                                       : HASH_PART_BYTES;
        TRY(read_part(hashing, span, offset, wanted, hole));
        if (wanted == HASH_PART_BYTES)
            hash_part(span->bytes, offset / HASH_PART_BYTES,
                      &span->parts[span->part_count++]);
        else
            span->rest = wanted;
    }
    return NULL;
}

static dits_error *work_through(struct hashing *hashing, struct span *span)
{
    uint64_t number = 0;
    while (turns_claim(&hashing->turns, &number)) {
        TRY(context_check(hashing->context));
        TRY(span_load(hashing, span, number * SPAN));
        if (!turns_wait(&hashing->turns, number))
            return NULL;
        for (size_t i = 0; i < span->part_count; i++)
            hash_add_part(&hashing->hash, &span->parts[i]);
        hash_update(&hashing->hash, span->bytes, span->rest);
        turns_end(&hashing->turns);
    }
    return NULL;
}

static dits_error *run_worker(unsigned worker, void *payload)
{
    struct hashing *hashing = payload;
    CLEANUP(span_release) struct span span = {0};
    (void)worker;
    span.bytes = mem_map(HASH_PART_BYTES);
    dits_error *err = span.bytes == NULL ? error_nomem()
                                         : work_through(hashing, &span);
    if (err != NULL)
        turns_stop(&hashing->turns);
    return err;
}

static void hashing_release(struct hashing *hashing)
{
    turns_release(&hashing->turns);
}

dits_error *ingest_hash(const dits_context *context, const struct fs_file *file,
                        uint64_t size, unsigned threads, struct dits_oid *out)
{
    CLEANUP(hashing_release)
    struct hashing hashing = {.context = context, .file = file, .size = size};
    uint64_t spans = (size + SPAN - 1) / SPAN;
    turns_init(&hashing.turns, spans);
    hash_begin(&hashing.hash);
    unsigned workers = threads > MAX_WORKERS ? MAX_WORKERS : threads;
    if (workers > spans)
        workers = (unsigned)spans;
    TRY(pool_run(workers, run_worker, &hashing));
    hash_finish(&hashing.hash, out);
    return NULL;
}
