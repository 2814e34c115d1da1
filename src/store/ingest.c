#include "store/ingest.h"

#include <inttypes.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"

enum { BLOCK = 4 << 20 };

/* A file on its way through memory, one block at a time. */
struct flow {
    const struct ingest *ingest;
    uint8_t *memory; /* carried over from the last block, then the block */
    size_t memory_size;
    uint64_t done; /* bytes read */
    size_t carried;
    struct hash content;
    struct candidates candidates;
};

static void flow_release(struct flow *flow)
{
    mem_unmap(flow->memory, flow->memory_size);
}

static dits_error *deliver(const struct ingest *ingest, const uint8_t *data,
                           size_t size)
{
    struct chunk_ref chunk = {.size = (uint32_t)size};
    hash_bytes(data, size, &chunk.id);
    if (ingest->writer != NULL)
        TRY(store_writer_put_as(ingest->writer, CHUNK_DATA, &chunk.id, data,
                                size));
    return ingest->on_chunk(&chunk, ingest->payload);
}

/*
 * Cut what was carried over and the `size` bytes after it, at `data`; `last`
 * when the file ends with them. Returns how many bytes are left over.
 */
static dits_error *cut_block(struct flow *flow, const uint8_t *data,
                             size_t size, bool last, size_t *out_left)
{
    const struct ingest *ingest = flow->ingest;
    int64_t start = -(int64_t)flow->carried;
    size_t from = flow->done == 0 ? CHUNKER_WINDOW - 1 : 0;
    size_t complete = from < size ? 0 : size;
    size_t next = 0;
    flow->candidates.count = 0;
    for (;;) {
        size_t cut = chunker_cut(ingest->chunker, &flow->candidates, &next,
                                 start, complete);
        if (cut == 0 && complete < size) {
            flow->candidates.count = 0;
            next = 0;
            complete = chunker_scan(ingest->chunker, data,
                                    complete > from ? complete : from, size,
                                    &flow->candidates);
            continue;
        }
        if (cut == 0)
            break;
        TRY(deliver(ingest, data + start, (size_t)((int64_t)cut - start)));
        start = (int64_t)cut;
    }
    *out_left = (size_t)((int64_t)size - start);
    if (last && *out_left > 0)
        TRY(deliver(ingest, data + start, *out_left));
    return NULL;
}

static dits_error *read_block(struct flow *flow, const struct fs_file *file,
                              uint64_t size, uint8_t *out, size_t *out_size)
{
    uint64_t left = size - flow->done;
    size_t wanted = left < BLOCK ? (size_t)left : BLOCK;
    TRY(fs_read_some(file, flow->done, wanted, out, out_size));
    if (*out_size < wanted)
        return error_new(DITS_E_CONFLICT,
                         "the file became shorter while it was read");
    return NULL;
}

dits_error *ingest_file(const struct ingest *ingest, const struct fs_file *file,
                        uint64_t size, struct ingest_result *out)
{
    CLEANUP(flow_release) struct flow flow = {.ingest = ingest};
    size_t room = ingest->chunker->max_size;
    flow.memory_size = room + BLOCK;
    flow.memory = mem_map(flow.memory_size);
    if (flow.memory == NULL)
        return error_nomem();
    hash_begin(&flow.content);

    while (flow.done < size) {
        uint8_t *block = flow.memory + room;
        size_t got = 0;
        size_t left = 0;
        TRY(context_check(ingest->context));
        TRY(read_block(&flow, file, size, block, &got));
        hash_update(&flow.content, block, got);
        TRY(cut_block(&flow, block, got, flow.done + got == size, &left));
        memmove(block - left, block + got - left, left);
        flow.carried = left;
        flow.done += got;
        if (ingest->on_progress != NULL)
            ingest->on_progress(got, ingest->payload);
    }
    hash_finish(&flow.content, &out->content);
    out->size = size;
    return NULL;
}

dits_error *ingest_bytes(const struct ingest *ingest, const void *data,
                         size_t size, struct ingest_result *out)
{
    struct flow flow = {.ingest = ingest};
    size_t left = 0;
    TRY(context_check(ingest->context));
    if (size > 0)
        TRY(cut_block(&flow, data, size, true, &left));
    hash_bytes(data, size, &out->content);
    out->size = size;
    if (ingest->on_progress != NULL && size > 0)
        ingest->on_progress(size, ingest->payload);
    return NULL;
}

dits_error *ingest_hash(const dits_context *context, const struct fs_file *file,
                        uint64_t size, unsigned threads, struct dits_oid *out)
{
    struct hash hash;
    uint8_t piece[65536];
    uint64_t done = 0;
    (void)threads;
    hash_begin(&hash);
    while (done < size) {
        size_t wanted = size - done < sizeof(piece) ? (size_t)(size - done)
                                                    : sizeof(piece);
        TRY(context_check(context));
        TRY_CONTEXT(fs_read_at(file, done, wanted, piece),
                    "cannot read the file");
        hash_update(&hash, piece, wanted);
        done += wanted;
    }
    hash_finish(&hash, out);
    return NULL;
}
