#include "decode/sound.h"

#include <math.h>

#include "base/mem.h"

/*
 * So many bins for a level, while it is not known how long the sound is; more
 * where there are few levels, as a level begins and ends with a bin.
 */
enum { BINS_PER_LEVEL = 8, BINS_MIN = 8192 };

/* Samples of a channel that follow each other. */
struct bin {
    float least;
    float most;
    double energy; /* the sum of the squares */
};

/*
 * Each bin of each channel holds `step` samples. When all are full, each two
 * become one and a step is twice as long: so the memory stays the same, and no
 * length has to be believed.
 */
struct meter {
    uint32_t channels; /* 0: no frame came yet */
    uint32_t sample_rate;
    size_t bin_count; /* for each channel; even */
    uint64_t step;
    uint64_t samples; /* of each channel, so far */
    struct bin *bins; /* all of the first channel, then of the next */
};

static void meter_release(struct meter *meter)
{
    mem_free(meter->bins);
}

static struct bin *bins_of(const struct meter *meter, uint32_t channel)
{
    return meter->bins + (size_t)channel * meter->bin_count;
}

static dits_error *begin(struct meter *meter, const AVFrame *frame)
{
    if (frame->ch_layout.nb_channels > SOUND_CHANNELS_MAX)
        return error_new(DITS_E_LIMIT, "the sound has more than %d channels",
                         SOUND_CHANNELS_MAX);
    meter->channels = (uint32_t)frame->ch_layout.nb_channels;
    meter->sample_rate = (uint32_t)frame->sample_rate;
    meter->bins = mem_new_array(struct bin, meter->channels * meter->bin_count);
    return meter->bins != NULL ? NULL : error_nomem();
}

static struct bin join(struct bin a, struct bin b)
{
    return (struct bin){a.least < b.least ? a.least : b.least,
                        a.most > b.most ? a.most : b.most, a.energy + b.energy};
}

static void halve(struct meter *meter)
{
    size_t half = meter->bin_count / 2;
    for (uint32_t channel = 0; channel < meter->channels; channel++) {
        struct bin *bins = bins_of(meter, channel);
        for (size_t i = 0; i < half; i++)
            bins[i] = join(bins[2 * i], bins[2 * i + 1]);
    }
    meter->step *= 2;
}

/* From -2 to 2, where 1 is full scale. */
static float sample_at(const uint8_t *data, enum AVSampleFormat format,
                       size_t index)
{
    double value = 0;
    int packed = av_get_packed_sample_fmt(format);
    switch (packed) {
    case AV_SAMPLE_FMT_U8:
        value = (data[index] - 128) / 128.0;
        break;
    case AV_SAMPLE_FMT_S16:
        value = ((const int16_t *)(const void *)data)[index] / 32768.0;
        break;
    case AV_SAMPLE_FMT_S32:
        value = ((const int32_t *)(const void *)data)[index] / 2147483648.0;
        break;
    case AV_SAMPLE_FMT_S64:
        value = (double)((const int64_t *)(const void *)data)[index] /
                9223372036854775808.0;
        break;
    case AV_SAMPLE_FMT_FLT:
        value = (double)((const float *)(const void *)data)[index];
        break;
    case AV_SAMPLE_FMT_DBL:
        value = ((const double *)(const void *)data)[index];
        break;
    default:
        break;
    }
    if (!(value > -2)) /* and what is no number */
        return value <= -2 ? -2 : 0;
    return value < 2 ? (float)value : 2;
}

static void add_sample(struct bin *bin, float value, bool is_first)
{
    const struct bin single = {value, value, (double)value * (double)value};
    *bin = is_first ? single : join(*bin, single);
}

/* `count` samples from `first` on of a channel, which all fit into the bins. */
static void add_channel(struct meter *meter, const AVFrame *frame,
                        uint32_t channel, size_t first, size_t count)
{
    enum AVSampleFormat format = (enum AVSampleFormat)frame->format;
    bool is_planar = av_sample_fmt_is_planar(format) != 0;
    const uint8_t *data = frame->extended_data[is_planar ? channel : 0];
    size_t stride = is_planar ? 1 : meter->channels;
    size_t offset = is_planar ? 0 : channel;
    struct bin *bins = bins_of(meter, channel);
    for (size_t i = 0; i < count; i++) {
        uint64_t at = meter->samples + i;
        float value = sample_at(data, format, (first + i) * stride + offset);
        add_sample(&bins[at / meter->step], value, at % meter->step == 0);
    }
}

static void add_frame(struct meter *meter, const AVFrame *frame)
{
    size_t total = (size_t)frame->nb_samples;
    for (size_t done = 0; done < total;) {
        uint64_t room = meter->bin_count * meter->step - meter->samples;
        if (room == 0) {
            halve(meter);
            continue;
        }
        size_t part = total - done < room ? total - done : (size_t)room;
        for (uint32_t channel = 0; channel < meter->channels; channel++)
            add_channel(meter, frame, channel, done, part);
        meter->samples += part;
        done += part;
    }
}

/* A stream that changes its shape on the way is measured where it fits. */
static dits_error *decode_all(struct clip *clip, struct meter *meter,
                              AVFrame *frame)
{
    bool found = true;
    for (;;) {
        TRY(clip_next(clip, frame, &found));
        if (!found)
            return NULL;
        bool is_sound = frame->ch_layout.nb_channels > 0 &&
                        frame->sample_rate > 0 && frame->nb_samples > 0;
        if (is_sound && meter->channels == 0)
            TRY(begin(meter, frame));
        if (is_sound &&
            (uint32_t)frame->ch_layout.nb_channels == meter->channels)
            add_frame(meter, frame);
        av_frame_unref(frame);
    }
}

static dits_error *put_value(struct buf *out, double value)
{
    double scaled = value * SOUND_FULL;
    int32_t fixed = scaled >= INT32_MAX   ? INT32_MAX
                    : scaled <= INT32_MIN ? INT32_MIN
                                          : (int32_t)lrint(scaled);
    return buf_put_le32(out, (uint32_t)fixed);
}

/* The level of the bins from `from` to before `to`. */
static dits_error *put_level(const struct meter *meter, const struct bin *bins,
                             size_t from, size_t to, struct buf *out)
{
    uint64_t end = to * meter->step;
    if (end > meter->samples)
        end = meter->samples;
    double count = (double)(end - from * meter->step);
    struct bin all = bins[from];
    for (size_t i = from + 1; i < to; i++)
        all = join(all, bins[i]);
    TRY(put_value(out, (double)all.least));
    TRY(put_value(out, (double)all.most));
    return put_value(out, sqrt(all.energy / count));
}

static dits_error *put_levels(const struct meter *meter, uint32_t most,
                              struct message_sound *out_shape, struct buf *out)
{
    size_t used = (size_t)((meter->samples + meter->step - 1) / meter->step);
    size_t count = used < most ? used : most;
    for (uint32_t channel = 0; channel < meter->channels; channel++)
        for (size_t i = 0; i < count; i++)
            TRY(put_level(meter, bins_of(meter, channel), i * used / count,
                          (i + 1) * used / count, out));
    *out_shape = (struct message_sound){meter->channels, meter->sample_rate,
                                        (uint32_t)count, meter->samples};
    return NULL;
}

static void frame_free(AVFrame **frame)
{
    av_frame_free(frame);
}

dits_error *sound_measure(struct clip *clip, uint32_t most,
                          struct message_sound *out_shape, struct buf *out)
{
    CLEANUP(meter_release)
    struct meter meter = {.step = 1,
                          .bin_count = (size_t)most * BINS_PER_LEVEL};
    CLEANUP(frame_free) AVFrame *frame = av_frame_alloc();
    if (frame == NULL)
        return error_nomem();
    if (meter.bin_count < BINS_MIN)
        meter.bin_count = BINS_MIN;
    TRY(decode_all(clip, &meter, frame));
    if (meter.samples == 0)
        return error_new(DITS_E_NOT_FOUND, "no sound can be decoded");
    return put_levels(&meter, most, out_shape, out);
}
