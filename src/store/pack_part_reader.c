#include "store/pack_part.h"

/* A pack that is being gone over. */
struct reader {
    const struct pack_part_reading *reading;
    const struct pack_part *part;
    struct pack_trailer trailer;
    struct frame_list frames;
    struct buf stored;
    struct buf plain;
};

static void reader_release(struct reader *reader)
{
    frame_list_release(&reader->frames);
    buf_release(&reader->stored);
    buf_release(&reader->plain);
}

/* `size` bytes at `offset` of the pack. */
static dits_error *read_at(const struct reader *reader, uint64_t offset,
                           size_t size, void *out)
{
    return fs_read_at(reader->reading->file, reader->part->start + offset, size,
                      out);
}

static dits_error *fill(const struct reader *reader, uint64_t offset,
                        size_t size, struct buf *out)
{
    void *at = NULL;
    buf_clear(out);
    TRY(buf_extend(out, size, &at));
    return read_at(reader, offset, size, at);
}

static dits_error *read_ends(struct reader *reader)
{
    uint8_t header[PACK_HEADER_SIZE];
    uint8_t end[PACK_TRAILER_SIZE];
    const struct pack_part *part = reader->part;
    if (part->size < sizeof(header) + sizeof(end))
        return error_new(DITS_E_CORRUPT, "a pack is too small");
    TRY(read_at(reader, 0, sizeof(header), header));
    TRY(pack_header_decode(header));
    TRY(read_at(reader, part->size - sizeof(end), sizeof(end), end));
    TRY(pack_trailer_decode(end, part->size, &reader->trailer));
    if (!dits_oid_equal(&reader->trailer.name, &part->name))
        return error_new(DITS_E_CORRUPT, "a pack has another name");
    if (reader->trailer.index_size > PACK_INDEX_MAX_BYTES)
        return error_new(DITS_E_CORRUPT, "an index of a strange size");
    return NULL;
}

static dits_error *read_chunk(struct reader *reader, const struct frame *frame)
{
    const struct pack_part_reading *reading = reader->reading;
    TRY(fill(reader, (uint64_t)frame->offset + FRAME_HEADER_SIZE,
             frame->stored_size, &reader->stored));
    TRY(frame_verify(frame, reader->stored.data, &reader->plain));
    return reading->take(frame, reader->stored.data, reading->payload);
}

static dits_error *read_frame(struct reader *reader, uint64_t *offset)
{
    const struct pack_part_reading *reading = reader->reading;
    uint8_t header[FRAME_HEADER_SIZE];
    struct frame frame = {.offset = (uint32_t)*offset};
    bool wanted = false;
    TRY(context_check(reading->context));
    if (reader->trailer.frames_end - *offset < sizeof(header))
        return error_new(DITS_E_CORRUPT, "a pack has bytes that are no chunk");
    TRY(read_at(reader, *offset, sizeof(header), header));
    TRY(frame_decode(header, &frame));
    if (frame_span(&frame) > reader->trailer.frames_end - *offset)
        return error_new(DITS_E_CORRUPT, "a chunk goes past its pack");
    TRY(frame_list_add(&reader->frames, &frame));
    TRY(reading->wants(&frame, &wanted, reading->payload));
    if (wanted)
        TRY(read_chunk(reader, &frame));
    *offset += frame_span(&frame);
    return NULL;
}

/* The index is a function of the frames: anything else is not theirs. */
static dits_error *check_index(struct reader *reader)
{
    CLEANUP(buf_release) struct buf index = {0};
    struct frame_list *frames = &reader->frames;
    struct dits_oid name = {0};
    if (frames->count == 0)
        return error_new(DITS_E_CORRUPT, "a pack without chunks");
    TRY(pack_index_build(frames->rows, frames->count,
                         reader->trailer.frames_end, &name, &index));
    if (!dits_oid_equal(&name, &reader->part->name) ||
        index.size != reader->trailer.index_size)
        return error_new(DITS_E_CORRUPT, "a pack is not what its name says");
    TRY(fill(reader, reader->trailer.frames_end, index.size, &reader->stored));
    if (!slice_equal(buf_slice(&index), buf_slice(&reader->stored)))
        return error_new(DITS_E_CORRUPT, "the index of a pack is damaged");
    return NULL;
}

dits_error *pack_part_read(const struct pack_part_reading *reading,
                           const struct pack_part *part)
{
    CLEANUP(reader_release)
    struct reader reader = {.reading = reading, .part = part};
    uint64_t offset = PACK_HEADER_SIZE;
    TRY(read_ends(&reader));
    while (offset < reader.trailer.frames_end)
        TRY(read_frame(&reader, &offset));
    return check_index(&reader);
}
