#include "picture/png.h"

#include <stdlib.h>
#include <string.h>

#include "base/deflate.h"
#include "base/mem.h"

enum { PIXEL = 3, FILTER_PAETH = 4, PIECE = 65536, CHECKSUM = 4 };

static dits_error *put_be32(struct buf *buf, uint32_t value)
{
    for (int shift = 24; shift >= 0; shift -= 8)
        TRY(buf_put_u8(buf, (uint8_t)(value >> shift)));
    return NULL;
}

/* Length, type, bytes, and the checksum of the last two. */
static dits_error *put_chunk(struct buf *buf, const char type[4],
                             struct slice bytes)
{
    TRY(put_be32(buf, (uint32_t)bytes.size));
    TRY(buf_put(buf, type, 4));
    TRY(buf_put(buf, bytes.data, bytes.size));
    uint32_t sum = deflate_crc32(0, type, 4);
    return put_be32(buf, deflate_crc32(sum, bytes.data, bytes.size));
}

static dits_error *put_header(struct buf *buf, const struct canvas *picture)
{
    static const uint8_t rest[] = {8, 2, 0, 0, 0}; /* depth, RGB */
    CLEANUP(buf_release) struct buf header = {0};
    TRY(put_be32(&header, picture->width));
    TRY(put_be32(&header, picture->height));
    TRY(buf_put(&header, rest, sizeof(rest)));
    return put_chunk(buf, "IHDR", buf_slice(&header));
}

/* The neighbour that is nearest to left + up - corner. */
static uint8_t predict(int left, int up, int corner)
{
    int from_left = abs(up - corner);
    int from_up = abs(left - corner);
    int from_corner = abs(left + up - 2 * corner);
    if (from_left <= from_up && from_left <= from_corner)
        return (uint8_t)left;
    return (uint8_t)(from_up <= from_corner ? up : corner);
}

/* A row as differences from what is predicted, its filter first. */
static void filter_row(const struct canvas *picture, uint32_t y, uint8_t *out)
{
    size_t size = (size_t)picture->width * PIXEL;
    const uint8_t *row = picture->pixels + size * y;
    *out++ = FILTER_PAETH;
    for (size_t i = 0; i < size; i++) {
        int left = i >= PIXEL ? row[i - PIXEL] : 0;
        int up = y > 0 ? (row - size)[i] : 0;
        int corner = i >= PIXEL && y > 0 ? (row - size)[i - PIXEL] : 0;
        out[i] = (uint8_t)(row[i] - predict(left, up, corner));
    }
}

/* All that comes out for what goes in; with `finish`, to the end. */
static dits_error *compress(struct deflater *deflater, struct slice in,
                            bool finish, struct buf *out)
{
    struct deflate_io io = {.in = in.data, .in_size = in.size};
    bool ended = false;
    do {
        void *piece = NULL;
        TRY(buf_extend(out, PIECE, &piece));
        io.out = piece;
        io.out_size = PIECE;
        dits_error *err = deflater_run(deflater, &io, finish, &ended);
        out->size -= io.out_size;
        TRY(err);
    } while (finish ? !ended : io.in_size > 0 || io.out_size == 0);
    return NULL;
}

static void free_row(uint8_t **row)
{
    mem_free(*row);
}

/* The rows as a zlib stream (RFC 1950). */
static dits_error *put_rows(struct buf *buf, const struct canvas *picture)
{
    static const uint8_t head[] = {0x78, 0x5e};
    const struct deflate_params params = {.level = 5, .memory = 9};
    size_t size = (size_t)picture->width * PIXEL + 1;
    CLEANUP(deflater_freep) struct deflater *deflater = NULL;
    CLEANUP(free_row) uint8_t *row = mem_new_array(uint8_t, size);
    uint32_t sum = 1;
    if (row == NULL)
        return error_nomem();
    TRY(deflater_new(params, &deflater));
    TRY(buf_put(buf, head, sizeof(head)));
    for (uint32_t y = 0; y < picture->height; y++) {
        filter_row(picture, y, row);
        sum = deflate_adler32(sum, row, size);
        TRY(compress(deflater, slice_of(row, size), false, buf));
    }
    TRY(compress(deflater, (struct slice){0}, true, buf));
    return put_be32(buf, sum);
}

dits_error *png_put(struct buf *buf, const struct canvas *picture)
{
    static const uint8_t signature[] = {0x89, 'P',  'N',  'G',
                                        '\r', '\n', 0x1a, '\n'};
    CLEANUP(buf_release) struct buf rows = {0};
    TRY(buf_put(buf, signature, sizeof(signature)));
    TRY(put_header(buf, picture));
    TRY(put_rows(&rows, picture));
    TRY(put_chunk(buf, "IDAT", buf_slice(&rows)));
    return put_chunk(buf, "IEND", (struct slice){0});
}
