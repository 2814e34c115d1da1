/*
 * screen/image.h - pictures as terminals take them
 *
 * Three ways, each a text of escape sequences that draws a picture at the
 * cursor: kitty's graphics, sixel graphics, and characters of which the upper
 * half has one colour and the lower half another.
 */
#ifndef SCREEN_IMAGE_H
#define SCREEN_IMAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

/* Red, green, blue; rows without padding. Sides are at least 1. */
struct image {
    uint32_t width;
    uint32_t height;
    const uint8_t *pixels;
};

/* The largest size of the same shape that fits into `room`, at least 1. */
struct image_size {
    uint32_t width;
    uint32_t height;
};
struct image_size image_fit(struct image_size picture, struct image_size room);

/* Pixels of another size go to `*out`: each is the mean of what it covers. */
MUST_USE dits_error *image_scale(const struct image *image,
                                 struct image_size size, struct buf *out);

/* As many columns and rows of the terminal as it is to take. */
MUST_USE dits_error *image_put_kitty(const struct image *image,
                                     struct image_size cells, struct buf *out);

/* Takes all such pictures off the screen. */
MUST_USE dits_error *image_clear_kitty(struct buf *out);

/* In 216 colours, those between carried on to the pixels beside. */
MUST_USE dits_error *image_put_sixel(const struct image *image,
                                     struct buf *out);

/*
 * Two rows of pixels are one of characters. `row` and `column` are those of the
 * corner, from 1. Without `is_true_color` in the 240 fixed colours of 256.
 */
struct image_place {
    uint32_t row;
    uint32_t column;
};
MUST_USE dits_error *image_put_blocks(const struct image *image,
                                      struct image_place place,
                                      bool is_true_color, struct buf *out);

#endif
