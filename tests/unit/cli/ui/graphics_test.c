#include "cli/ui/graphics.h"

#include <string.h>

#include "support/test.h"

static const struct tty_size told = {
    .columns = 80, .rows = 24, .width = 800, .height = 480};

TEST(the_best_way_that_is_answered_is_taken)
{
    const struct input_event kitty = {.kind = INPUT_GRAPHICS, .is_ok = true};
    const struct input_event no_kitty = {.kind = INPUT_GRAPHICS};
    const struct input_event sixel = {.kind = INPUT_ATTRIBUTES,
                                      .has_sixel = true};
    struct graphics graphics = {.way = GRAPHICS_TRUE_BLOCKS};
    CHECK(!graphics_take(&graphics, &no_kitty));
    CHECK(graphics_take(&graphics, &sixel));
    CHECK(graphics.way == GRAPHICS_SIXEL && graphics.is_answered);
    CHECK(graphics_take(&graphics, &kitty));
    CHECK(graphics.way == GRAPHICS_KITTY);
    CHECK(!graphics_take(&graphics, &sixel));
    CHECK(graphics.way == GRAPHICS_KITTY);
}

TEST(without_colours_there_are_no_pictures)
{
    const struct input_event kitty = {.kind = INPUT_GRAPHICS, .is_ok = true};
    struct graphics graphics = {.way = GRAPHICS_NONE};
    CHECK(!graphics_take(&graphics, &kitty));
    CHECK(graphics.way == GRAPHICS_NONE);
}

TEST(a_picture_fits_its_room_in_characters)
{
    const struct graphics_area room = {
        .row = 2, .column = 4, .rows = 9, .columns = 40};
    const struct image_size wide = {320, 180};
    struct graphics graphics = {.way = GRAPHICS_SIXEL};
    struct graphics_area area = graphics_place(&graphics, told, wide, room);
    /* 10 by 20 pixels: 320 by 180 are 32 by 9 characters. */
    CHECK(area.columns == 32 && area.rows == 9);
    CHECK(area.row == 2 && area.column == 4);
    graphics.cell_width = 20; /* what is answered counts more */
    graphics.cell_height = 20;
    area = graphics_place(&graphics, told, wide, room);
    CHECK(area.columns == 16 && area.rows == 9);
}

TEST(a_wild_answer_is_not_believed)
{
    const struct input_event wild = {
        .kind = INPUT_CELL_SIZE, .width = 100000, .height = 1};
    const struct tty_size silent = {.columns = 80, .rows = 24};
    const struct graphics_area room = {.rows = 9, .columns = 40};
    struct graphics graphics = {.way = GRAPHICS_KITTY};
    CHECK(!graphics_take(&graphics, &wild));
    CHECK(graphics.cell_width == 0);
    struct graphics_area area =
        graphics_place(&graphics, silent, (struct image_size){320, 180}, room);
    CHECK(area.columns == 32 && area.rows == 9);
}

TEST(a_picture_leaves_the_cursor_where_it_was)
{
    const uint8_t pixels[] = {1, 2, 3};
    const struct image image = {1, 1, pixels};
    const struct graphics_area area = {
        .row = 1, .column = 2, .rows = 1, .columns = 1};
    const struct graphics graphics = {.way = GRAPHICS_TRUE_BLOCKS};
    CLEANUP(buf_release) struct buf out = {0};
    CHECK_OK(graphics_put(&graphics, told, &image, area, &out));
    CHECK(strcmp(buf_text(&out),
                 "\0337\033[2;3H\033[2;3H\033[38;2;1;2;3m"
                 "\033[48;2;1;2;3m\xe2\x96\x80\033[m\0338") == 0);
}
