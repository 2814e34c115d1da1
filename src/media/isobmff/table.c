#include "media/isobmff/table.h"

#include <assert.h>

enum {
    PAGE_BYTES = 16384, /* read at once where rows follow each other */
    JUMP_BYTES = 1024,  /* read at once after a jump */
};

struct table table_within(struct source *source, uint64_t offset, uint64_t end,
                          uint64_t claimed, uint32_t row_size)
{
    uint64_t room = offset < end ? (end - offset) / row_size : 0;
    uint64_t count = claimed < room ? claimed : room;
    return (struct table){
        .source = source,
        .offset = offset,
        .count = count < UINT32_MAX ? (uint32_t)count : UINT32_MAX,
        .row_size = row_size,
    };
}

void table_reader_release(struct table_reader *reader)
{
    buf_release(&reader->kept);
    *reader = (struct table_reader){0};
}

static uint32_t kept_rows(const struct table_reader *reader)
{
    return (uint32_t)(reader->kept.size / reader->table->row_size);
}

static dits_error *fill(struct table_reader *reader, uint32_t index)
{
    const struct table *table = reader->table;
    bool follows = index == reader->first + kept_rows(reader);
    uint32_t rows = (follows ? PAGE_BYTES : JUMP_BYTES) / table->row_size;
    uint32_t left = table->count - index;
    void *at = NULL;
    rows = rows == 0 ? 1 : rows < left ? rows : left;
    buf_clear(&reader->kept);
    size_t size = (size_t)rows * table->row_size;
    TRY(buf_extend(&reader->kept, size, &at));
    dits_error *err = table->source->read_at(
        table->source, table->offset + (uint64_t)index * table->row_size, size,
        at);
    if (err != NULL)
        buf_clear(&reader->kept);
    reader->first = index;
    return err;
}

dits_error *table_row(struct table_reader *reader, uint32_t index,
                      const uint8_t **out)
{
    assert(index < reader->table->count);
    if (index < reader->first || index - reader->first >= kept_rows(reader))
        TRY(fill(reader, index));
    *out = reader->kept.data +
           (size_t)(index - reader->first) * reader->table->row_size;
    return NULL;
}
