#include "decode/render.h"

#include <libavutil/avstring.h>
#include <libavutil/display.h>
#include <libavutil/pixdesc.h>
#include <libswscale/swscale.h>
#include <string.h>

/* Rows of libswscale begin where its fastest code likes it. */
enum { ROW_ALIGN = 64, PIXEL = 3 };

/* Pixels of any wilder shape are taken for square ones. */
enum { WILDEST_ASPECT = 32 };

/* How what was stored becomes upright: which axis runs where. */
struct orientation {
    bool is_transposed;
    bool mirrors_x; /* of what is shown */
    bool mirrors_y;
};

struct scaled {
    uint8_t *pixels;
    int stride;
    uint32_t width;
    uint32_t height;
};

static void scaled_release(struct scaled *scaled)
{
    av_freep(&scaled->pixels);
}

static void context_free(struct SwsContext **context)
{
    sws_freeContext(*context);
}

/* The stream's matrix comes first, then what the picture itself says. */
static const int32_t *find_matrix(const struct clip *clip, const AVFrame *frame)
{
    size_t size = 0;
    const uint8_t *data =
        av_stream_get_side_data(clip->stream, AV_PKT_DATA_DISPLAYMATRIX, &size);
    if (data != NULL && size >= 9 * sizeof(int32_t))
        return (const int32_t *)(const void *)data;
    const AVFrameSideData *side =
        av_frame_get_side_data(frame, AV_FRAME_DATA_DISPLAYMATRIX);
    return side != NULL && side->size >= 9 * sizeof(int32_t)
               ? (const int32_t *)(const void *)side->data
               : NULL;
}

static int64_t magnitude(int32_t value)
{
    return value < 0 ? -(int64_t)value : value;
}

/*
 * A stored point (x, y) is shown at (a x + c y, b x + d y). What is not a
 * multiple of a right angle is taken for the nearest one.
 */
static struct orientation orientation_of(const int32_t *matrix)
{
    if (matrix == NULL)
        return (struct orientation){0};
    int32_t a = matrix[0];
    int32_t b = matrix[1];
    int32_t c = matrix[3];
    int32_t d = matrix[4];
    if (magnitude(b) + magnitude(c) > magnitude(a) + magnitude(d))
        return (struct orientation){true, c < 0, b < 0};
    return (struct orientation){false, a < 0, d < 0};
}

static AVRational aspect_of(const struct clip *clip, const AVFrame *frame)
{
    AVRational aspect = frame->sample_aspect_ratio;
    if (aspect.num <= 0 || aspect.den <= 0)
        aspect = clip->stream->sample_aspect_ratio;
    bool is_sane = aspect.num > 0 && aspect.den > 0 &&
                   aspect.num / aspect.den <= WILDEST_ASPECT &&
                   aspect.den / aspect.num <= WILDEST_ASPECT;
    return is_sane ? aspect : (AVRational){1, 1};
}

static uint32_t at_least_one(double value)
{
    return value < 1 ? 1 : (uint32_t)(value + 0.5);
}

/* How large it is shown, before it is turned upright. */
static struct render_box fit(const struct clip *clip, const AVFrame *frame,
                             struct render_box box, bool is_transposed)
{
    double width = frame->width * av_q2d(aspect_of(clip, frame));
    double height = frame->height;
    double most_x = is_transposed ? box.height : box.width;
    double most_y = is_transposed ? box.width : box.height;
    double scale = 1;
    if (width * scale > most_x)
        scale = most_x / width;
    if (height * scale > most_y)
        scale = most_y / height;
    return (struct render_box){at_least_one(width * scale),
                               at_least_one(height * scale)};
}

/* Where the file does not say: by its size, as players do. */
static const int *matrix_of(const AVFrame *frame)
{
    int space = (int)frame->colorspace;
    if (frame->colorspace == AVCOL_SPC_BT2020_CL)
        space = SWS_CS_BT2020;
    if (frame->colorspace == AVCOL_SPC_UNSPECIFIED)
        space = frame->height >= 720 ? SWS_CS_ITU709 : SWS_CS_ITU601;
    return sws_getCoefficients(space);
}

static dits_error *make_context(const AVFrame *frame, struct render_box size,
                                struct SwsContext **out)
{
    *out = sws_getContext(
        frame->width, frame->height, (enum AVPixelFormat)frame->format,
        (int)size.width, (int)size.height, AV_PIX_FMT_RGB24,
        SWS_BICUBIC | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT, NULL, NULL, NULL);
    if (*out == NULL)
        return error_new(DITS_E_UNSUPPORTED,
                         "the decoder cannot show this kind of pixels");
    int is_full = frame->color_range == AVCOL_RANGE_JPEG;
    const char *name = av_get_pix_fmt_name((enum AVPixelFormat)frame->format);
    if (name != NULL && av_strstart(name, "yuvj", NULL))
        is_full = 1;
    /* What is RGB already has no such details, and says so. */
    (void)sws_setColorspaceDetails(*out, matrix_of(frame), is_full,
                                   sws_getCoefficients(SWS_CS_DEFAULT), 1, 0,
                                   1 << 16, 1 << 16);
    return NULL;
}

static dits_error *scale(const AVFrame *frame, struct render_box size,
                         struct scaled *out)
{
    CLEANUP(context_free) struct SwsContext *context = NULL;
    TRY(make_context(frame, size, &context));
    int stride = ((int)size.width * PIXEL / ROW_ALIGN + 1) * ROW_ALIGN;
    /* It may write past a row's end, into the next one. */
    uint8_t *pixels =
        av_mallocz((size_t)stride * size.height + (size_t)ROW_ALIGN * 2);
    if (pixels == NULL)
        return error_nomem();
    *out = (struct scaled){pixels, stride, size.width, size.height};
    uint8_t *const planes[4] = {pixels, NULL, NULL, NULL};
    const int strides[4] = {stride, 0, 0, 0};
    int rows = sws_scale(context, (const uint8_t *const *)frame->data,
                         frame->linesize, 0, frame->height, planes, strides);
    return rows < 0 ? clip_error(rows, "cannot scale the picture") : NULL;
}

/* The stored pixel that is shown at x, y. */
static const uint8_t *shown_at(const struct scaled *scaled,
                               struct orientation turn, uint32_t x, uint32_t y)
{
    uint32_t along = turn.is_transposed ? y : x;
    uint32_t across = turn.is_transposed ? x : y;
    bool mirrors_along = turn.is_transposed ? turn.mirrors_y : turn.mirrors_x;
    bool mirrors_across = turn.is_transposed ? turn.mirrors_x : turn.mirrors_y;
    if (mirrors_along)
        along = scaled->width - 1 - along;
    if (mirrors_across)
        across = scaled->height - 1 - across;
    return scaled->pixels + (size_t)across * (size_t)scaled->stride +
           (size_t)along * PIXEL;
}

static dits_error *put_upright(const struct scaled *scaled,
                               struct orientation turn, struct buf *out,
                               struct render_box *out_size)
{
    uint32_t width = turn.is_transposed ? scaled->height : scaled->width;
    uint32_t height = turn.is_transposed ? scaled->width : scaled->height;
    void *room = NULL;
    TRY(buf_extend(out, (size_t)width * height * PIXEL, &room));
    uint8_t *at = room;
    for (uint32_t y = 0; y < height; y++)
        for (uint32_t x = 0; x < width; x++, at += PIXEL)
            memcpy(at, shown_at(scaled, turn, x, y), PIXEL);
    *out_size = (struct render_box){width, height};
    return NULL;
}

dits_error *render_frame(const struct clip *clip, const AVFrame *frame,
                         struct render_box box, struct buf *out,
                         struct render_box *out_size)
{
    CLEANUP(scaled_release) struct scaled scaled = {0};
    struct orientation turn = orientation_of(find_matrix(clip, frame));
    if (frame->width <= 0 || frame->height <= 0)
        return error_new(DITS_E_CORRUPT, "the picture has no size");
    TRY(scale(frame, fit(clip, frame, box, turn.is_transposed), &scaled));
    return put_upright(&scaled, turn, out, out_size);
}
