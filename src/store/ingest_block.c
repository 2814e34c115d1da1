#include "store/ingest_block.h"

#include <string.h>

#include "base/mem.h"

size_t block_size(const struct chunker *chunker)
{
    size_t size = chunker->max_size;
    if (size < INGEST_MIN_BLOCK_BYTES)
        return INGEST_MIN_BLOCK_BYTES;
    return size > INGEST_MAX_BLOCK_BYTES ? INGEST_MAX_BLOCK_BYTES : size;
}

dits_error *block_init(struct block *block, const struct chunker *chunker,
                       size_t size)
{
    size_t room = chunker->max_size;
    size_t pieces = (size + room) / chunker->min_size + 2;
    block->pieces = mem_new_array(struct piece, pieces);
    block->memory_size = room + size;
    block->memory = mem_map(block->memory_size);
    if (block->pieces == NULL || block->memory == NULL)
        return error_nomem();
    if (size >= INGEST_MIN_BLOCK_BYTES)
        mem_will_use(block->memory, block->memory_size);
    block->bytes = block->memory + room;
    block->zeroed = true;
    return NULL;
}

void block_release(struct block *block)
{
    mem_unmap(block->memory, block->memory_size);
    mem_free(block->pieces);
}

static dits_error *became_shorter(void)
{
    return error_hint(
        error_new(DITS_E_CONFLICT, "the file became shorter while it was read"),
        "Try again when nothing writes to it any more.");
}

/* Read at `at` of the block, which is below 0 for what is before it. */
static dits_error *read_piece(struct block *block, const struct fs_file *file,
                              int64_t at, size_t size)
{
    size_t got = 0;
    TRY(fs_read_some(file, block->offset + (uint64_t)at, size,
                     block->bytes + at, &got));
    return got == size ? NULL : became_shorter();
}

/* A hole holds zeros, and where a window is all zeros there is no candidate. */
static dits_error *load_hole(struct block *block, const struct chunker *chunker,
                             const struct fs_file *file, size_t before)
{
    struct fs_stat stat = {0};
    TRY(fs_stat_file(file, &stat));
    if (stat.size < block->offset + block->size)
        return became_shorter(); /* past the end looks like a hole */
    if (!block->zeroed)
        memset(block->bytes, 0, block->size);
    block->zeroed = true;
    TRY(read_piece(block, file, -(int64_t)before, before));
    size_t near = block->size < CHUNKER_WINDOW ? block->size : CHUNKER_WINDOW;
    if (before > 0)
        (void)chunker_scan(chunker, block->bytes, 0, near, &block->candidates);
    block->complete = block->size;
    for (size_t i = 0; i < block->part_count; i++)
        hash_part(block->bytes, block->offset / HASH_PART_BYTES + i,
                  &block->parts[i]);
    return NULL;
}

/* Read, scan and hash in pieces that stay in the processor's cache. */
static dits_error *load_data(struct block *block, const struct chunker *chunker,
                             const struct fs_file *file, size_t before)
{
    block->zeroed = false;
    block->complete = before > 0 ? 0 : CHUNKER_WINDOW - 1;
    for (size_t at = 0; at < block->size; at += HASH_PART_BYTES) {
        size_t left = block->size - at;
        size_t size = left < HASH_PART_BYTES ? left : HASH_PART_BYTES;
        size_t lead = at == 0 ? before : 0;
        TRY(read_piece(block, file, (int64_t)at - (int64_t)lead, lead + size));
        /* Once the list is full, the rest is scanned when it is needed. */
        if (block->complete < at + size &&
            block->candidates.count < CANDIDATES_MAX)
            block->complete = chunker_scan(chunker, block->bytes,
                                           block->complete, at + size,
                                           &block->candidates);
        if (size == HASH_PART_BYTES)
            hash_part(block->bytes + at, (block->offset + at) / HASH_PART_BYTES,
                      &block->parts[at / HASH_PART_BYTES]);
    }
    return NULL;
}

dits_error *block_load(struct block *block, const struct ingest *ingest,
                       const struct fs_file *file, uint64_t offset,
                       uint64_t file_size)
{
    size_t most = block->memory_size - ingest->chunker->max_size;
    uint64_t left = file_size - offset;
    block->offset = offset;
    block->size = left < most ? (size_t)left : most;
    block->last = left == block->size;
    block->part_count = block->size / HASH_PART_BYTES;
    block->candidates.count = 0;
    block->piece_count = 0;
    size_t before = offset == 0 ? 0 : CHUNKER_WINDOW;
    block->hole = fs_next_data(file, offset) >= offset + block->size;
    return block->hole ? load_hole(block, ingest->chunker, file, before)
                       : load_data(block, ingest->chunker, file, before);
}

static void add_piece(struct block *block, int64_t start, int64_t end,
                      const struct carry *carry)
{
    struct piece *piece = &block->pieces[block->piece_count++];
    piece->at = start;
    piece->chunk.size = (uint32_t)(end - start);
    piece->zero = block->hole && (start >= 0 || carry->zero);
}

static void add_to_hash(const struct block *block, struct hash *content)
{
    for (size_t i = 0; i < block->part_count; i++)
        hash_add_part(content, &block->parts[i]);
    size_t whole = block->part_count * HASH_PART_BYTES;
    hash_update(content, block->bytes + whole, block->size - whole);
}

/* All cuts in the block; returns where the last one is. */
static int64_t choose_cuts(struct block *block, const struct chunker *chunker,
                           const struct carry *carry)
{
    int64_t start = -(int64_t)carry->size;
    size_t next = 0;
    for (;;) {
        size_t cut = chunker_cut(chunker, &block->candidates, &next, start,
                                 block->complete);
        if (cut > 0) {
            add_piece(block, start, (int64_t)cut, carry);
            start = (int64_t)cut;
        } else if (block->complete < block->size) {
            block->candidates.count = 0;
            next = 0;
            block->complete = chunker_scan(chunker, block->bytes,
                                           block->complete, block->size,
                                           &block->candidates);
        } else {
            return start;
        }
    }
}

void block_cut(struct block *block, const struct chunker *chunker,
               struct carry *carry)
{
    int64_t end = (int64_t)block->size;
    memcpy(block->bytes - carry->size, carry->bytes, carry->size);
    int64_t start = choose_cuts(block, chunker, carry);
    if (block->last && start < end) {
        add_piece(block, start, end, carry);
        start = end;
    }
    carry->zero = block->hole && (start >= 0 || carry->zero);
    carry->size = (size_t)(end - start);
    memcpy(carry->bytes, block->bytes + start, carry->size);
    add_to_hash(block, &carry->content);
}

static void name_piece(struct block *block, const struct chunker *chunker,
                       struct piece *piece)
{
    const uint8_t *bytes = block->bytes + piece->at;
    uint32_t size = piece->chunk.size;
    if (!piece->zero || size != chunker->max_size) {
        hash_bytes(bytes, size, &piece->chunk.id);
        return;
    }
    if (!block->zero_id_known)
        hash_bytes(bytes, size, &block->zero_id);
    block->zero_id_known = true;
    piece->chunk.id = block->zero_id;
}

dits_error *ingest_put(const struct ingest *ingest,
                       const struct chunk_ref *chunk, const void *data)
{
    if (ingest->writer == NULL)
        return NULL;
    if (ingest->chunker->compress)
        return store_writer_put_as(ingest->writer, CHUNK_DATA, &chunk->id, data,
                                   chunk->size);
    return store_writer_put_raw(ingest->writer, CHUNK_DATA, &chunk->id, data,
                                chunk->size);
}

dits_error *block_store(struct block *block, const struct ingest *ingest)
{
    for (size_t i = 0; i < block->piece_count; i++) {
        struct piece *piece = &block->pieces[i];
        name_piece(block, ingest->chunker, piece);
        TRY(ingest_put(ingest, &piece->chunk, block->bytes + piece->at));
    }
    return NULL;
}

dits_error *block_deliver(const struct block *block,
                          const struct ingest *ingest)
{
    for (size_t i = 0; i < block->piece_count; i++)
        TRY(ingest->on_chunk(&block->pieces[i].chunk, ingest->payload));
    if (ingest->on_progress != NULL)
        ingest->on_progress(block->size, ingest->payload);
    return NULL;
}
