#include "store/ingest.h"

#include "base/hash.h"
#include "base/mem.h"
#include "store/ingest_block.h"
#include "store/ingest_flow.h"

/* A file of at most this size is read onto the stack: it is one chunk. */
enum { SMALL_FILE = 16 << 10 };

static dits_error *deliver(const struct ingest *ingest, const void *data,
                           const struct chunk_ref *chunk)
{
    TRY(ingest_put(ingest, chunk, data));
    return ingest->on_chunk(chunk, ingest->payload);
}

/* All of the file is one chunk, so its hash is the chunk's id. */
static dits_error *ingest_one(const struct ingest *ingest, const void *data,
                              size_t size, struct ingest_result *out)
{
    struct chunk_ref chunk = {.size = (uint32_t)size};
    hash_bytes(data, size, &chunk.id);
    if (size > 0)
        TRY(deliver(ingest, data, &chunk));
    if (ingest->on_progress != NULL && size > 0)
        ingest->on_progress(size, ingest->payload);
    *out = (struct ingest_result){.size = size, .content = chunk.id};
    return NULL;
}

static dits_error *ingest_small(const struct ingest *ingest,
                                const struct fs_file *file, size_t size,
                                struct ingest_result *out)
{
    uint8_t data[SMALL_FILE];
    size_t got = 0;
    TRY(fs_read_some(file, 0, size, data, &got));
    if (got < size)
        return error_new(DITS_E_CONFLICT,
                         "the file became shorter while it was read");
    return ingest_one(ingest, data, size, out);
}

dits_error *ingest_file(const struct ingest *ingest, const struct fs_file *file,
                        uint64_t size, struct ingest_result *out)
{
    TRY(context_check(ingest->context));
    if (size <= SMALL_FILE && size <= ingest->chunker->min_size)
        return ingest_small(ingest, file, (size_t)size, out);
    return ingest_flow_run(ingest, file, size, out);
}

/* Cut `data`, whose end is that of the file. */
static dits_error *cut_bytes(const struct ingest *ingest, const uint8_t *data,
                             size_t size, struct candidates *candidates)
{
    const struct chunker *chunker = ingest->chunker;
    size_t complete = CHUNKER_WINDOW - 1;
    size_t start = 0;
    size_t next = 0;
    while (start < size) {
        size_t cut =
            chunker_cut(chunker, candidates, &next, (int64_t)start, complete);
        if (cut == 0 && complete < size) {
            candidates->count = 0;
            next = 0;
            complete = chunker_scan(chunker, data, complete, size, candidates);
            continue;
        }
        size_t end = cut == 0 ? size : cut;
        struct chunk_ref chunk = {.size = (uint32_t)(end - start)};
        hash_bytes(data + start, end - start, &chunk.id);
        TRY(deliver(ingest, data + start, &chunk));
        start = end;
    }
    return NULL;
}

static void free_candidates(struct candidates **candidates)
{
    mem_free(*candidates);
}

dits_error *ingest_bytes(const struct ingest *ingest, const void *data,
                         size_t size, struct ingest_result *out)
{
    TRY(context_check(ingest->context));
    if (size <= ingest->chunker->min_size)
        return ingest_one(ingest, data, size, out);

    CLEANUP(free_candidates)
    struct candidates *candidates = mem_new(struct candidates);
    if (candidates == NULL)
        return error_nomem();
    TRY(cut_bytes(ingest, data, size, candidates));
    if (ingest->on_progress != NULL)
        ingest->on_progress(size, ingest->payload);
    hash_bytes(data, size, &out->content);
    out->size = size;
    return NULL;
}
