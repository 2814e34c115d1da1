#include "object/stream_reader.h"

#include <string.h>

struct stream_reader stream_reader_over(struct store *store,
                                        const struct list_node *list)
{
    return (struct stream_reader){.cursor = list_cursor_over(store, list)};
}

void stream_reader_release(struct stream_reader *reader)
{
    list_cursor_release(&reader->cursor);
    buf_release(&reader->chunk);
}

void stream_reader_forget(struct stream_reader *reader)
{
    buf_release(&reader->chunk);
}

static bool keeps(const struct stream_reader *reader, uint64_t offset)
{
    return offset >= reader->chunk_offset &&
           offset - reader->chunk_offset < reader->chunk.size;
}

static dits_error *read_chunk(struct stream_reader *reader,
                              const struct list_span *span, void *out)
{
    struct store *store = reader->cursor.store;
    return reader->unchecked
               ? store_read_unchecked(store, &span->id, out, span->size)
               : store_read_into(store, CHUNK_DATA, &span->id, out, span->size);
}

/* Bring the chunk at `offset` to hand. */
static dits_error *keep_chunk(struct stream_reader *reader,
                              const struct list_span *span)
{
    void *bytes = NULL;
    buf_clear(&reader->chunk);
    TRY(buf_extend(&reader->chunk, span->size, &bytes));
    dits_error *err = read_chunk(reader, span, bytes);
    if (err != NULL)
        buf_clear(&reader->chunk);
    reader->chunk_offset = span->offset;
    return err;
}

/* At least one byte at `offset`, at most `size`. */
static dits_error *read_some(struct stream_reader *reader, uint64_t offset,
                             size_t size, uint8_t *out, size_t *out_size)
{
    struct list_span span = {0};
    bool found = false;
    if (!keeps(reader, offset)) {
        TRY(list_cursor_seek(&reader->cursor, offset));
        TRY(list_cursor_get(&reader->cursor, &span, &found));
        if (!found)
            return error_new(DITS_E_CORRUPT, "a list of chunks is too short");
        if (span.offset == offset && span.size <= size) {
            *out_size = span.size;
            return read_chunk(reader, &span, out);
        }
        TRY(keep_chunk(reader, &span));
    }
    size_t skip = (size_t)(offset - reader->chunk_offset);
    size_t left = reader->chunk.size - skip;
    *out_size = size < left ? size : left;
    memcpy(out, reader->chunk.data + skip, *out_size);
    return NULL;
}

dits_error *stream_reader_read(struct stream_reader *reader, uint64_t offset,
                               size_t size, uint8_t *out)
{
    while (size > 0) {
        size_t done = 0;
        TRY(read_some(reader, offset, size, out, &done));
        offset += done;
        out += done;
        size -= done;
    }
    return NULL;
}
