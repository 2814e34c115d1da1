/*
 * AudioSpecificConfig: ISO/IEC 14496-3, 1.6.2.1 and 1.6.5.
 */
#include "media/bits.h"
#include "media/isobmff/entry_parts.h"

/* Types of audio objects (14496-3, 1.5.1.1). */
enum {
    AAC_MAIN = 1,
    AAC_LC = 2,
    AAC_SSR = 3,
    AAC_LTP = 4,
    SBR = 5,
    LAYER_1 = 32,
    LAYER_2 = 33,
    LAYER_3 = 34,
    PS = 29,
    ALS = 36,
    ER_AAC_LD = 23,
    ER_AAC_ELD = 39,
    USAC = 42,
    ESCAPE = 31,
};

struct audio_config {
    unsigned object_type;
    unsigned channel_config;
    uint32_t rate;
    bool has_sbr, has_ps;
};

static unsigned take_object_type(struct bits *bits)
{
    unsigned type = bits_take(bits, 5);
    return type == ESCAPE ? 32 + bits_take(bits, 6) : type;
}

static uint32_t take_rate(struct bits *bits)
{
    static const uint32_t rates[] = {96000, 88200, 64000, 48000, 44100,
                                     32000, 24000, 22050, 16000, 12000,
                                     11025, 8000,  7350};
    unsigned index = bits_take(bits, 4);
    if (index == 15)
        return bits_take(bits, 24);
    return index < sizeof(rates) / sizeof(rates[0]) ? rates[index] : 0;
}

/*
 * SBR that old decoders do not see stands behind the rest, after a word of
 * eleven bits. The rest is not read in full, so the word is searched.
 */
static void find_extension(struct bits bits, struct audio_config *config)
{
    enum { SYNC_SBR = 0x2b7, SYNC_PS = 0x548 };
    while (bits_left(&bits) > 15) {
        struct bits ahead = bits;
        if (bits_take(&ahead, 11) != SYNC_SBR ||
            take_object_type(&ahead) != SBR) {
            bits_skip(&bits, 1);
            continue;
        }
        config->has_sbr = bits_flag(&ahead);
        if (config->has_sbr)
            config->rate = take_rate(&ahead);
        if (bits_left(&ahead) > 11 && bits_take(&ahead, 11) == SYNC_PS)
            config->has_ps = bits_flag(&ahead);
        return;
    }
}

static bool parse(struct slice bytes, struct audio_config *config)
{
    struct bits bits = bits_over(bytes);
    config->object_type = take_object_type(&bits);
    config->rate = take_rate(&bits);
    config->channel_config = bits_take(&bits, 4);
    if (config->object_type == SBR || config->object_type == PS) {
        config->has_sbr = true;
        config->has_ps = config->object_type == PS;
        config->rate = take_rate(&bits);
        config->object_type = take_object_type(&bits);
    } else {
        find_extension(bits, config);
    }
    return !bits_are_over(&bits);
}

static const char *profile_of(const struct audio_config *config)
{
    if (config->has_ps)
        return "HE-AACv2";
    if (config->has_sbr)
        return "HE-AAC";
    switch (config->object_type) {
    case AAC_MAIN:
        return "Main";
    case AAC_LC:
        return "LC";
    case AAC_SSR:
        return "SSR";
    case AAC_LTP:
        return "LTP";
    case ER_AAC_LD:
        return "LD";
    case ER_AAC_ELD:
        return "ELD";
    case USAC:
        return "xHE-AAC";
    default:
        return NULL;
    }
}

static dits_error *add_channels(struct entry *entry, unsigned config)
{
    static const struct {
        unsigned channels;
        const char *layout;
    } rows[] = {
        {0, NULL},  {1, "mono"},  {2, "stereo"}, {3, "3.0"},
        {4, "4.0"}, {5, "5.0"},   {6, "5.1"},    {8, "7.1(wide)"},
        {0, NULL},  {0, NULL},    {0, NULL},     {7, "6.1(back)"},
        {8, "7.1"}, {24, "22.2"}, {8, NULL},     {0, NULL},
    };
    if (rows[config].channels == 0)
        return NULL;
    entry->track->channels = rows[config].channels;
    return rows[config].layout == NULL
               ? NULL
               : facts_add_word(&entry->track->facts, "channel_layout",
                                rows[config].layout);
}

static void set_codec(struct entry *entry, unsigned object_type)
{
    if (object_type == ALS)
        entry_set_codec(entry->track, "mp4als");
    else if (object_type == LAYER_1)
        entry_set_codec(entry->track, "mp1");
    else if (object_type == LAYER_2)
        entry_set_codec(entry->track, "mp2");
    else if (object_type == LAYER_3)
        entry_set_codec(entry->track, "mp3");
    else if (object_type != USAC)
        entry->track->intra_only = true;
}

dits_error *entry_audio_config(struct entry *entry, struct slice bytes)
{
    struct audio_config config = {0};
    struct media_facts *facts = &entry->track->facts;
    if (!parse(bytes, &config)) {
        media_add_problem(entry->file, 0, "stsd",
                          "audio configuration of "
                          "%zu bytes is cut off",
                          bytes.size);
        return NULL;
    }
    set_codec(entry, config.object_type);
    const char *profile = profile_of(&config);
    if (profile != NULL)
        TRY(facts_add_word(facts, "profile", profile));
    if (config.has_sbr)
        TRY(facts_add_truth(facts, "aac.sbr", true));
    if (config.has_ps)
        TRY(facts_add_truth(facts, "aac.ps", true));
    if (config.rate > 0)
        entry->track->sample_rate = config.rate;
    /* One channel is coded, two are heard. */
    unsigned channels = config.channel_config;
    return add_channels(entry, config.has_ps && channels == 1 ? 2 : channels);
}
