#include "screen/image.h"

#include "base/crypt.h"

struct image_size image_fit(struct image_size picture, struct image_size room)
{
    uint64_t by_width = (uint64_t)room.width * picture.height;
    uint64_t by_height = (uint64_t)room.height * picture.width;
    struct image_size size = room;
    if (by_width <= by_height)
        size.height = (uint32_t)(by_width / picture.width);
    else
        size.width = (uint32_t)(by_height / picture.height);
    if (size.width == 0)
        size.width = 1;
    if (size.height == 0)
        size.height = 1;
    return size;
}

/* What pixel `at` of `count` covers of `total`. */
struct span {
    uint32_t from;
    uint32_t to;
};

static struct span span_of(uint32_t at, uint32_t count, uint32_t total)
{
    struct span span = {
        .from = (uint32_t)((uint64_t)at * total / count),
        .to = (uint32_t)((uint64_t)(at + 1) * total / count),
    };
    if (span.to <= span.from)
        span.to = span.from + 1;
    return span;
}

static void mean(const struct image *image, struct span x, struct span y,
                 uint8_t *out)
{
    uint64_t sums[3] = {0};
    uint64_t count = (uint64_t)(x.to - x.from) * (y.to - y.from);
    for (uint32_t row = y.from; row < y.to; row++) {
        const uint8_t *pixel = image->pixels +
                               ((size_t)row * image->width + x.from) * 3;
        for (uint32_t i = x.from; i < x.to; i++, pixel += 3)
            for (size_t k = 0; k < 3; k++)
                sums[k] += pixel[k];
    }
    for (size_t k = 0; k < 3; k++)
        out[k] = (uint8_t)((sums[k] + count / 2) / count);
}

dits_error *image_scale(const struct image *image, struct image_size size,
                        struct buf *out)
{
    void *room = NULL;
    TRY(buf_extend(out, (size_t)size.width * size.height * 3, &room));
    uint8_t *pixel = room;
    for (uint32_t y = 0; y < size.height; y++)
        for (uint32_t x = 0; x < size.width; x++, pixel += 3)
            mean(image, span_of(x, size.width, image->width),
                 span_of(y, size.height, image->height), pixel);
    return NULL;
}

dits_error *image_put_kitty(const struct image *image, struct image_size cells,
                            struct buf *out)
{
    enum { PART = 4096 }; /* of base64, as its makers ask for */
    CLEANUP(buf_release) struct buf text = {0};
    size_t bytes = (size_t)image->width * image->height * 3;
    TRY(crypt_base64_put(slice_of(image->pixels, bytes), true, &text));
    TRY(buf_printf(out, "\033_Ga=T,f=24,s=%u,v=%u,c=%u,r=%u,C=1,q=2,",
                   image->width, image->height, cells.width, cells.height));
    for (size_t at = 0; at < text.size; at += PART) {
        size_t left = text.size - at;
        size_t size = left < PART ? left : PART;
        TRY(buf_printf(out, "%sm=%d;", at > 0 ? "\033_G" : "", left > PART));
        TRY(buf_put(out, text.data + at, size));
        TRY(buf_put_text(out, "\033\\"));
    }
    return NULL;
}

dits_error *image_clear_kitty(struct buf *out)
{
    return buf_put_text(out, "\033_Ga=d,d=A,q=2\033\\");
}

static unsigned step_of(uint8_t value)
{
    /* The cube's steps are 0, 95, 135, 175, 215 and 255. */
    return value < 48 ? 0 : value < 115 ? 1 : (value - 35U) / 40U;
}

/* The nearest of the cube of 216 colours, or of the 24 greys. */
static unsigned fixed_color(const uint8_t *pixel)
{
    bool is_grey = pixel[0] / 8 == pixel[1] / 8 && pixel[1] / 8 == pixel[2] / 8;
    if (is_grey && pixel[0] >= 4 && pixel[0] < 243)
        return 232 + (pixel[0] - 3U) / 10U;
    return 16 + 36 * step_of(pixel[0]) + 6 * step_of(pixel[1]) +
           step_of(pixel[2]);
}

static dits_error *put_color(unsigned ground, const uint8_t *pixel,
                             bool is_true_color, struct buf *out)
{
    if (is_true_color)
        return buf_printf(out, "\033[%u;2;%u;%u;%um", ground, pixel[0],
                          pixel[1], pixel[2]);
    return buf_printf(out, "\033[%u;5;%um", ground, fixed_color(pixel));
}

dits_error *image_put_blocks(const struct image *image,
                             struct image_place place, bool is_true_color,
                             struct buf *out)
{
    for (uint32_t y = 0; y < image->height; y += 2) {
        const uint8_t *upper = image->pixels + (size_t)y * image->width * 3;
        const uint8_t *lower = upper + (size_t)image->width * 3;
        bool has_lower = y + 1 < image->height;
        TRY(buf_printf(out, "\033[%u;%uH", place.row + y / 2, place.column));
        for (uint32_t x = 0; x < image->width; x++, upper += 3, lower += 3) {
            TRY(put_color(38, upper, is_true_color, out));
            if (has_lower)
                TRY(put_color(48, lower, is_true_color, out));
            TRY(buf_put_text(out, "\xe2\x96\x80")); /* U+2580 */
        }
        TRY(buf_put_text(out, "\033[m"));
    }
    return NULL;
}
