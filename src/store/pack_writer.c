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
    bool committed;
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

/* A file of its own for the index. Durable, not yet named. */
static dits_error *write_index_file(const struct pack_writer *writer,
                                    const struct buf *index, const char *path)
{
    CLEANUP(buf_release) struct buf temporary = {0};
    CLEANUP(fs_close) struct fs_file file = {0};
    TRY(buf_printf(&temporary, "%s.idx", writer->path));
    TRY(fs_open(buf_text(&temporary), FS_CREATE_NEW, &file));
    TRY(fs_write_at(&file, 0, index->data, index->size));
    TRY(fs_sync(&file));
    return fs_rename(buf_text(&temporary), path);
}

/* The index file: where it is worth mapping, else none. */
static dits_error *place_index(const struct pack_writer *writer,
                               const struct buf *index)
{
    CLEANUP(text_free) char *path = NULL;
    TRY(final_path(writer, &writer->name, ".idx", &path));
    if (index->size > PACK_INLINE_INDEX_BYTES)
        return write_index_file(writer, index, path);
    dits_error_free(fs_remove(path)); /* left by a damaged pack of this name */
    return NULL;
}

dits_error *pack_writer_commit(struct pack_writer *writer)
{
    CLEANUP(buf_release) struct buf index = {0};
    CLEANUP(text_free) char *path = NULL;
    const struct frame_list *frames = &writer->pending.frames;
    TRY(pack_index_build(frames->rows, frames->count, writer->end,
                         &writer->name, &index));
    TRY(append_index(writer, &index, &writer->name));
    TRY(place_index(writer, &index));

    /* The index first: a pack of that size should never be without. */
    TRY(final_path(writer, &writer->name, ".pack", &path));
    TRY(fs_rename(writer->path, path));
    writer->committed = true;
    return fs_sync_dir(writer->packs);
}

const struct dits_oid *pack_writer_name(const struct pack_writer *writer)
{
    return &writer->name;
}

/* Perhaps the disk is full: leave nothing behind. */
static void remove_files(const struct pack_writer *writer)
{
    CLEANUP(buf_release) struct buf index = {0};
    if (writer->path == NULL)
        return;
    dits_error_free(fs_remove(writer->path)); /* most often it is gone */
    dits_error *err = buf_printf(&index, "%s.idx", writer->path);
    if (err == NULL)
        err = fs_remove(buf_text(&index));
    dits_error_free(err); /* the same */
}

void pack_writer_free(struct pack_writer *writer)
{
    if (writer == NULL)
        return;
    pack_stream_free(writer->stream);
    if (!writer->committed)
        remove_files(writer);
    pending_release(&writer->pending);
    text_free(&writer->path);
    mem_free(writer);
}

void pack_writer_freep(struct pack_writer **writer)
{
    pack_writer_free(*writer);
}
