#include "cli/ui/thumbnails.h"

#include "base/mem.h"
#include "cli/environment.h"

/* No terminal shows more of a thumbnail; below the least there is no point. */
enum { WIDTH = 640, HEIGHT = 480, LEAST_ROWS = 4, GAP = 2 };

void thumbnails_free(struct thumbnails *thumbnails)
{
    if (thumbnails == NULL)
        return;
    for (size_t i = 0; i < thumbnails->count; i++)
        dits_picture_free(thumbnails->items[i].picture);
    mem_free(thumbnails);
}

dits_error *thumbnails_add(const struct cli *cli, dits_media *media,
                           const char *label, struct thumbnails *thumbnails)
{
    const struct dits_decode_options options = {
        .decoder = cli->environment->decoder,
        .width = WIDTH,
        .height = HEIGHT,
    };
    struct thumbnail *item = &thumbnails->items[thumbnails->count];
    struct dits_rational time = {0, 1};
    dits_error *err = dits_media_time_parse(media, "50%", &time);
    dits_error_free(err); /* a still has no middle */
    err = dits_picture_at(media, &options, time, &item->picture);
    if (err != NULL && (dits_error_has(err, DITS_E_CANCELLED) ||
                        dits_error_has(err, DITS_E_NOMEM)))
        return err;
    if (err == NULL) {
        item->label = label;
        thumbnails->count++;
    }
    dits_error_free(err); /* sound, or a codec that is not decoded */
    return NULL;
}

static struct image_size shape_of(const struct thumbnail *item)
{
    const struct dits_picture_info *info = dits_picture_get_info(item->picture);
    return (struct image_size){info->width, info->height};
}

static struct graphics_area room_of(const struct thumbnails *thumbnails,
                                    size_t index, struct graphics_area room)
{
    uint32_t count = (uint32_t)thumbnails->count;
    uint32_t columns = (room.columns - GAP * (count - 1)) / count;
    return (struct graphics_area){
        .row = room.row + 1,
        .column = room.column + (uint32_t)index * (columns + GAP),
        .rows = room.rows > 2 ? room.rows - 2 : 0,
        .columns = columns,
    };
}

struct graphics_area thumbnails_area(const struct thumbnails *thumbnails,
                                     size_t index,
                                     const struct graphics *graphics,
                                     struct tty_size size,
                                     struct graphics_area room)
{
    return graphics_place(graphics, size, shape_of(&thumbnails->items[index]),
                          room_of(thumbnails, index, room));
}

uint32_t thumbnails_rows(const struct thumbnails *thumbnails,
                         const struct graphics *graphics, struct tty_size size,
                         struct graphics_area room)
{
    uint32_t rows = 0;
    if (thumbnails == NULL || graphics->way == GRAPHICS_NONE ||
        room.rows < LEAST_ROWS + 2 || room.columns < 20)
        return 0;
    for (size_t i = 0; i < thumbnails->count; i++) {
        uint32_t own =
            thumbnails_area(thumbnails, i, graphics, size, room).rows;
        rows = own > rows ? own : rows;
    }
    return rows > 0 ? rows + 2 : 0; /* with labels, and a gap below */
}

dits_error *thumbnails_put(const struct thumbnails *thumbnails,
                           const struct graphics *graphics,
                           struct tty_size size, struct graphics_area room,
                           struct buf *out)
{
    for (size_t i = 0; i < thumbnails->count; i++) {
        const struct dits_picture_info *info =
            dits_picture_get_info(thumbnails->items[i].picture);
        const struct image image = {info->width, info->height, info->pixels};
        TRY(graphics_put(graphics, size, &image,
                         thumbnails_area(thumbnails, i, graphics, size, room),
                         out));
    }
    return NULL;
}
