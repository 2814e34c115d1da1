#include "store/pack_writer.h"

#include <inttypes.h>
#include <string.h>

#include "base/compress.h"
#include "base/mem.h"
#include "base/random.h"
#include "base/text.h"
#include "store/pack_stream.h"

struct pack_writer {
    const char *packs;
    char *path; /* of the file while it is written */
    struct pack_stream *stream;
    struct pending pending;
    uint64_t end; /* of the frames that were given a place */
    struct dits_oid name;
};

dits_error *pack_writer_begin(const char *temporary_folder,
                              const char *packs_folder,
                              const struct pool_set *processors,
                              struct pack_writer **out)
{
    CLEANUP(pack_writer_freep)
    struct pack_writer *writer = mem_new(struct pack_writer);
    CLEANUP(buf_release) struct buf path = {0};
    if (writer == NULL)
        return error_nomem();
    writer->packs = packs_folder;
    TRY(buf_printf(&path, "%s/pack-%08" PRIx32 "%08" PRIx32, temporary_folder,
                   random_u32(), random_u32()));
    TRY(buf_take_text(&path, &writer->path));
    TRY(pack_stream_begin(writer->path, processors, &writer->stream));

    uint8_t header[PACK_HEADER_SIZE];
    pack_header_encode(header);
    TRY(pack_stream_fill(writer->stream, 0, header, sizeof(header)));
    writer->end = sizeof(header);
    *out = MOVE(writer);
    return NULL;
}

bool pack_writer_has_room(const struct pack_writer *writer, uint64_t span)
{
    return writer->end + span <= PACK_MAX_BYTES &&
           writer->pending.frames.count < PACK_MAX_ENTRIES;
}

const struct frame *pack_writer_find(const struct pack_writer *writer,
                                     const struct dits_oid *id)
{
    return pending_find(&writer->pending, id);
}

dits_error *pack_writer_place(struct pack_writer *writer, struct frame *frame)
{
    frame->offset = (uint32_t)writer->end;
    TRY(pending_add(&writer->pending, frame));
    writer->end += frame_span(frame);
    return NULL;
}

dits_error *pack_writer_fill(struct pack_writer *writer,
                             const struct frame *frame, const void *stored)
{
    uint8_t header[FRAME_HEADER_SIZE];
    frame_encode(frame, header);
    TRY(pack_stream_fill(writer->stream, frame->offset, header,
                         sizeof(header)));
    return pack_stream_fill(writer->stream, frame->offset + sizeof(header),
                            stored, frame->stored_size);
}

dits_error *pack_writer_read(struct pack_writer *writer,
                             const struct frame *frame, void *out)
{
    uint64_t at = frame->offset + FRAME_HEADER_SIZE;
    if (frame->codec == FRAME_PLAIN)
        return pack_stream_read(writer->stream, at, frame->stored_size, out);

    CLEANUP(buf_release) struct buf stored = {0};
    void *bytes = NULL;
    TRY(buf_extend(&stored, frame->stored_size, &bytes));
    TRY(pack_stream_read(writer->stream, at, frame->stored_size, bytes));
    return decompress_bytes(bytes, frame->stored_size, out, frame->plain_size);
}

/* Index and trailer, after the last frame. */
static dits_error *append_index(struct pack_writer *writer,
                                const struct buf *index,
                                const struct dits_oid *name)
{
    uint8_t end[PACK_TRAILER_SIZE];
    struct pack_trailer trailer = {
        .frames_end = writer->end, .index_size = index->size, .name = *name};
    pack_trailer_encode(&trailer, end);
    TRY(pack_stream_fill(writer->stream, writer->end, index->data,
                         index->size));
    TRY(pack_stream_fill(writer->stream, writer->end + index->size, end,
                         sizeof(end)));
    return pack_stream_finish(writer->stream,
                              writer->end + index->size + sizeof(end));
}

static dits_error *final_path(const struct pack_writer *writer,
                              const struct dits_oid *name, const char *suffix,
                              char **out)
{
    char hex[OID_HEX_SIZE];
    CLEANUP(buf_release) struct buf path = {0};
    dits_oid_hex(name, hex);
    TRY(buf_printf(&path, "%s/%s%s", writer->packs, hex, suffix));
    return buf_take_text(&path, out);
}

/* A file of its own for an index that is worth mapping. Durable, not named. */
static dits_error *write_index_file(const struct pack_writer *writer,
                                    const struct buf *index,
                                    const struct dits_oid *name)
{
    CLEANUP(text_free) char *path = NULL;
    CLEANUP(text_free) char *temporary = NULL;
    CLEANUP(fs_close) struct fs_file file = {0};
    CLEANUP(buf_release) struct buf text = {0};
    TRY(final_path(writer, name, ".idx", &path));
    TRY(buf_printf(&text, "%s.idx", writer->path));
    TRY(buf_take_text(&text, &temporary));
    TRY(fs_open(temporary, FS_CREATE_NEW, &file));
    TRY(fs_write_at(&file, 0, index->data, index->size));
    TRY(fs_sync(&file));
    return fs_rename(temporary, path);
}

dits_error *pack_writer_commit(struct pack_writer *writer)
{
    CLEANUP(buf_release) struct buf index = {0};
    CLEANUP(text_free) char *path = NULL;
    const struct frame_list *frames = &writer->pending.frames;
    TRY(pack_index_build(frames->rows, frames->count, writer->end,
                         &writer->name, &index));
    TRY(append_index(writer, &index, &writer->name));
    if (index.size > PACK_INLINE_INDEX_BYTES)
        TRY(write_index_file(writer, &index, &writer->name));

    /* The index first: a pack of that size should never be without. */
    TRY(final_path(writer, &writer->name, ".pack", &path));
    TRY(fs_rename(writer->path, path));
    return fs_sync_dir(writer->packs);
}

const struct dits_oid *pack_writer_name(const struct pack_writer *writer)
{
    return &writer->name;
}

void pack_writer_free(struct pack_writer *writer)
{
    if (writer == NULL)
        return;
    pack_stream_free(writer->stream);
    pending_release(&writer->pending);
    text_free(&writer->path);
    mem_free(writer);
}

void pack_writer_freep(struct pack_writer **writer)
{
    pack_writer_free(*writer);
}
