#include "cli/ui/graphics.h"

/* As most terminals have them, where one does not say. */
enum { CELL_WIDTH = 10, CELL_HEIGHT = 20, CELL_MAX = 200 };

/* A picture of one pixel, only asked about; the size of a character; what the
 * terminal can. The last one is answered by all. */
const char graphics_questions[] =
    "\033_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\033\\\033[16t\033[c";

bool graphics_take(struct graphics *graphics, const struct input_event *event)
{
    enum graphics_way before = graphics->way;
    bool has_room = event->width > 0 && event->width <= CELL_MAX &&
                    event->height > 0 && event->height <= CELL_MAX;
    if (event->kind == INPUT_ATTRIBUTES)
        graphics->is_answered = true;
    if (event->kind == INPUT_CELL_SIZE && has_room) {
        graphics->cell_width = event->width;
        graphics->cell_height = event->height;
        return true;
    }
    if (graphics->way == GRAPHICS_NONE)
        return false;
    if (event->kind == INPUT_GRAPHICS && event->is_ok)
        graphics->way = GRAPHICS_KITTY;
    else if (event->kind == INPUT_ATTRIBUTES && event->has_sixel &&
             graphics->way != GRAPHICS_KITTY)
        graphics->way = GRAPHICS_SIXEL;
    return graphics->way != before;
}

/* Pixels of one character; with blocks each is one pixel by two. */
static struct image_size cell(const struct graphics *graphics,
                              struct tty_size size)
{
    if (graphics->cell_width > 0)
        return (struct image_size){graphics->cell_width, graphics->cell_height};
    struct image_size told = {size.width / size.columns,
                              size.height / size.rows};
    bool is_sound = told.width > 0 && told.width <= CELL_MAX &&
                    told.height > 0 && told.height <= CELL_MAX;
    return is_sound ? told : (struct image_size){CELL_WIDTH, CELL_HEIGHT};
}

struct graphics_area graphics_place(const struct graphics *graphics,
                                    struct tty_size size,
                                    struct image_size picture,
                                    struct graphics_area room)
{
    struct image_size pixels = cell(graphics, size);
    struct image_size fit =
        image_fit(picture, (struct image_size){room.columns * pixels.width,
                                               room.rows * pixels.height});
    struct graphics_area area = room;
    area.columns = (fit.width + pixels.width / 2) / pixels.width;
    area.rows = (fit.height + pixels.height / 2) / pixels.height;
    if (area.columns == 0)
        area.columns = 1;
    if (area.rows == 0)
        area.rows = 1;
    return area;
}

static dits_error *put_scaled(const struct graphics *graphics,
                              const struct image *image,
                              struct graphics_area area, struct buf *out)
{
    struct image_size cells = {area.columns, area.rows};
    struct image_place place = {area.row + 1, area.column + 1};
    if (graphics->way == GRAPHICS_KITTY)
        return image_put_kitty(image, cells, out);
    if (graphics->way == GRAPHICS_SIXEL)
        return image_put_sixel(image, out);
    return image_put_blocks(image, place, graphics->way == GRAPHICS_TRUE_BLOCKS,
                            out);
}

dits_error *graphics_put(const struct graphics *graphics, struct tty_size size,
                         const struct image *image, struct graphics_area area,
                         struct buf *out)
{
    CLEANUP(buf_release) struct buf pixels = {0};
    struct image_size one = cell(graphics, size);
    bool is_blocks = graphics->way < GRAPHICS_SIXEL;
    struct image_size wanted = {area.columns, area.rows * 2};
    if (!is_blocks)
        wanted = (struct image_size){area.columns * one.width,
                                     area.rows * one.height};
    TRY(image_scale(image, wanted, &pixels));
    const struct image scaled = {wanted.width, wanted.height, pixels.data};
    TRY(buf_printf(out, "\0337\033[%u;%uH", area.row + 1, area.column + 1));
    TRY(put_scaled(graphics, &scaled, area, out));
    return buf_put_text(out, "\0338");
}
