/*
 * DTS (ETSI TS 102 114, 5.3), MPEG audio (ISO/IEC 11172-3, 2.4.1.3), Opus (RFC
 * 7845, 5.1), FLAC (RFC 9639, 8.2), Apple Lossless, Vorbis (I, 4.2.2).
 */
#include <string.h>

#include "base/be.h"
#include "media/bits.h"
#include "media/codec/readers.h"
#include "media/codec/say.h"

enum {
    DTS_CORE = 0x7ffe8001,
    DTS_EXTENSION = 0x64582025,
    DTS_LOSSLESS = 0x41a29547,
};

static bool has_word(struct slice sample, uint32_t word)
{
    const uint8_t sync[] = {(uint8_t)(word >> 24), (uint8_t)(word >> 16),
                            (uint8_t)(word >> 8), (uint8_t)word};
    return memmem(sample.data, sample.size, sync, sizeof(sync)) != NULL;
}

/* By the sync words of the parts: lossless, an extension, the core alone. */
static const char *dts_profile(struct slice sample)
{
    if (!has_word(sample, DTS_EXTENSION))
        return "DTS";
    if (has_word(sample, DTS_LOSSLESS))
        return "DTS-HD MA";
    return has_word(sample, DTS_CORE) ? "DTS-HD HRA" : "DTS Express";
}

dits_error *dts_describe(struct media_track *track, struct slice sample)
{
    static const uint32_t rates[] = {0,     8000,  16000, 32000, 0, 0,
                                     11025, 22050, 44100, 0,     0, 12000,
                                     24000, 48000, 96000, 192000};
    static const uint8_t counts[] = {1, 2, 2, 2, 2, 3, 3, 4, 4, 5};
    if (sample.size < 12)
        return NULL;
    TRY(say_word(track, "profile", dts_profile(sample)));
    struct bits bits = bits_over(sample);
    if (bits_take(&bits, 32) != DTS_CORE)
        return NULL;
    bits_skip(&bits, 1 + 5 + 1 + 7 + 14);
    unsigned mode = bits_take(&bits, 6);
    unsigned rate = bits_take(&bits, 4);
    bits_skip(&bits, 5 + 1 + 1 + 1 + 1 + 1 + 3 + 1 + 1);
    bool has_lfe = bits_take(&bits, 2) != 0;
    if (mode < sizeof(counts))
        say_sound(track, rates[rate], counts[mode] + (has_lfe ? 1u : 0u));
    return NULL;
}

dits_error *mpeg_audio_describe(struct media_track *track, struct slice sample)
{
    static const uint32_t rates[] = {44100, 48000, 32000, 0};
    const uint8_t *at = sample.data;
    if (sample.size < 4 || at[0] != 0xff || at[1] >> 5 != 7)
        return NULL;
    unsigned version = at[1] >> 3 & 3; /* 3: MPEG-1, 2: MPEG-2, 0: 2.5 */
    unsigned halvings = version == 3 ? 0 : version == 2 ? 1 : 2;
    if (version == 1)
        return NULL;
    say_sound(track, rates[at[2] >> 2 & 3] >> halvings,
              at[3] >> 6 == 3 ? 1 : 2);
    return say_usual_layout(track);
}

/* "OpusHead", or the same fields in a 'dOps' box. */
dits_error *opus_describe(struct media_track *track, struct slice sample)
{
    struct slice config = buf_slice(&track->config);
    (void)sample;
    if (config.size >= 8 && memcmp(config.data, "OpusHead", 8) == 0)
        config = slice_of(config.data + 8, config.size - 8);
    track->sample_rate = 48000; /* whatever it was before coding */
    say_sound(track, 0, config.size >= 2 ? config.data[1] : 0);
    return say_usual_layout(track);
}

enum { FLAC_INFO_SIZE = 34 };

/* STREAMINFO, wherever it begins: bare, behind "fLaC", or in a 'dfLa' box. */
dits_error *flac_describe(struct media_track *track, struct slice sample)
{
    struct slice config = buf_slice(&track->config);
    (void)sample;
    size_t skip = config.size >= FLAC_INFO_SIZE + 8   ? 8
                  : config.size >= FLAC_INFO_SIZE + 4 ? 4
                                                      : 0;
    if (config.size < FLAC_INFO_SIZE)
        return NULL;
    struct bits bits =
        bits_over(slice_of(config.data + skip, config.size - skip));
    bits_skip(&bits, 80);
    uint32_t rate = bits_take(&bits, 20);
    unsigned channels = bits_take(&bits, 3) + 1;
    unsigned depth = bits_take(&bits, 5) + 1;
    say_sound(track, rate, channels);
    TRY(say_integer(track, "bit_depth", depth));
    return say_usual_layout(track);
}

enum { ALAC_COOKIE_SIZE = 24 };

/* The cookie is the end of what the container keeps. */
dits_error *alac_describe(struct media_track *track, struct slice sample)
{
    struct slice config = buf_slice(&track->config);
    (void)sample;
    size_t skip = config.size >= ALAC_COOKIE_SIZE + 12  ? 12
                  : config.size >= ALAC_COOKIE_SIZE + 4 ? 4
                                                        : 0;
    if (config.size < ALAC_COOKIE_SIZE)
        return NULL;
    const uint8_t *at = config.data + skip;
    track->sample_rate = be32_load(at + 20); /* the container may clip it */
    say_sound(track, 0, at[9]);
    TRY(say_integer(track, "bit_depth", at[5]));
    return say_usual_layout(track);
}

dits_error *vorbis_describe(struct media_track *track, struct slice sample)
{
    struct slice config = buf_slice(&track->config);
    (void)sample;
    if (config.size == 0)
        return NULL;
    const uint8_t *at = memmem(config.data, config.size, "\1vorbis", 7);
    if (at == NULL || config.size - (size_t)(at - config.data) < 16)
        return NULL;
    uint32_t rate = at[12] | (uint32_t)at[13] << 8 | (uint32_t)at[14] << 16 |
                    (uint32_t)at[15] << 24;
    say_sound(track, rate, at[11]);
    return say_usual_layout(track);
}

/* 3GPP TS 26.244, 6.5: there is one channel, though sample entries say 2. */
dits_error *amr_describe(struct media_track *track, struct slice sample)
{
    (void)sample;
    track->channels = 1;
    return NULL;
}
