#include "repo/media_private.h"
#include "repo/picture_private.h"

#include "base/mem.h"
#include "repo/media_time.h"

struct dits_waveform {
    struct dits_waveform_info info;
    struct reply_sound sound;
};

static const struct colour background = {24, 26, 30};
static const struct colour middle = {70, 76, 88};
static const struct colour peaks = {74, 134, 196};
static const struct colour loudness = {150, 200, 245};

/* Rows between the channels. */
enum { LANE_GAP = 2 };

static void waveform_freep(dits_waveform **waveform)
{
    dits_waveform_free(*waveform);
}

void dits_waveform_free(dits_waveform *waveform)
{
    if (waveform == NULL)
        return;
    buf_release(&waveform->sound.levels);
    mem_free(waveform);
}

dits_error *dits_waveform_measure(dits_media *media,
                                  const struct dits_decode_options *options,
                                  uint32_t levels, dits_waveform **out)
{
    CLEANUP(reply_release) struct reply reply = {0};
    struct message_request request = {.level_count = levels};
    TRY(picture_prepare(media, options, DITS_MEDIA_AUDIO, &request));
    TRY(reply_init(&reply, &request));
    TRY(picture_decode(media, options, &request, &reply));
    CLEANUP(waveform_freep) dits_waveform *waveform = mem_new(dits_waveform);
    if (waveform == NULL)
        return error_nomem();
    const struct message_sound *shape = &reply.sound.shape;
    waveform->info = (struct dits_waveform_info){
        .channels = shape->channels,
        .sample_rate = shape->sample_rate,
        .level_count = shape->level_count,
        .sample_count = shape->samples,
        .duration = media_rational((int64_t)shape->samples, shape->sample_rate),
    };
    waveform->sound = MOVE(reply.sound);
    *out = MOVE(waveform);
    return NULL;
}

const struct dits_waveform_info *dits_waveform_get_info(
    const dits_waveform *waveform)
{
    return &waveform->info;
}

void dits_waveform_level_at(const dits_waveform *waveform, uint32_t channel,
                            uint32_t index, struct dits_level *out)
{
    const struct reply_sound *sound = &waveform->sound;
    *out = (struct dits_level){
        .least = reply_level(sound, channel, index, REPLY_LEAST),
        .most = reply_level(sound, channel, index, REPLY_MOST),
        .rms = reply_level(sound, channel, index, REPLY_RMS),
    };
}

/* The row of a level; what is louder than full scale is cut. */
static uint32_t row_of(struct rect lane, double level)
{
    double part = (1 - level) / 2;
    if (part < 0)
        part = 0;
    if (part > 1)
        part = 1;
    return lane.y + (uint32_t)(part * (lane.height - 1) + 0.5);
}

static void draw_column(struct canvas *canvas, struct rect lane, uint32_t x,
                        struct dits_level level)
{
    uint32_t top = row_of(lane, level.most);
    uint32_t bottom = row_of(lane, level.least);
    double high = level.rms < level.most ? level.rms : level.most;
    double low = -level.rms > level.least ? -level.rms : level.least;
    if (bottom >= top)
        canvas_fill(canvas, (struct rect){x, top, 1, bottom - top + 1}, peaks);
    if (high >= low && level.rms > 0)
        canvas_fill(canvas,
                    (struct rect){x, row_of(lane, high), 1,
                                  row_of(lane, low) - row_of(lane, high) + 1},
                    loudness);
}

static void draw_lane(const dits_waveform *waveform, uint32_t channel,
                      struct rect lane, struct canvas *canvas)
{
    canvas_fill(canvas, (struct rect){0, row_of(lane, 0), canvas->width, 1},
                middle);
    for (uint32_t x = 0; x < canvas->width; x++) {
        struct dits_level level = {0};
        uint64_t index = (uint64_t)x * waveform->info.level_count /
                         canvas->width;
        dits_waveform_level_at(waveform, channel, (uint32_t)index, &level);
        draw_column(canvas, lane, x, level);
    }
}

dits_error *dits_waveform_draw(const dits_waveform *waveform, uint32_t width,
                               uint32_t height, dits_picture **out)
{
    CLEANUP(canvas_release) struct canvas canvas = {0};
    uint32_t channels = waveform->info.channels;
    if (width == 0 || width > REQUEST_SIDE_MAX || height > REQUEST_SIDE_MAX ||
        height < channels * (LANE_GAP + 1) ||
        (uint64_t)width * height > REQUEST_PIXELS_MAX)
        return error_new(DITS_E_INVALID,
                         "a picture of %ux%u has no room for the sound",
                         (unsigned)width, (unsigned)height);
    TRY(canvas_init(&canvas, width, height, background));
    uint32_t step = height / channels;
    for (uint32_t channel = 0; channel < channels; channel++) {
        struct rect lane = {0, channel * step, width, step - LANE_GAP};
        draw_lane(waveform, channel, lane, &canvas);
    }
    return picture_new(&canvas, (struct dits_rational){0, 0}, out);
}
