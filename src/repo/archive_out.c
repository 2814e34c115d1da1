#include <string.h>

#include "base/compress.h"
#include "base/le.h"
#include "repo/archive.h"

enum {
    /* Of a part of a zstd file, which is a frame of its own. */
    WAITING_BYTES = 4 * 1024 * 1024,
    PACKED_BYTES = 64 * 1024,
    SYSTEM_UNIX = 3, /* in the header of gzip */
};

static const struct deflate_params gzip_params = {.level = 6, .memory = 8};

static dits_error *hand_on(struct archive_out *out, const void *data,
                           size_t size)
{
    return size > 0 ? out->fn(data, size, out->payload) : NULL;
}

/* No name and no time: the same archive is the same bytes. */
static dits_error *begin_gzip(struct archive_out *out)
{
    static const uint8_t header[10] = {0x1f, 0x8b, 8, 0, 0,
                                       0,    0,    0, 0, SYSTEM_UNIX};
    void *at = NULL;
    TRY(deflater_new(gzip_params, &out->deflater));
    TRY(buf_extend(&out->packed, PACKED_BYTES, &at));
    return hand_on(out, header, sizeof(header));
}

dits_error *archive_out_begin(struct archive_out *out,
                              enum archive_filter filter, dits_bytes_fn *fn,
                              void *payload)
{
    *out = (struct archive_out){.filter = filter, .fn = fn, .payload = payload};
    return filter == ARCHIVE_GZIP ? begin_gzip(out) : NULL;
}

static dits_error *put_gzip(struct archive_out *out, struct slice in,
                            bool finish)
{
    struct deflate_io io = {.in = in.data, .in_size = in.size};
    bool ended = false;
    do {
        io.out = out->packed.data;
        io.out_size = PACKED_BYTES;
        TRY(deflater_run(out->deflater, &io, finish, &ended));
        TRY(hand_on(out, out->packed.data, PACKED_BYTES - io.out_size));
    } while (finish ? !ended : io.in_size > 0);
    return NULL;
}

/* What waits, packed. Frames behind one another are one zstd file. */
static dits_error *flush(struct archive_out *out)
{
    struct slice in = buf_slice(&out->waiting);
    if (in.size == 0)
        return NULL;
    if (out->filter == ARCHIVE_PLAIN) {
        TRY(hand_on(out, in.data, in.size));
    } else if (out->filter == ARCHIVE_GZIP) {
        out->sum = deflate_crc32(out->sum, in.data, in.size);
        TRY(put_gzip(out, in, false));
    } else {
        buf_clear(&out->packed);
        TRY(compress_bytes(in.data, in.size, &out->packed));
        TRY(hand_on(out, out->packed.data, out->packed.size));
    }
    buf_clear(&out->waiting);
    return NULL;
}

dits_error *archive_out_put(struct archive_out *out, const void *data,
                            size_t size)
{
    const uint8_t *at = data;
    out->offset += size;
    while (size > 0) {
        size_t room = WAITING_BYTES - out->waiting.size;
        size_t part = size < room ? size : room;
        TRY(buf_put(&out->waiting, at, part));
        at += part;
        size -= part;
        if (out->waiting.size == WAITING_BYTES)
            TRY(flush(out));
    }
    return NULL;
}

dits_error *archive_out_end(struct archive_out *out)
{
    uint8_t end[8];
    TRY(flush(out));
    if (out->filter != ARCHIVE_GZIP)
        return NULL;
    TRY(put_gzip(out, (struct slice){0}, true));
    le32_store(end, out->sum);
    le32_store(end + 4, (uint32_t)out->offset);
    return hand_on(out, end, sizeof(end));
}

void archive_out_release(struct archive_out *out)
{
    buf_release(&out->waiting);
    buf_release(&out->packed);
    deflater_free(out->deflater);
}
