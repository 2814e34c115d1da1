/*
 * cli/ui/graphics.h - how the terminal shows pictures
 *
 * It is asked when the screen is opened, and nobody waits: until an answer
 * comes, or for ever where none comes, pictures are drawn with characters.
 */
#ifndef CLI_UI_GRAPHICS_H
#define CLI_UI_GRAPHICS_H

#include "base/buf.h"
#include "screen/image.h"
#include "screen/input.h"
#include "screen/tty.h"

enum graphics_way {
    GRAPHICS_NONE, /* no colours to draw with */
    GRAPHICS_FIXED_BLOCKS,
    GRAPHICS_TRUE_BLOCKS,
    GRAPHICS_SIXEL,
    GRAPHICS_KITTY,
};

struct graphics {
    enum graphics_way way;
    bool is_asked;
    bool is_answered;
    uint32_t cell_width; /* pixels; 0: not known */
    uint32_t cell_height;
};

/* What to send to the terminal to ask it. */
extern const char graphics_questions[];

/* Take an answer. Whether pictures are to be drawn anew. */
bool graphics_take(struct graphics *graphics, const struct input_event *event);

/* The place of a picture: characters, from 0. */
struct graphics_area {
    uint32_t row;
    uint32_t column;
    uint32_t rows;
    uint32_t columns;
};

/* What part of `room` a picture takes, at its left. */
struct graphics_area graphics_place(const struct graphics *graphics,
                                    struct tty_size size,
                                    struct image_size picture,
                                    struct graphics_area room);

/* What draws it there. */
MUST_USE dits_error *graphics_put(const struct graphics *graphics,
                                  struct tty_size size,
                                  const struct image *image,
                                  struct graphics_area area, struct buf *out);

#endif
