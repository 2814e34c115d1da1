/* AC-3 and E-AC-3 (ETSI TS 102 366), AC-4 (ETSI TS 103 190-1), TrueHD. */
#include <string.h>

#include "base/be.h"
#include "media/bits.h"
#include "media/codec/readers.h"
#include "media/codec/say.h"

static const uint32_t rates[] = {48000, 44100, 32000, 0};

struct dolby {
    uint32_t rate;
    unsigned mode; /* acmod */
    bool has_lfe;
};

/* Table 4.3, in ffmpeg's names. */
static dits_error *say_dolby(struct media_track *track,
                             const struct dolby *dolby)
{
    static const uint8_t counts[] = {2, 1, 2, 3, 3, 4, 4, 5};
    static const char *const plain[] = {"stereo",     "mono",      "stereo",
                                        "3.0",        "3.0(back)", "4.0",
                                        "quad(side)", "5.0(side)"};
    static const char *const with_lfe[] = {
        "2.1", "1 channels (FC+LFE)", "2.1",      "3.1", "3.1(back)",
        "4.1", "4.1(side)",           "5.1(side)"};
    unsigned mode = dolby->mode & 7;
    say_sound(track, dolby->rate, counts[mode] + (dolby->has_lfe ? 1u : 0u));
    return say_word(track, "channel_layout",
                    dolby->has_lfe ? with_lfe[mode] : plain[mode]);
}

/* Between acmod and lfeon of AC-3 stand mix levels, by the mode. */
static void skip_mix_levels(struct bits *bits, unsigned mode)
{
    if ((mode & 1) != 0 && mode != 1)
        bits_skip(bits, 2);
    if ((mode & 4) != 0)
        bits_skip(bits, 2);
    if (mode == 2)
        bits_skip(bits, 2);
}

static bool read_frame(struct slice sample, struct dolby *out)
{
    struct bits bits = bits_over(sample);
    if (sample.size < 8 || bits_take(&bits, 16) != 0x0b77)
        return false;
    bool is_eac3 = sample.data[5] >> 3 > 10;
    bits_skip(&bits, is_eac3 ? 2 + 3 + 11 : 16);
    unsigned rate = bits_take(&bits, 2);
    if (is_eac3) {
        unsigned next = bits_take(&bits, 2); /* rate again, or blocks */
        out->rate = rate == 3 ? rates[next] / 2 : rates[rate];
    } else {
        bits_skip(&bits, 6 + 5 + 3);
        out->rate = rates[rate];
    }
    out->mode = bits_take(&bits, 3);
    if (!is_eac3)
        skip_mix_levels(&bits, out->mode);
    out->has_lfe = bits_flag(&bits);
    return out->rate != 0;
}

/* Annex F.4 'dac3' and F.6 'dec3'. */
static bool read_dac3(struct slice config, struct dolby *out)
{
    struct bits bits = bits_over(config);
    out->rate = rates[bits_take(&bits, 2)];
    bits_skip(&bits, 5 + 3);
    out->mode = bits_take(&bits, 3);
    out->has_lfe = bits_flag(&bits);
    return !bits_are_over(&bits) && out->rate != 0;
}

struct dec3 {
    struct dolby dolby;
    bool has_joc;
    unsigned complexity;
};

static bool read_dec3(struct slice config, struct dec3 *out)
{
    struct bits bits = bits_over(config);
    bits_skip(&bits, 13);
    unsigned count = bits_take(&bits, 3) + 1;
    for (unsigned i = 0; i < count; i++) {
        unsigned rate = bits_take(&bits, 2);
        bits_skip(&bits, 5 + 1 + 1 + 3);
        unsigned mode = bits_take(&bits, 3);
        bool has_lfe = bits_flag(&bits);
        bits_skip(&bits, 3);
        unsigned dependent = bits_take(&bits, 4);
        bits_skip(&bits, dependent > 0 ? 9 : 1);
        if (i == 0)
            out->dolby = (struct dolby){rates[rate], mode, has_lfe};
    }
    bool is_valid = !bits_are_over(&bits) && out->dolby.rate != 0;
    if (bits_left(&bits) >= 16) {
        bits_skip(&bits, 7);
        out->has_joc = bits_flag(&bits);
        out->complexity = bits_take(&bits, 8);
    }
    return is_valid;
}

static dits_error *say_config(struct media_track *track)
{
    struct slice config = buf_slice(&track->config);
    struct dec3 dec3 = {0};
    if (strcmp(track->codec, "ac3") == 0)
        return config.size >= 3 && read_dac3(config, &dec3.dolby)
                   ? say_dolby(track, &dec3.dolby)
                   : NULL;
    if (config.size < 5 || !read_dec3(config, &dec3))
        return NULL;
    if (dec3.has_joc) {
        TRY(say_true(track, "atmos"));
        TRY(say_integer(track, "atmos.complexity", dec3.complexity));
    }
    return say_dolby(track, &dec3.dolby);
}

/* The frame is nearer the truth than what a muxer wrote about it. */
dits_error *ac3_describe(struct media_track *track, struct slice sample)
{
    struct dolby dolby = {0};
    if (read_frame(sample, &dolby))
        TRY(say_dolby(track, &dolby));
    return say_config(track);
}

/* TS 103 190-1, 4.2.3.1: the table of contents, behind a sync frame or bare. */
dits_error *ac4_describe(struct media_track *track, struct slice sample)
{
    if (sample.size > 7 && sample.data[0] == 0xac) {
        bool is_long = be16_load(sample.data + 2) == 0xffff;
        size_t skip = is_long ? 7 : 4;
        sample = slice_of(sample.data + skip, sample.size - skip);
    }
    struct bits bits = bits_over(sample);
    unsigned version = bits_take(&bits, 2);
    if (version == 3)
        do
            bits_skip(&bits, 2);
        while (bits_flag(&bits) && !bits_are_over(&bits));
    bits_skip(&bits, 10);
    if (bits_flag(&bits) && bits_take(&bits, 3) > 0)
        bits_skip(&bits, 2);
    bool is_48 = bits_flag(&bits);
    if (!bits_are_over(&bits))
        say_sound(track, is_48 ? 48000 : 44100, 0);
    return NULL;
}

#define TRUEHD_SYNC UINT32_C(0xf8726fba)

enum { TRUEHD_HEADER = 21 };

static bool has_major_sync(struct slice sample)
{
    return sample.size >= TRUEHD_HEADER &&
           be32_load(sample.data + 4) == TRUEHD_SYNC;
}

/* Four substreams: the last one has the objects. */
/*
 * Of the presentation with most of them, by the pairs and single channels that
 * format_info assigns. Sample entries say 2, whatever there is.
 */
static uint32_t truehd_channels(uint32_t format_info)
{
    static const uint8_t sizes[] = {2, 1, 1, 2, 2, 2, 2, 1, 1, 2, 2, 1, 1};
    uint32_t eight = format_info & 0x1fff;
    uint32_t assigned = eight != 0 ? eight : format_info >> 15 & 0x1f;
    uint32_t count = 0;
    for (size_t i = 0; i < sizeof(sizes); i++)
        count += (assigned >> i & 1) * sizes[i];
    return count;
}

dits_error *truehd_describe(struct media_track *track, struct slice sample)
{
    if (!has_major_sync(sample))
        return NULL;
    uint32_t channels = truehd_channels(be32_load(sample.data + 8));
    track->channels = channels > 0 ? channels : track->channels;
    unsigned rate = sample.data[8] >> 4;
    uint32_t base = rate & 8 ? 44100 : 48000;
    if ((rate & 7) <= 2)
        say_sound(track, base << (rate & 7), 0);
    return sample.data[20] >> 4 == 4 ? say_true(track, "atmos") : NULL;
}

enum codec_sync_class truehd_class(const struct media_track *track,
                                   struct slice sample)
{
    (void)track;
    return has_major_sync(sample) ? CODEC_SYNC_IDR : CODEC_SYNC_NOT;
}
