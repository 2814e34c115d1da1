#include "store/pack_part.h"

/* Written at a time. */
enum { FLUSH_BYTES = 4 * 1024 * 1024 };

static dits_error *flush(struct pack_part_writer *writer)
{
    TRY(fs_write_at(writer->file, writer->start + writer->written,
                    writer->waiting.data, writer->waiting.size));
    writer->written += writer->waiting.size;
    buf_clear(&writer->waiting);
    return NULL;
}

dits_error *pack_part_begin(struct pack_part_writer *writer,
                            const struct fs_file *file, uint64_t start)
{
    uint8_t header[PACK_HEADER_SIZE];
    pack_header_encode(header);
    *writer = (struct pack_part_writer){
        .file = file, .start = start, .end = sizeof(header)};
    return buf_put(&writer->waiting, header, sizeof(header));
}

bool pack_part_has_room(const struct pack_part_writer *writer, uint64_t span)
{
    return writer->end + span <= PACK_MAX_BYTES &&
           writer->frames.count < PACK_MAX_ENTRIES;
}

dits_error *pack_part_add(struct pack_part_writer *writer, struct frame *frame,
                          const void *stored)
{
    uint8_t header[FRAME_HEADER_SIZE];
    frame->offset = (uint32_t)writer->end;
    frame_encode(frame, header);
    TRY(frame_list_add(&writer->frames, frame));
    TRY(buf_put(&writer->waiting, header, sizeof(header)));
    TRY(buf_put(&writer->waiting, stored, frame->stored_size));
    writer->end += frame_span(frame);
    return writer->waiting.size >= FLUSH_BYTES ? flush(writer) : NULL;
}

dits_error *pack_part_finish(struct pack_part_writer *writer,
                             struct pack_part *out)
{
    CLEANUP(buf_release) struct buf index = {0};
    uint8_t end[PACK_TRAILER_SIZE];
    struct pack_trailer trailer = {.frames_end = writer->end};
    TRY(pack_index_build(writer->frames.rows, writer->frames.count, writer->end,
                         &trailer.name, &index));
    trailer.index_size = index.size;
    pack_trailer_encode(&trailer, end);
    TRY(buf_put(&writer->waiting, index.data, index.size));
    TRY(buf_put(&writer->waiting, end, sizeof(end)));
    TRY(flush(writer));
    *out = (struct pack_part){
        .start = writer->start, .size = writer->written, .name = trailer.name};
    return NULL;
}

void pack_part_release(struct pack_part_writer *writer)
{
    frame_list_release(&writer->frames);
    buf_release(&writer->waiting);
}
