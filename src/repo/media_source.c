#include "repo/media_source.h"

#include <string.h>

#include "base/mem.h"
#include "base/pool.h"
#include "object/asset_reader.h"

/* A block of the file; 16 of them hold the tables of most files. */
enum { BLOCK_BYTES = 65536, BLOCKS = 16 };

struct block {
    uint64_t number; /* in the file, from 0 */
    uint64_t used;   /* when last; 0: empty */
    size_t size;
    uint8_t *bytes;
};

struct asset_source {
    struct source base;
    struct asset *asset;
    pthread_mutex_t mutex;
    /* guarded by mutex: */
    struct asset_reader reader;
    struct block blocks[BLOCKS];
    uint64_t clock;
};

static struct block *find_block(struct asset_source *source, uint64_t number)
{
    for (size_t i = 0; i < BLOCKS; i++)
        if (source->blocks[i].used > 0 && source->blocks[i].number == number)
            return &source->blocks[i];
    return NULL;
}

static struct block *oldest_block(struct asset_source *source)
{
    struct block *oldest = &source->blocks[0];
    for (size_t i = 1; i < BLOCKS; i++)
        if (source->blocks[i].used < oldest->used)
            oldest = &source->blocks[i];
    return oldest;
}

static dits_error *load_block(struct asset_source *source, uint64_t number,
                              struct block **out)
{
    struct block *block = oldest_block(source);
    uint64_t offset = number * BLOCK_BYTES;
    uint64_t left = source->base.size - offset;
    if (block->bytes == NULL) {
        block->bytes = mem_new_array(uint8_t, BLOCK_BYTES);
        if (block->bytes == NULL)
            return error_nomem();
    }
    block->used = 0;
    block->number = number;
    block->size = left < BLOCK_BYTES ? (size_t)left : BLOCK_BYTES;
    TRY(asset_reader_read(&source->reader, offset, block->size, block->bytes));
    *out = block;
    return NULL;
}

static dits_error *read_blocks(struct asset_source *source, uint64_t offset,
                               size_t size, uint8_t *out)
{
    while (size > 0) {
        struct block *block = find_block(source, offset / BLOCK_BYTES);
        if (block == NULL)
            TRY(load_block(source, offset / BLOCK_BYTES, &block));
        block->used = ++source->clock;
        size_t at = (size_t)(offset % BLOCK_BYTES);
        size_t part = block->size - at < size ? block->size - at : size;
        memcpy(out, block->bytes + at, part);
        out += part;
        offset += part;
        size -= part;
    }
    return NULL;
}

/* What is larger than the cache would only push everything out of it. */
static dits_error *read_asset(struct source *self, uint64_t offset, size_t size,
                              void *out)
{
    struct asset_source *source = (struct asset_source *)self;
    POOL_LOCKED(&source->mutex);
    if (size > (size_t)BLOCK_BYTES * BLOCKS / 2)
        return asset_reader_read(&source->reader, offset, size, out);
    return read_blocks(source, offset, size, out);
}

dits_error *asset_source_open(struct store *store, const struct dits_oid *id,
                              struct asset_source **out)
{
    CLEANUP(asset_source_closep)
    struct asset_source *source = mem_new(struct asset_source);
    if (source == NULL)
        return error_nomem();
    source->mutex = (pthread_mutex_t)PTHREAD_MUTEX_INITIALIZER;
    TRY(asset_open(store, id, &source->asset));
    TRY(asset_reader_init(&source->reader, source->asset));
    source->base.size = asset_get_info(source->asset)->size;
    source->base.read_at = read_asset;
    *out = MOVE(source);
    return NULL;
}

void asset_source_close(struct asset_source *source)
{
    if (source == NULL)
        return;
    for (size_t i = 0; i < BLOCKS; i++)
        mem_free(source->blocks[i].bytes);
    asset_reader_release(&source->reader);
    asset_close(source->asset);
    mem_free(source);
}

void asset_source_closep(struct asset_source **source)
{
    asset_source_close(*source);
}

struct source *asset_source_base(struct asset_source *source)
{
    return &source->base;
}

struct asset *asset_source_asset(const struct asset_source *source)
{
    return source->asset;
}
