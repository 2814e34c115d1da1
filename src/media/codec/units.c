#include "media/codec/units.h"

#include "base/be.h"

struct nal_walk units_of_sample(const struct media_track *track,
                                struct slice sample)
{
    bool has_length = track->framing == MEDIA_NAL_LENGTH &&
                      track->nal_length_size >= 1 &&
                      track->nal_length_size <= 4;
    return nal_walk_over(sample, has_length ? track->nal_length_size : 0);
}

static dits_error *each_of_walk(struct nal_walk walk, unit_fn *fn,
                                void *payload)
{
    struct slice unit = {0};
    for (unsigned i = 0; i < UNITS_MAX && nal_next(&walk, &unit); i++)
        TRY(fn(unit, payload));
    return NULL;
}

/* `count` units, each behind 16 bits of length. */
static dits_error *each_listed(struct slice *bytes, unsigned count, unit_fn *fn,
                               void *payload)
{
    for (; count > 0 && bytes->size >= 2; count--) {
        size_t size = be16_load(bytes->data);
        size_t left = bytes->size - 2;
        size = size < left ? size : left;
        if (size > 0)
            TRY(fn(slice_of(bytes->data + 2, size), payload));
        *bytes = slice_of(bytes->data + 2 + size, left - size);
    }
    return NULL;
}

/* ISO/IEC 14496-15, 5.3.3.1: sequence, then picture parameter sets. */
static dits_error *each_of_avc_record(struct slice record, unit_fn *fn,
                                      void *payload)
{
    if (record.size < 7)
        return NULL;
    struct slice rest = slice_of(record.data + 6, record.size - 6);
    TRY(each_listed(&rest, record.data[5] & 0x1f, fn, payload));
    if (rest.size == 0)
        return NULL;
    unsigned count = rest.data[0];
    rest = slice_of(rest.data + 1, rest.size - 1);
    return each_listed(&rest, count, fn, payload);
}

/* ISO/IEC 14496-15, 8.3.3.1: arrays by type of unit. */
static dits_error *each_of_hevc_record(struct slice record, unit_fn *fn,
                                       void *payload)
{
    if (record.size < 23)
        return NULL;
    unsigned arrays = record.data[22];
    struct slice rest = slice_of(record.data + 23, record.size - 23);
    for (; arrays > 0 && rest.size >= 3; arrays--) {
        unsigned count = be16_load(rest.data + 1);
        rest = slice_of(rest.data + 3, rest.size - 3);
        TRY(each_listed(&rest, count, fn, payload));
    }
    return NULL;
}

static dits_error *each_of_config(const struct media_track *track, unit_fn *fn,
                                  void *payload)
{
    struct slice config = buf_slice(&track->config);
    enum nal_codec codec = nal_codec_of(track->codec);
    if (config.size < 4)
        return NULL;
    if (config.data[0] == 0)
        return each_of_walk(nal_walk_over(config, 0), fn, payload);
    if (codec == NAL_AVC)
        return each_of_avc_record(config, fn, payload);
    return codec == NAL_HEVC ? each_of_hevc_record(config, fn, payload) : NULL;
}

dits_error *units_each(const struct media_track *track, struct slice sample,
                       unit_fn *fn, void *payload)
{
    TRY(each_of_config(track, fn, payload));
    return each_of_walk(units_of_sample(track, sample), fn, payload);
}

/* ITU-T H.264, table E-1. */
bool sample_aspect(unsigned code, unsigned *out_width, unsigned *out_height)
{
    static const uint8_t ratios[][2] = {
        {0, 0},   {1, 1},    {12, 11}, {10, 11}, {16, 11}, {40, 33},
        {24, 11}, {20, 11},  {32, 11}, {80, 33}, {18, 11}, {15, 11},
        {64, 33}, {160, 99}, {4, 3},   {3, 2},   {2, 1},
    };
    if (code == 0 || code >= sizeof(ratios) / sizeof(ratios[0]))
        return false;
    *out_width = ratios[code][0];
    *out_height = ratios[code][1];
    return true;
}
