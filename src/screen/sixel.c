/*
 * Sixel graphics: a letter is a column of six pixels in one colour; each six
 * rows are drawn once for each colour in them.
 */
#include <string.h>

#include "base/mem.h"
#include "screen/image.h"

enum { STEPS = 6, COLORS = STEPS * STEPS * STEPS, BAND = 6 };

/* Which colour each pixel has, and what is carried on while they are chosen. */
struct sixel {
    uint32_t width;
    uint32_t height;
    uint8_t *colors; /* of each pixel */
    int *errors;     /* of this row and the next: three for each pixel */
};

static void sixel_release(struct sixel *sixel)
{
    mem_free(sixel->colors);
    mem_free(sixel->errors);
}

/* Floyd and Steinberg: what a pixel lacks goes to those not chosen yet. */
static void carry(struct sixel *sixel, uint32_t x, size_t channel, int lack)
{
    int *here = sixel->errors + (size_t)x * 3 + channel;
    int *below = here + (size_t)sixel->width * 3;
    bool has_right = x + 1 < sixel->width;
    if (has_right)
        here[3] += lack * 7 / 16;
    if (x > 0)
        below[-3] += lack * 3 / 16;
    below[0] += lack * 5 / 16;
    if (has_right)
        below[3] += lack / 16;
}

static uint8_t choose(struct sixel *sixel, const uint8_t *pixel, uint32_t x)
{
    int color = 0;
    for (size_t k = 0; k < 3; k++) {
        int wanted = pixel[k] + sixel->errors[(size_t)x * 3 + k];
        int bounded = wanted < 0 ? 0 : wanted > 255 ? 255 : wanted;
        int step = (bounded * (STEPS - 1) + 127) / 255;
        carry(sixel, x, k, bounded - step * 255 / (STEPS - 1));
        color = color * STEPS + step;
    }
    return (uint8_t)color;
}

static dits_error *choose_colors(const struct image *image, struct sixel *out)
{
    size_t row = (size_t)image->width * 3;
    out->width = image->width;
    out->height = image->height;
    out->colors = mem_new_array(uint8_t, (size_t)image->width * image->height);
    out->errors = mem_new_array(int, row * 2);
    if (out->colors == NULL || out->errors == NULL)
        return error_nomem();
    for (uint32_t y = 0; y < image->height; y++) {
        for (uint32_t x = 0; x < image->width; x++)
            out->colors[(size_t)y * image->width + x] =
                choose(out, image->pixels + y * row + (size_t)x * 3, x);
        memcpy(out->errors, out->errors + row, row * sizeof(int));
        memset(out->errors + row, 0, row * sizeof(int));
    }
    return NULL;
}

/* The palette: parts of a hundred. */
static dits_error *put_palette(struct buf *out)
{
    for (unsigned i = 0; i < COLORS; i++)
        TRY(buf_printf(out, "#%u;2;%u;%u;%u", i, i / 36 * 20, i / 6 % 6 * 20,
                       i % 6 * 20));
    return NULL;
}

static unsigned letter(const struct sixel *sixel, uint32_t x, uint32_t top,
                       unsigned color)
{
    unsigned bits = 0;
    for (uint32_t i = 0; i < BAND && top + i < sixel->height; i++)
        if (sixel->colors[(size_t)(top + i) * sixel->width + x] == color)
            bits |= 1U << i;
    return '?' + bits;
}

static dits_error *put_run(unsigned what, uint32_t count, struct buf *out)
{
    if (count > 3)
        return buf_printf(out, "!%u%c", count, (char)what);
    for (; count > 0; count--)
        TRY(buf_put_u8(out, (uint8_t)what));
    return NULL;
}

static dits_error *put_color_row(const struct sixel *sixel, uint32_t top,
                                 unsigned color, struct buf *out)
{
    unsigned last = 0;
    uint32_t count = 0;
    TRY(buf_printf(out, "#%u", color));
    for (uint32_t x = 0; x < sixel->width; x++) {
        unsigned next = letter(sixel, x, top, color);
        if (next != last)
            TRY(put_run(last, count, out));
        count = next == last ? count + 1 : 1;
        last = next;
    }
    if (last != '?') /* the rest of the row is empty */
        TRY(put_run(last, count, out));
    return buf_put_u8(out, '$'); /* back to its start */
}

static dits_error *put_band(const struct sixel *sixel, uint32_t top,
                            struct buf *out)
{
    bool is_used[COLORS] = {false};
    uint32_t bottom = top + BAND < sixel->height ? top + BAND : sixel->height;
    for (size_t i = (size_t)top * sixel->width;
         i < (size_t)bottom * sixel->width; i++)
        is_used[sixel->colors[i]] = true;
    for (unsigned color = 0; color < COLORS; color++)
        if (is_used[color])
            TRY(put_color_row(sixel, top, color, out));
    return NULL;
}

dits_error *image_put_sixel(const struct image *image, struct buf *out)
{
    CLEANUP(sixel_release) struct sixel sixel = {0};
    TRY(choose_colors(image, &sixel));
    TRY(buf_printf(out, "\033P0;1;0q\"1;1;%u;%u", image->width, image->height));
    TRY(put_palette(out));
    for (uint32_t top = 0; top < image->height; top += BAND) {
        if (top > 0)
            TRY(buf_put_u8(out, '-')); /* the next six rows */
        TRY(put_band(&sixel, top, out));
    }
    return buf_put_text(out, "\033\\");
}
