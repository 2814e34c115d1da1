#include "store/pack_stream.h"

#include <string.h>

#include "base/copy.h"
#include "base/fs.h"
#include "base/mem.h"
#include "base/text.h"

enum {
    BLOCK = 4 << 20,
    BLOCKS = 6, /* 24 MiB: what keeps a fast disk busy */
    WRITERS = 3,
};

/* Room is reserved on disk in steps of this. */
#define RESERVE_STEP ((uint64_t)512 << 20)

struct block {
    uint8_t *bytes;
    uint64_t number; /* of the part of the file that it holds */
    size_t filled;
    bool writing;
};

struct pack_stream {
    struct fs_file file;
    char *path;
    struct pool_set where;
    struct pool *writers; /* NULL: none yet, or none to be had */
    bool alone;           /* no writers: who fills a block writes it */
    bool finished;
    uint8_t *memory;
    uint64_t reserved; /* bytes; 0: the file is small so far */
    bool reserve_failed;
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    /* guarded by mutex: */
    struct block blocks[BLOCKS];
    unsigned full; /* blocks waiting for a writer */
    bool closing;
    dits_error *err; /* the first of a writer */
    enum dits_code err_code;
};

static struct block *block_of(struct pack_stream *stream, uint64_t number)
{
    return &stream->blocks[number % BLOCKS];
}

dits_error *pack_stream_begin(const char *path, const struct pool_set *writers,
                              struct pack_stream **out)
{
    CLEANUP(pack_stream_freep)
    struct pack_stream *stream = mem_new(struct pack_stream);
    if (stream == NULL)
        return error_nomem();
    (void)pthread_mutex_init(&stream->mutex, NULL);
    (void)pthread_cond_init(&stream->changed, NULL);
    stream->where = *writers;
    stream->memory = mem_map((size_t)BLOCK * BLOCKS);
    if (stream->memory == NULL)
        return error_nomem();
    for (unsigned i = 0; i < BLOCKS; i++)
        stream->blocks[i] = (struct block){
            .bytes = stream->memory + (size_t)i * BLOCK, .number = i};
    TRY(text_copy(path, &stream->path));
    dits_error *err = fs_open(path, FS_CREATE_NEW, &stream->file);
    if (err != NULL) {
        text_free(&stream->path); /* not ours to remove */
        return err;
    }
    *out = MOVE(stream);
    return NULL;
}

/* Keep the first failure, for whoever fills or finishes next. */
static void fail(struct pack_stream *stream, dits_error *err)
{
    POOL_LOCKED(&stream->mutex);
    if (stream->err_code == 0) {
        stream->err_code = dits_error_code(err);
        stream->err = err;
    } else {
        dits_error_free(err);
    }
    (void)pthread_cond_broadcast(&stream->changed);
}

/* With the mutex held. */
static dits_error *check_failed(struct pack_stream *stream)
{
    if (stream->err_code == 0)
        return NULL;
    if (stream->err != NULL)
        return MOVE(stream->err);
    return error_new(stream->err_code, "the pack could not be written");
}

/* Write a full block and give it its next place in the file. */
static void write_block(struct pack_stream *stream, struct block *block)
{
    dits_error *err =
        fs_write_at(&stream->file, block->number * BLOCK, block->bytes, BLOCK);
    if (err != NULL)
        fail(stream, error_wrap(err, "cannot write '%s'", stream->path));
    POOL_LOCKED(&stream->mutex);
    block->number += BLOCKS;
    block->filled = 0;
    block->writing = false;
    (void)pthread_cond_broadcast(&stream->changed);
}

/* The full block of the lowest place, for a writer. With the mutex held. */
static struct block *take_full(struct pack_stream *stream)
{
    struct block *lowest = NULL;
    for (unsigned i = 0; i < BLOCKS; i++) {
        struct block *block = &stream->blocks[i];
        if (block->filled == BLOCK && !block->writing &&
            (lowest == NULL || block->number < lowest->number))
            lowest = block;
    }
    if (lowest != NULL) {
        lowest->writing = true;
        stream->full--;
    }
    return lowest;
}

static struct block *wait_for_full(struct pack_stream *stream)
{
    POOL_LOCKED(&stream->mutex);
    while (stream->full == 0 && !stream->closing)
        (void)pthread_cond_wait(&stream->changed, &stream->mutex);
    return take_full(stream);
}

static dits_error *run_writer(unsigned worker, void *payload)
{
    struct pack_stream *stream = payload;
    struct block *block = NULL;
    (void)worker;
    while ((block = wait_for_full(stream)) != NULL)
        write_block(stream, block);
    return NULL;
}

/* The file turns out to be large. With the mutex held. */
static void start_writers(struct pack_stream *stream)
{
    mem_will_use(stream->memory, (size_t)BLOCK * BLOCKS);
    fs_begin_direct(&stream->file);
    dits_error *err = pool_start(WRITERS, &stream->where, run_writer, stream,
                                 &stream->writers);
    stream->alone = err != NULL;
    dits_error_free(err); /* then who fills writes */
}

/* Stay ahead of what is written, until the disk has no more room to spare. */
static void reserve(struct pack_stream *stream, const struct block *block)
{
    uint64_t soon = (block->number + 2 * (uint64_t)BLOCKS) * BLOCK;
    if (soon <= stream->reserved || stream->reserve_failed)
        return;
    stream->reserved += RESERVE_STEP;
    stream->reserve_failed = !fs_reserve(&stream->file, stream->reserved);
}

/* Some of a block was copied. Returns the block if the caller must write it. */
static struct block *note_filled(struct pack_stream *stream,
                                 struct block *block, size_t size)
{
    POOL_LOCKED(&stream->mutex);
    block->filled += size;
    if (block->filled < BLOCK)
        return NULL;
    if (stream->writers == NULL && !stream->alone)
        start_writers(stream);
    reserve(stream, block);
    stream->full++;
    if (stream->alone)
        return take_full(stream);
    (void)pthread_cond_broadcast(&stream->changed);
    return NULL;
}

/* Wait until the block stands for this part of the file. */
static dits_error *wait_for_block(struct pack_stream *stream, uint64_t number)
{
    POOL_LOCKED(&stream->mutex);
    const struct block *block = block_of(stream, number);
    while (block->number != number && stream->err_code == 0)
        (void)pthread_cond_wait(&stream->changed, &stream->mutex);
    return check_failed(stream);
}

dits_error *pack_stream_fill(struct pack_stream *stream, uint64_t offset,
                             const void *data, size_t size)
{
    const uint8_t *from = data;
    while (size > 0) {
        uint64_t number = offset / BLOCK;
        size_t at = (size_t)(offset % BLOCK);
        size_t part = size < BLOCK - at ? size : BLOCK - at;
        struct block *block = block_of(stream, number);
        TRY(wait_for_block(stream, number));
        copy_out(block->bytes + at, from, part);
        struct block *full = note_filled(stream, block, part);
        if (full != NULL)
            write_block(stream, full);
        from += part;
        offset += part;
        size -= part;
    }
    return NULL;
}

/* From memory, if the block still stands for this part of the file. */
static bool read_block(struct pack_stream *stream, uint64_t number, size_t at,
                       size_t size, void *out)
{
    POOL_LOCKED(&stream->mutex);
    const struct block *block = block_of(stream, number);
    if (block->number != number)
        return false;
    memcpy(out, block->bytes + at, size);
    return true;
}

dits_error *pack_stream_read(struct pack_stream *stream, uint64_t offset,
                             size_t size, void *out)
{
    CLEANUP(fs_close) struct fs_file file = {0};
    uint8_t *to = out;
    while (size > 0) {
        size_t at = (size_t)(offset % BLOCK);
        size_t part = size < BLOCK - at ? size : BLOCK - at;
        if (!read_block(stream, offset / BLOCK, at, part, to)) {
            /* The stream's own file may be in direct mode. */
            if (file.handle == 0)
                TRY(fs_open(stream->path, FS_READ, &file));
            TRY(fs_read_at(&file, offset, part, to));
        }
        to += part;
        offset += part;
        size -= part;
    }
    return NULL;
}

/* No more blocks will come: wait until the writers are done with theirs. */
static dits_error *stop_writers(struct pack_stream *stream)
{
    {
        POOL_LOCKED(&stream->mutex);
        stream->closing = true;
        (void)pthread_cond_broadcast(&stream->changed);
    }
    return pool_join(MOVE(stream->writers));
}

dits_error *pack_stream_finish(struct pack_stream *stream, uint64_t size)
{
    TRY(stop_writers(stream));
    {
        POOL_LOCKED(&stream->mutex);
        TRY(check_failed(stream));
    }
    const struct block *last = block_of(stream, size / BLOCK);
    if (stream->reserved > 0)
        fs_end_direct(&stream->file);
    if (size % BLOCK > 0)
        TRY(fs_write_at(&stream->file, size - size % BLOCK, last->bytes,
                        (size_t)(size % BLOCK)));
    if (stream->reserved > 0)
        TRY(fs_truncate(&stream->file, size)); /* give back what is reserved */
    TRY(fs_sync(&stream->file));
    stream->finished = true;
    return NULL;
}

void pack_stream_free(struct pack_stream *stream)
{
    if (stream == NULL)
        return;
    dits_error_free(stop_writers(stream)); /* kept in the stream, too */
    dits_error_free(stream->err);
    fs_close(&stream->file);
    if (!stream->finished && stream->path != NULL)
        dits_error_free(fs_remove(stream->path)); /* else it is garbage */
    text_free(&stream->path);
    mem_unmap(stream->memory, (size_t)BLOCK * BLOCKS);
    (void)pthread_cond_destroy(&stream->changed);
    (void)pthread_mutex_destroy(&stream->mutex);
    mem_free(stream);
}

void pack_stream_freep(struct pack_stream **stream)
{
    pack_stream_free(*stream);
}
