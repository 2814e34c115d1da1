#include "picture/canvas.h"

#include <string.h>

#include "base/mem.h"

static uint8_t *pixel_at(const struct canvas *canvas, uint32_t x, uint32_t y)
{
    return canvas->pixels + ((size_t)y * canvas->width + x) * 3;
}

static void set(uint8_t *pixel, struct colour colour)
{
    pixel[0] = colour.red;
    pixel[1] = colour.green;
    pixel[2] = colour.blue;
}

dits_error *canvas_init(struct canvas *canvas, uint32_t width, uint32_t height,
                        struct colour colour)
{
    uint8_t *pixels = mem_new_array(uint8_t, (size_t)width * height * 3);
    if (pixels == NULL)
        return error_nomem();
    *canvas = (struct canvas){width, height, pixels};
    canvas_fill(canvas, (struct rect){0, 0, width, height}, colour);
    return NULL;
}

void canvas_release(struct canvas *canvas)
{
    mem_free(canvas->pixels);
    *canvas = (struct canvas){0};
}

/* How much of `size` there is room for from `at` on. */
static uint32_t room(uint32_t at, uint32_t size, uint32_t limit)
{
    if (at >= limit)
        return 0;
    return size < limit - at ? size : limit - at;
}

void canvas_fill(struct canvas *canvas, struct rect where, struct colour colour)
{
    uint32_t width = room(where.x, where.width, canvas->width);
    uint32_t height = room(where.y, where.height, canvas->height);
    for (uint32_t y = 0; y < height; y++)
        for (uint32_t x = 0; x < width; x++)
            set(pixel_at(canvas, where.x + x, where.y + y), colour);
}

void canvas_put(struct canvas *canvas, const struct canvas *picture, uint32_t x,
                uint32_t y)
{
    uint32_t width = room(x, picture->width, canvas->width);
    uint32_t height = room(y, picture->height, canvas->height);
    for (uint32_t row = 0; row < height && width > 0; row++)
        memcpy(pixel_at(canvas, x, y + row), pixel_at(picture, 0, row),
               (size_t)width * 3);
}

/* Five columns each, the top row first, the leftmost in the highest bit. */
static const struct glyph {
    char character;
    uint8_t rows[CANVAS_TEXT_HEIGHT];
} glyphs[] = {
    {'0', {0x0e, 0x11, 0x11, 0x11, 0x11, 0x11, 0x0e}},
    {'1', {0x04, 0x0c, 0x04, 0x04, 0x04, 0x04, 0x0e}},
    {'2', {0x0e, 0x11, 0x01, 0x06, 0x08, 0x10, 0x1f}},
    {'3', {0x0e, 0x11, 0x01, 0x06, 0x01, 0x11, 0x0e}},
    {'4', {0x02, 0x06, 0x0a, 0x12, 0x1f, 0x02, 0x02}},
    {'5', {0x1f, 0x10, 0x1e, 0x01, 0x01, 0x11, 0x0e}},
    {'6', {0x06, 0x08, 0x10, 0x1e, 0x11, 0x11, 0x0e}},
    {'7', {0x1f, 0x01, 0x02, 0x04, 0x04, 0x08, 0x08}},
    {'8', {0x0e, 0x11, 0x11, 0x0e, 0x11, 0x11, 0x0e}},
    {'9', {0x0e, 0x11, 0x11, 0x0f, 0x01, 0x02, 0x0c}},
    {':', {0x00, 0x04, 0x04, 0x00, 0x04, 0x04, 0x00}},
    {';', {0x00, 0x04, 0x04, 0x00, 0x04, 0x04, 0x08}},
    {'.', {0x00, 0x00, 0x00, 0x00, 0x00, 0x06, 0x06}},
};

static void put_glyph(struct canvas *canvas, const struct glyph *glyph,
                      uint32_t x, uint32_t y)
{
    const struct colour white = {255, 255, 255};
    for (uint32_t row = 0; row < CANVAS_TEXT_HEIGHT; row++)
        for (uint32_t column = 0; column < 5; column++)
            if (glyph->rows[row] >> (4 - column) & 1)
                canvas_fill(canvas, (struct rect){x + column, y + row, 1, 1},
                            white);
}

void canvas_label(struct canvas *canvas, const char *text, uint32_t x,
                  uint32_t y)
{
    uint32_t width = (uint32_t)strlen(text) * CANVAS_TEXT_ADVANCE;
    canvas_fill(canvas, (struct rect){x, y, width + 3, CANVAS_TEXT_HEIGHT + 4},
                (struct colour){16, 16, 16});
    for (uint32_t at = x + 2; *text != '\0'; text++, at += CANVAS_TEXT_ADVANCE)
        for (size_t i = 0; i < sizeof(glyphs) / sizeof(glyphs[0]); i++)
            if (glyphs[i].character == *text)
                put_glyph(canvas, &glyphs[i], at, y + 2);
}
