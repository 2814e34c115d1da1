/* AAC: ISO/IEC 14496-3, 1.6.2.1 (AudioSpecificConfig) and 1.A.2.2 (ADTS). */
#include "media/bits.h"
#include "media/codec/readers.h"
#include "media/codec/say.h"

enum { OBJECT_SBR = 5, OBJECT_PS = 29, OBJECT_ESCAPE = 31, OBJECT_USAC = 42 };
enum { SYNC_EXTENSION = 0x2b7, INDEX_ESCAPE = 15 };

struct aac {
    unsigned object;
    uint32_t rate;
    unsigned channel_config;
    bool has_sbr, has_ps;
    uint32_t sbr_rate;
};

static const uint32_t rates[] = {96000, 88200, 64000, 48000, 44100,
                                 32000, 24000, 22050, 16000, 12000,
                                 11025, 8000,  7350};

static unsigned read_object(struct bits *bits)
{
    unsigned object = bits_take(bits, 5);
    return object == OBJECT_ESCAPE ? 32 + bits_take(bits, 6) : object;
}

static uint32_t read_rate(struct bits *bits)
{
    unsigned index = bits_take(bits, 4);
    if (index == INDEX_ESCAPE)
        return bits_take(bits, 24);
    return index < sizeof(rates) / sizeof(rates[0]) ? rates[index] : 0;
}

/* 1.6.6.1: what old decoders do not look at, behind the GA config. */
static void read_extension(struct bits *bits, struct aac *aac)
{
    if (bits_left(bits) < 16 || bits_take(bits, 11) != SYNC_EXTENSION)
        return;
    if (read_object(bits) != OBJECT_SBR)
        return;
    aac->has_sbr = bits_flag(bits);
    if (!aac->has_sbr)
        return;
    aac->sbr_rate = read_rate(bits);
    if (bits_left(bits) >= 12 && bits_take(bits, 11) == 0x548)
        aac->has_ps = bits_flag(bits);
}

static bool read_config(struct slice config, struct aac *aac)
{
    struct bits bits = bits_over(config);
    aac->object = read_object(&bits);
    aac->rate = read_rate(&bits);
    aac->channel_config = bits_take(&bits, 4);
    if (aac->object == OBJECT_SBR || aac->object == OBJECT_PS) {
        aac->has_sbr = true;
        aac->has_ps = aac->object == OBJECT_PS;
        aac->sbr_rate = read_rate(&bits);
        aac->object = read_object(&bits);
    } else if (aac->object == 2 && aac->channel_config != 0) {
        bits_skip(&bits, 1); /* frame length */
        if (bits_flag(&bits))
            bits_skip(&bits, 14);
        bits_skip(&bits, 1);
        read_extension(&bits, aac);
        return bits_left(&bits) < 8u * config.size;
    }
    return !bits_are_over(&bits);
}

static bool read_adts(struct slice sample, struct aac *aac)
{
    const uint8_t *at = sample.data;
    if (sample.size < 7 || at[0] != 0xff || (at[1] & 0xf6) != 0xf0)
        return false;
    unsigned index = at[2] >> 2 & 15;
    if (index >= sizeof(rates) / sizeof(rates[0]))
        return false;
    aac->object = (at[2] >> 6) + 1u;
    aac->rate = rates[index];
    aac->channel_config = (at[2] & 1u) << 2 | at[3] >> 6;
    return true;
}

static const char *profile_name(const struct aac *aac)
{
    if (aac->has_ps)
        return "HE-AACv2";
    if (aac->has_sbr)
        return "HE-AAC";
    switch (aac->object) {
    case 1:
        return "Main";
    case 2:
        return "LC";
    case 3:
        return "SSR";
    case 4:
        return "LTP";
    case 23:
        return "LD";
    case 39:
        return "ELD";
    case OBJECT_USAC:
        return "xHE-AAC";
    default:
        return NULL;
    }
}

/* Table 1.19. */
static uint32_t channels_of(unsigned config)
{
    static const uint8_t counts[] = {0, 1, 2, 3, 4, 5, 6, 8,
                                     0, 0, 0, 7, 8, 0, 8, 0};
    return counts[config & 15];
}

static dits_error *say_aac(struct media_track *track, const struct aac *aac)
{
    uint32_t channels = channels_of(aac->channel_config);
    bool is_stereo = aac->has_ps && channels == 1;
    say_sound(track, aac->sbr_rate != 0 ? aac->sbr_rate : aac->rate,
              is_stereo ? 2 : channels);
    TRY(say_word(track, "profile", profile_name(aac)));
    if (aac->channel_config != 0)
        TRY(say_usual_layout(track));
    return NULL;
}

/* The configuration, where there is one, says all. */
dits_error *aac_describe(struct media_track *track, struct slice sample)
{
    struct slice config = buf_slice(&track->config);
    struct aac aac = {0};
    if (config.size >= 2 && read_config(config, &aac))
        return say_aac(track, &aac);
    aac = (struct aac){0};
    return read_adts(sample, &aac) ? say_aac(track, &aac) : NULL;
}

/* USAC depends on what came before; all others stand alone. */
enum codec_sync_class aac_class(const struct media_track *track,
                                struct slice sample)
{
    struct slice config = buf_slice(&track->config);
    struct aac aac = {0};
    if (config.size >= 2 && read_config(config, &aac) &&
        aac.object == OBJECT_USAC)
        return sample.data[0] >> 7 ? CODEC_SYNC_IDR : CODEC_SYNC_NOT;
    return CODEC_SYNC_IDR;
}
