#include "repo/picture_private.h"

#include <string.h>

#include "base/mem.h"
#include "picture/png.h"
#include "repo/media_private.h"
#include "repo/media_time.h"
#include "repo/picture_clock.h"

/* Of a picture by itself, and of one of many, where nobody says. */
enum { SIDE_MAX = 8192, CELL_WIDTH = 320, CELL_HEIGHT = 180 };

/* Between the pictures of a sheet, and around them. */
enum { GAP = 4 };

static const struct colour sheet_colour = {32, 32, 32};

dits_error *picture_new(struct canvas *canvas, struct dits_rational time,
                        dits_picture **out)
{
    dits_picture *picture = mem_new(dits_picture);
    if (picture == NULL)
        return error_nomem();
    picture->canvas = MOVE(*canvas);
    picture->info = (struct dits_picture_info){
        .width = picture->canvas.width,
        .height = picture->canvas.height,
        .time = time,
        .pixels = picture->canvas.pixels,
    };
    *out = picture;
    return NULL;
}

void dits_picture_free(dits_picture *picture)
{
    if (picture == NULL)
        return;
    canvas_release(&picture->canvas);
    buf_release(&picture->png);
    mem_free(picture);
}

const struct dits_picture_info *dits_picture_get_info(
    const dits_picture *picture)
{
    return &picture->info;
}

dits_error *dits_picture_png(dits_picture *picture, const void **out,
                             size_t *out_size)
{
    if (picture->png.size == 0) {
        CLEANUP(buf_release) struct buf png = {0};
        TRY(png_put(&png, &picture->canvas));
        picture->png = MOVE(png);
    }
    *out = picture->png.data;
    *out_size = picture->png.size;
    return NULL;
}

static void set_size(struct message_request *request,
                     const struct dits_decode_options *options, uint32_t width,
                     uint32_t height)
{
    bool is_given = options != NULL && options->width > 0 &&
                    options->height > 0;
    request->width = is_given ? options->width : width;
    request->height = is_given ? options->height : height;
}

/* In the picture's place nothing of the reply is left. */
static struct canvas take_canvas(struct reply_picture *picture)
{
    return (struct canvas){picture->width, picture->height,
                           MOVE(picture->pixels)};
}

static struct dits_rational time_of(const struct reply_picture *picture)
{
    return media_rational(picture->time.num, picture->time.den);
}

/* Past the end there is nothing, though the last picture is still there. */
static dits_error *check_time(const dits_media *media,
                              struct dits_rational time)
{
    struct dits_rational end = media->info.duration;
    char text[PICTURE_CLOCK_ROOM] = {0};
    if (time.den == 0 || time.num < 0)
        return error_new(DITS_E_INVALID, "there is no such time");
    if (end.den == 0 || end.num == 0 || !media_is_before(end, time))
        return NULL;
    struct picture_clock clock = picture_clock_of(media);
    picture_clock_text(&clock, end, text);
    return error_new(DITS_E_NOT_FOUND, "it ends before that, at %s", text);
}

dits_error *dits_picture_at(dits_media *media,
                            const struct dits_decode_options *options,
                            struct dits_rational time, dits_picture **out)
{
    CLEANUP(reply_release) struct reply reply = {0};
    CLEANUP(canvas_release) struct canvas canvas = {0};
    struct message_request request = {.time_count = 1};
    TRY(check_time(media, time));
    TRY(picture_prepare(media, options, DITS_MEDIA_VIDEO, &request));
    request.times[0] = (struct message_time){time.num, time.den};
    set_size(&request, options, SIDE_MAX, SIDE_MAX);
    TRY(reply_init(&reply, &request));
    TRY(picture_decode(media, options, &request, &reply));
    if (reply.pictures[0].width == 0)
        return error_new(DITS_E_NOT_FOUND,
                         "no picture can be decoded at that time");
    canvas = take_canvas(&reply.pictures[0]);
    return picture_new(&canvas, time_of(&reply.pictures[0]), out);
}

/* The track that a sheet is made of: chosen, or the first of its kind. */
static const struct dits_media_track *sheet_track(
    const dits_media *media, const struct dits_decode_options *options)
{
    if (options != NULL && options->track > 0)
        return &media->tracks[options->track - 1];
    for (size_t i = 0; i < media->info.track_count; i++)
        if (media->tracks[i].kind == DITS_MEDIA_VIDEO)
            return &media->tracks[i];
    return NULL;
}

/* In the middle of as many equal parts, so that neither end is black. */
static dits_error *set_times(const dits_media *media,
                             const struct dits_media_track *track,
                             struct message_request *request)
{
    struct dits_rational whole = media->info.duration;
    if (track != NULL && track->duration.den != 0)
        whole = track->duration;
    if (whole.den == 0 || whole.num < 0 || whole.num > INT64_MAX / 1024 ||
        whole.den > INT64_MAX / 1024)
        return error_new(DITS_E_UNSUPPORTED,
                         "it is not known how long it lasts");
    for (uint32_t i = 0; i < request->time_count; i++) {
        struct dits_rational time =
            media_rational(whole.num * (2 * (int64_t)i + 1),
                           whole.den * 2 * (int64_t)request->time_count);
        request->times[i] = (struct message_time){time.num, time.den};
    }
    return NULL;
}

/* All cells are as large as the largest picture. */
static struct rect cell_size(const struct reply *reply)
{
    struct rect cell = {0};
    for (uint32_t i = 0; i < reply->picture_count; i++) {
        if (reply->pictures[i].width > cell.width)
            cell.width = reply->pictures[i].width;
        if (reply->pictures[i].height > cell.height)
            cell.height = reply->pictures[i].height;
    }
    return cell;
}

static void put_cell(struct canvas *sheet, struct rect cell,
                     const struct picture_clock *clock,
                     struct reply_picture *picture)
{
    char text[PICTURE_CLOCK_ROOM] = {0};
    const struct canvas canvas = {picture->width, picture->height,
                                  picture->pixels};
    if (picture->width == 0)
        return;
    canvas_put(sheet, &canvas, cell.x + (cell.width - picture->width) / 2,
               cell.y + (cell.height - picture->height) / 2);
    picture_clock_text(clock, time_of(picture), text);
    if (strlen(text) * CANVAS_TEXT_ADVANCE < cell.width)
        canvas_label(sheet, text, cell.x,
                     cell.y + cell.height - CANVAS_TEXT_HEIGHT - 4);
}

static dits_error *lay_out(const dits_media *media, const struct reply *reply,
                           uint32_t columns, dits_picture **out)
{
    CLEANUP(canvas_release) struct canvas sheet = {0};
    struct picture_clock clock = picture_clock_of(media);
    struct rect cell = cell_size(reply);
    uint32_t rows = reply->picture_count / columns;
    if (cell.width == 0)
        return error_new(DITS_E_NOT_FOUND, "no picture of it can be decoded");
    TRY(canvas_init(&sheet, GAP + columns * (cell.width + GAP),
                    GAP + rows * (cell.height + GAP), sheet_colour));
    for (uint32_t i = 0; i < reply->picture_count; i++) {
        cell.x = GAP + i % columns * (cell.width + GAP);
        cell.y = GAP + i / columns * (cell.height + GAP);
        put_cell(&sheet, cell, &clock, &reply->pictures[i]);
    }
    return picture_new(&sheet, (struct dits_rational){0, 0}, out);
}

dits_error *dits_picture_sheet(dits_media *media,
                               const struct dits_decode_options *options,
                               uint32_t columns, uint32_t rows,
                               dits_picture **out)
{
    CLEANUP(reply_release) struct reply reply = {0};
    struct message_request request = {0};
    if (columns == 0 || rows == 0 ||
        (uint64_t)columns * rows > REQUEST_TIMES_MAX)
        return error_new(DITS_E_INVALID, "a contact sheet has 1 to %d pictures",
                         REQUEST_TIMES_MAX);
    request.time_count = columns * rows;
    TRY(picture_prepare(media, options, DITS_MEDIA_VIDEO, &request));
    TRY(set_times(media, sheet_track(media, options), &request));
    set_size(&request, options, CELL_WIDTH, CELL_HEIGHT);
    TRY(reply_init(&reply, &request));
    TRY(picture_decode(media, options, &request, &reply));
    return lay_out(media, &reply, columns, out);
}
