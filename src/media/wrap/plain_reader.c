#include "media/wrap/plain_reader.h"

#include "base/mem.h"

enum { READ_BYTES = 32 * 1024 };

dits_error *plain_reader_init(struct plain_reader *reader,
                              struct source *source, uint64_t offset,
                              uint64_t size)
{
    *reader =
        (struct plain_reader){.source = source, .offset = offset, .left = size};
    reader->coded = mem_new_array(uint8_t, READ_BYTES);
    if (reader->coded == NULL)
        return error_nomem();
    return inflater_new(&reader->inflater);
}

void plain_reader_release(struct plain_reader *reader)
{
    inflater_free(reader->inflater);
    mem_free(reader->coded);
    *reader = (struct plain_reader){0};
}

static dits_error *read_coded(struct plain_reader *reader)
{
    size_t size = reader->left < READ_BYTES ? (size_t)reader->left : READ_BYTES;
    TRY(reader->source->read_at(reader->source, reader->offset, size,
                                reader->coded));
    reader->offset += size;
    reader->left -= size;
    reader->at = reader->coded;
    reader->coded_size = size;
    return NULL;
}

dits_error *plain_reader_read(struct plain_reader *reader, size_t size,
                              uint8_t *out, size_t *out_size)
{
    struct deflate_io io = {0};
    io.out = out;
    io.out_size = size;
    while (io.out_size > 0 && !reader->ended) {
        if (reader->coded_size == 0 && reader->left > 0)
            TRY(read_coded(reader));
        size_t room = io.out_size;
        io.in = reader->at;
        io.in_size = reader->coded_size;
        TRY(inflater_run(reader->inflater, &io, &reader->ended));
        size_t used = reader->coded_size - io.in_size;
        if (used == 0 && io.out_size == room && !reader->ended)
            return error_new(DITS_E_CORRUPT, "a deflate stream is cut off");
        reader->coded_used += used;
        reader->at = io.in;
        reader->coded_size = io.in_size;
    }
    *out_size = size - io.out_size;
    return NULL;
}
