#include "picture/png.h"

#include <stdlib.h>
#include <string.h>

#include "base/cursor.h"
#include "base/deflate.h"
#include "base/mem.h"
#include "support/mem_fault.h"
#include "support/test.h"

enum { WIDTH = 61, HEIGHT = 37, ROW = WIDTH * 3 };

static void free_bytes(uint8_t **bytes)
{
    mem_free(*bytes);
}

/* Smooth in places, rough in others. */
static dits_error *draw(struct canvas *canvas)
{
    TRY(canvas_init(canvas, WIDTH, HEIGHT, (struct colour){1, 2, 3}));
    for (uint32_t i = 0; i < ROW * HEIGHT; i++)
        canvas->pixels[i] = (uint8_t)(i % 7 == 0 ? i * 2654435761u >> 24 : i);
    return NULL;
}

/* The next chunk, if its checksum holds. */
static dits_error *take_chunk(struct cursor *cursor, const char *type,
                              struct slice *out)
{
    uint32_t size = 0;
    uint32_t sum = 0;
    struct slice name = {0};
    TRY(cursor_be32(cursor, &size));
    TRY(cursor_slice(cursor, 4, &name));
    TRY(cursor_slice(cursor, size, out));
    TRY(cursor_be32(cursor, &sum));
    uint32_t seen =
        deflate_crc32(deflate_crc32(0, name.data, 4), out->data, out->size);
    if (memcmp(name.data, type, 4) != 0 || seen != sum)
        return error_new(DITS_E_CORRUPT, "no chunk '%s'", type);
    return NULL;
}

/* RFC 1950 around RFC 1951. */
static dits_error *inflate_rows(struct slice stream, uint8_t *out, size_t size)
{
    CLEANUP(inflater_freep) struct inflater *inflater = NULL;
    bool ended = false;
    struct deflate_io io = {stream.data + 2, stream.size - 6, out, size};
    const uint8_t *end = stream.data + stream.size - 4;
    uint32_t sum = deflate_adler32(1, NULL, 0);
    TRY(inflater_new(&inflater));
    TRY(inflater_run(inflater, &io, &ended));
    sum = deflate_adler32(sum, out, size);
    bool is_whole = ended && io.out_size == 0 && io.in_size == 0 &&
                    (stream.data[0] << 8 | stream.data[1]) % 31 == 0;
    for (size_t i = 0; i < 4; i++)
        is_whole = is_whole && end[i] == (uint8_t)(sum >> (24 - 8 * i));
    return is_whole ? NULL : error_new(DITS_E_CORRUPT, "no stream of rows");
}

/* Of three neighbours, as the standard has it. */
static int nearest(int a, int b, int c)
{
    int p = a + b - c;
    int to_a = abs(p - a);
    int to_b = abs(p - b);
    int to_c = abs(p - c);
    if (to_a <= to_b && to_a <= to_c)
        return a;
    return to_b <= to_c ? b : c;
}

static bool rows_are(const uint8_t *rows, const struct canvas *canvas)
{
    uint8_t before[ROW] = {0};
    uint8_t row[ROW] = {0};
    for (size_t y = 0; y < HEIGHT; y++, rows += ROW + 1) {
        if (rows[0] != 4)
            return false;
        for (size_t i = 0; i < ROW; i++)
            row[i] = (uint8_t)(rows[i + 1] +
                               nearest(i < 3 ? 0 : row[i - 3], before[i],
                                       i < 3 ? 0 : before[i - 3]));
        if (memcmp(row, canvas->pixels + y * ROW, ROW) != 0)
            return false;
        memcpy(before, row, ROW);
    }
    return true;
}

TEST(a_picture_comes_back_from_its_file)
{
    static const uint8_t rest[] = {8, 2, 0, 0, 0};
    CLEANUP(canvas_release) struct canvas canvas = {0};
    CLEANUP(buf_release) struct buf file = {0};
    CLEANUP(free_bytes)
    uint8_t *rows = mem_new_array(uint8_t, (ROW + 1) * HEIGHT);
    struct slice bytes = {0};
    uint32_t width = 0;
    uint32_t height = 0;
    CHECK(rows != NULL);
    CHECK_OK(draw(&canvas));
    CHECK_OK(png_put(&file, &canvas));
    struct cursor cursor = cursor_over(file.data, file.size);
    CHECK_OK(cursor_slice(&cursor, 8, &bytes));
    CHECK(memcmp(bytes.data, "\x89PNG\r\n\x1a\n", 8) == 0);
    CHECK_OK(take_chunk(&cursor, "IHDR", &bytes));
    struct cursor header = cursor_over(bytes.data, bytes.size);
    CHECK_OK(cursor_be32(&header, &width));
    CHECK_OK(cursor_be32(&header, &height));
    CHECK(width == WIDTH && height == HEIGHT);
    CHECK(bytes.size == 13 && memcmp(bytes.data + 8, rest, 5) == 0);
    CHECK_OK(take_chunk(&cursor, "IDAT", &bytes));
    CHECK_OK(inflate_rows(bytes, rows, (ROW + 1) * HEIGHT));
    CHECK(rows_are(rows, &canvas));
    CHECK_OK(take_chunk(&cursor, "IEND", &bytes));
    CHECK(bytes.size == 0 && cursor_left(&cursor) == 0);
}

TEST(every_failed_allocation_is_an_error)
{
    CLEANUP(canvas_release) struct canvas canvas = {0};
    CHECK_OK(draw(&canvas));
    size_t before = mem_fault_live();
    for (unsigned nth = 1;; nth++) {
        CLEANUP(buf_release) struct buf file = {0};
        mem_fault_arm(nth);
        dits_error *err = png_put(&file, &canvas);
        bool reached = mem_fault_disarm();
        buf_release(&file);
        CHECK(mem_fault_live() == before || err == NULL);
        if (!reached) {
            CHECK_OK(err);
            CHECK(nth > 5);
            break;
        }
        CHECK_FAILS(DITS_E_NOMEM, err);
    }
}
