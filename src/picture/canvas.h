/*
 * picture/canvas.h - a picture in memory, to draw on
 */
#ifndef PICTURE_CANVAS_H
#define PICTURE_CANVAS_H

#include <stdint.h>

#include "base/error.h"

/* Rows of pixels without padding: red, green, blue. */
struct canvas {
    uint32_t width;
    uint32_t height;
    uint8_t *pixels;
};

struct colour {
    uint8_t red;
    uint8_t green;
    uint8_t blue;
};

struct rect {
    uint32_t x;
    uint32_t y;
    uint32_t width;
    uint32_t height;
};

/* Errors: NOMEM. Sides are at least 1. */
MUST_USE dits_error *canvas_init(struct canvas *canvas, uint32_t width,
                                 uint32_t height, struct colour colour);
void canvas_release(struct canvas *canvas);

/* What lies outside of the canvas is left out, in all that follows. */
void canvas_fill(struct canvas *canvas, struct rect where,
                 struct colour colour);

/* Put all of `picture` with its corner at x, y. */
void canvas_put(struct canvas *canvas, const struct canvas *picture, uint32_t x,
                uint32_t y);

enum { CANVAS_TEXT_HEIGHT = 7, CANVAS_TEXT_ADVANCE = 6 };

/*
 * Digits and what stands between them in a timecode, in white on a dark box,
 * with its corner at x, y. Other characters are left blank.
 */
void canvas_label(struct canvas *canvas, const char *text, uint32_t x,
                  uint32_t y);

#endif
