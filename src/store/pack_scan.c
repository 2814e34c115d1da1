#include "store/pack_scan.h"

#include <string.h>

#include "base/compress.h"
#include "base/mem.h"

/* Read at a time while looking for the next frame. */
enum { WINDOW = 1 << 16 };

static void free_bytes(uint8_t **bytes)
{
    mem_free(*bytes);
}

static dits_error *read_compressed(const struct fs_file *file,
                                   const struct frame *frame, void *out)
{
    CLEANUP(free_bytes)
    uint8_t *stored = mem_new_array(uint8_t, frame->stored_size);
    if (stored == NULL)
        return error_nomem();
    TRY(fs_read_at(file, frame->offset + FRAME_HEADER_SIZE, frame->stored_size,
                   stored));
    return decompress_bytes(stored, frame->stored_size, out, frame->plain_size);
}

dits_error *frame_read_unchecked(const struct fs_file *file,
                                 const struct frame *frame, void *out)
{
    if (frame->codec == FRAME_PLAIN)
        return fs_read_at(file, frame->offset + FRAME_HEADER_SIZE,
                          frame->plain_size, out);
    return read_compressed(file, frame, out);
}

dits_error *frame_read(const struct fs_file *file, const struct frame *frame,
                       void *out)
{
    struct dits_oid id = {0};
    TRY(frame_read_unchecked(file, frame, out));
    chunk_id(frame->kind, out, frame->plain_size, &id);
    if (!dits_oid_equal(&id, &frame->id))
        return error_new(DITS_E_CORRUPT, "the bytes do not match the id");
    return NULL;
}

/* The header at `offset`, which must leave room for its chunk. */
static dits_error *read_header(const struct pack_scan *scan, uint64_t offset,
                               struct frame *out)
{
    uint8_t header[FRAME_HEADER_SIZE];
    TRY(fs_read_at(scan->file, offset, sizeof(header), header));
    struct frame frame = {.offset = (uint32_t)offset};
    TRY(frame_decode(header, &frame));
    if (offset + frame_span(&frame) > scan->file_size)
        return error_new(DITS_E_CORRUPT, "the pack ends within a chunk");
    *out = frame;
    return NULL;
}

/* Whether the compressed bytes agree with the size that the frame claims. */
static bool claims_its_size(const struct pack_scan *scan,
                            const struct frame *frame)
{
    uint8_t head[COMPRESS_HEAD_BYTES];
    size_t size = frame->stored_size < sizeof(head) ? frame->stored_size
                                                    : sizeof(head);
    if (frame->codec == FRAME_PLAIN)
        return true;
    CLEANUP(dits_error_freep)
    dits_error *err = fs_read_at(
        scan->file, (uint64_t)frame->offset + FRAME_HEADER_SIZE, size, head);
    return err == NULL && compress_claims(head, size, frame->plain_size);
}

/* Whether a whole frame starts at `offset`. Not for bytes that can be told. */
static dits_error *whole_frame_at(const struct pack_scan *scan, uint64_t offset,
                                  bool *out)
{
    struct frame frame = {0};
    CLEANUP(dits_error_freep)
    dits_error *err = read_header(scan, offset, &frame);
    *out = false;
    if (err != NULL)
        return dits_error_has(err, DITS_E_NOMEM) ? MOVE(err) : NULL;
    if (!claims_its_size(scan, &frame))
        return NULL;

    CLEANUP(free_bytes)
    uint8_t *plain = mem_new_array(uint8_t, frame.plain_size);
    if (plain == NULL)
        return error_nomem();
    err = frame_read(scan->file, &frame, plain);
    *out = err == NULL;
    return dits_error_has(err, DITS_E_NOMEM) ? MOVE(err) : NULL;
}

/* The next whole frame at or after `offset`; the file's size without one. */
static dits_error *find_next(const struct pack_scan *scan, uint64_t offset,
                             uint64_t *out)
{
    CLEANUP(free_bytes) uint8_t *window = mem_new_array(uint8_t, WINDOW);
    if (window == NULL)
        return error_nomem();
    while (offset < scan->file_size) {
        size_t size = 0;
        TRY(context_check(scan->context));
        TRY(fs_read_some(scan->file, offset, WINDOW, window, &size));
        if (size < FRAME_HEADER_SIZE)
            break;
        size_t at = 0;
        while ((at += frame_search(window + at, size - at)) < size) {
            bool whole = false;
            TRY(whole_frame_at(scan, offset + at, &whole));
            if (whole) {
                *out = offset + at;
                return NULL;
            }
            at++;
        }
        /* A magic may lie across the end of the window. */
        offset += size - 3;
    }
    *out = scan->file_size;
    return NULL;
}

dits_error *pack_scan(const struct pack_scan *scan, uint64_t *out_frames_end)
{
    uint64_t offset = PACK_HEADER_SIZE;
    uint64_t frames_end = PACK_HEADER_SIZE;
    while (offset < scan->file_size && offset <= PACK_MAX_BYTES) {
        struct frame frame = {0};
        CLEANUP(dits_error_freep)
        dits_error *err = read_header(scan, offset, &frame);
        if (err == NULL) {
            TRY(scan->on_frame(&frame, scan->payload));
            offset += frame_span(&frame);
            frames_end = offset;
            continue;
        }
        if (dits_error_has(err, DITS_E_NOMEM))
            return MOVE(err);
        uint64_t next = 0;
        TRY(find_next(scan, offset + 1, &next));
        if (scan->on_damage != NULL)
            scan->on_damage(offset, next - offset, scan->payload);
        offset = next;
    }
    *out_frames_end = frames_end;
    return context_check(scan->context);
}
