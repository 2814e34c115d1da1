/*
 * Boxes of sound in a sample entry: ETSI TS 102 366 annex F ('dac3', 'dec3'),
 * TS 103 190-2 annex E ('dac4'), the bindings of Opus, FLAC and ALAC, and
 * channel layouts.
 */
#include "base/be.h"
#include "media/bits.h"
#include "media/isobmff/entry_parts.h"

enum { FULL_BOX = 4 };

static dits_error *add_layout(struct entry *entry, const char *layout)
{
    return layout == NULL
               ? NULL
               : facts_add_word(&entry->track->facts, "channel_layout", layout);
}

static uint32_t ac3_rate(unsigned code)
{
    static const uint32_t rates[] = {48000, 44100, 32000, 0};
    return rates[code & 3];
}

/* Channels of an audio coding mode; layouts that have a name. */
struct ac3_mode {
    uint8_t channels;
    const char *layout, *layout_with_lfe;
};

static const struct ac3_mode ac3_modes[8] = {
    {2, "stereo", "2.1"},    {1, "mono", NULL},
    {2, "stereo", "2.1"},    {3, "3.0", "3.1"},
    {3, "3.0(back)", NULL},  {4, "4.0", "4.1"},
    {4, "quad(side)", NULL}, {5, "5.0(side)", "5.1(side)"},
};

static dits_error *set_ac3_channels(struct entry *entry, unsigned mode,
                                    bool has_lfe)
{
    const struct ac3_mode *row = &ac3_modes[mode & 7];
    entry->track->channels = row->channels + (has_lfe ? 1u : 0u);
    return add_layout(entry, has_lfe ? row->layout_with_lfe : row->layout);
}

dits_error *entry_dac3(struct entry *entry, struct slice payload)
{
    static const uint16_t rates[] = {32,  40,  48,  56,  64,  80,  96,
                                     112, 128, 160, 192, 224, 256, 320,
                                     384, 448, 512, 576, 640};
    struct bits bits = bits_over(payload);
    unsigned fscod = bits_take(&bits, 2);
    bits_skip(&bits, 5 + 3);
    unsigned mode = bits_take(&bits, 3);
    bool has_lfe = bits_flag(&bits);
    unsigned rate = bits_take(&bits, 5);
    if (bits_are_over(&bits))
        return NULL;
    if (ac3_rate(fscod) != 0)
        entry->track->sample_rate = ac3_rate(fscod);
    if (rate < sizeof(rates) / sizeof(rates[0]))
        TRY(facts_add_integer(&entry->track->facts, "bit_rate.average",
                              INT64_C(1000) * rates[rate]));
    return set_ac3_channels(entry, mode, has_lfe);
}

/* What one independent substream and those that depend on it carry. */
struct ec3_substream {
    unsigned fscod, mode, locations;
    bool has_lfe;
};

static struct ec3_substream take_substream(struct bits *bits)
{
    struct ec3_substream out = {.fscod = bits_take(bits, 2)};
    bits_skip(bits, 5 + 1 + 1 + 3);
    out.mode = bits_take(bits, 3);
    out.has_lfe = bits_flag(bits);
    bits_skip(bits, 3);
    if (bits_take(bits, 4) > 0)
        out.locations = bits_take(bits, 9);
    else
        bits_skip(bits, 1);
    return out;
}

/* Of the locations (table F.6.1), those that are pairs count twice. */
static unsigned count_locations(unsigned locations)
{
    static const uint8_t channels[9] = {2, 2, 1, 1, 2, 2, 2, 1, 1};
    unsigned count = 0;
    for (unsigned i = 0; i < 9; i++)
        if ((locations >> i & 1) != 0)
            count += channels[i];
    return count;
}

static dits_error *set_ec3_channels(struct entry *entry,
                                    struct ec3_substream first)
{
    enum { REAR_PAIR = 2 };
    if (first.locations == 0)
        return set_ac3_channels(entry, first.mode, first.has_lfe);
    entry->track->channels = ac3_modes[first.mode & 7].channels +
                             (first.has_lfe ? 1u : 0u) +
                             count_locations(first.locations);
    bool is_71 = first.mode == 7 && first.has_lfe &&
                 first.locations == REAR_PAIR;
    return add_layout(entry, is_71 ? "7.1" : NULL);
}

/* Joint object coding is said behind the substreams, where there is room. */
dits_error *entry_dec3(struct entry *entry, struct slice payload)
{
    struct media_facts *facts = &entry->track->facts;
    struct bits bits = bits_over(payload);
    unsigned rate = bits_take(&bits, 13);
    unsigned count = bits_take(&bits, 3) + 1;
    struct ec3_substream first = take_substream(&bits);
    for (unsigned i = 1; i < count; i++)
        (void)take_substream(&bits);
    if (bits_are_over(&bits))
        return NULL;
    if (ac3_rate(first.fscod) != 0)
        entry->track->sample_rate = ac3_rate(first.fscod);
    if (rate > 0)
        TRY(facts_add_integer(facts, "bit_rate.average", INT64_C(1000) * rate));
    TRY(set_ec3_channels(entry, first));
    bits_skip(&bits, 7);
    bool is_joint = bits_flag(&bits);
    unsigned complexity = bits_take(&bits, 8);
    if (bits_are_over(&bits) || !is_joint)
        return NULL;
    TRY(facts_add_truth(facts, "atmos", true));
    return facts_add_integer(facts, "atmos.complexity", complexity);
}

/*
 * Far enough into the first presentation of version 1 to know whether it is
 * coded as channels or as objects; the latter, and channels above the
 * listener, are what is sold as Atmos.
 */
static dits_error *ac4_presentation(struct entry *entry, struct bits *bits)
{
    enum { SINGLE_GROUP = 0x1f, EMDF_ONLY = 6, FIRST_IMMERSIVE = 11 };
    unsigned version = bits_take(bits, 8);
    if (bits_take(bits, 8) == 255)
        bits_skip(bits, 16);
    if (version != 1 && version != 2)
        return NULL;
    unsigned config = bits_take(bits, 5);
    if (config == EMDF_ONLY)
        return NULL;
    bits_skip(bits, 3);
    if (bits_flag(bits))
        bits_skip(bits, 5);
    bits_skip(bits, 2 + 2 + 5 + 10);
    bool is_channels = bits_flag(bits);
    unsigned mode = is_channels ? bits_take(bits, 5) : 0;
    if (bits_are_over(bits))
        return NULL;
    bool is_immersive = !is_channels || mode >= FIRST_IMMERSIVE;
    return is_immersive ? facts_add_truth(&entry->track->facts, "atmos", true)
                        : NULL;
}

dits_error *entry_dac4(struct entry *entry, struct slice payload)
{
    struct bits bits = bits_over(payload);
    unsigned version = bits_take(&bits, 3);
    unsigned stream_version = bits_take(&bits, 7);
    bool is_48 = bits_flag(&bits);
    bits_skip(&bits, 4);
    unsigned presentations = bits_take(&bits, 9);
    if (bits_are_over(&bits))
        return NULL;
    entry->track->sample_rate = is_48 ? 48000 : 44100;
    TRY(facts_add_integer(&entry->track->facts, "ac4.presentations",
                          presentations));
    if (version != 1 || presentations == 0)
        return NULL;
    if (stream_version > 1 && bits_flag(&bits)) {
        bits_skip(&bits, 16);
        if (bits_flag(&bits))
            bits_skip(&bits, 128);
    }
    bits_skip(&bits, 2 + 32 + 32); /* bit rate, its precision */
    bits_align(&bits);
    return ac4_presentation(entry, &bits);
}

/* Encapsulation of Opus in ISO Base Media, 4.3.2. Always decoded at 48 kHz. */
dits_error *entry_dops(struct entry *entry, struct slice payload)
{
    struct media_facts *facts = &entry->track->facts;
    if (payload.size < 11)
        return NULL;
    entry->track->channels = payload.data[1];
    entry->track->sample_rate = 48000;
    TRY(facts_add_integer(facts, "opus.pre_skip", be16_load(payload.data + 2)));
    return facts_add_integer(facts, "opus.input_sample_rate",
                             be32_load(payload.data + 4));
}

/* The first metadata block is STREAMINFO (RFC 9639, 8.2). */
dits_error *entry_dfla(struct entry *entry, struct slice payload)
{
    enum { BLOCK_HEADER = 4, STREAM_INFO_BYTES = 34 };
    struct slice block = slice_after(payload, FULL_BOX);
    if (block.size < BLOCK_HEADER + STREAM_INFO_BYTES ||
        (block.data[0] & 0x7f) != 0)
        return NULL;
    struct bits bits = bits_over(slice_after(block, BLOCK_HEADER + 10));
    entry->track->sample_rate = bits_take(&bits, 20);
    entry->track->channels = bits_take(&bits, 3) + 1;
    return facts_add_integer(&entry->track->facts, "bit_depth",
                             bits_take(&bits, 5) + 1);
}

/* ALACSpecificConfig, behind version and flags. */
dits_error *entry_alac(struct entry *entry, struct slice payload)
{
    enum { AT_DEPTH = 5, AT_CHANNELS = 9, AT_RATE = 20, CONFIG_BYTES = 24 };
    struct slice config = slice_after(payload, FULL_BOX);
    if (config.size < CONFIG_BYTES)
        return NULL;
    entry->track->channels = config.data[AT_CHANNELS];
    entry->track->sample_rate = be32_load(config.data + AT_RATE);
    return facts_add_integer(&entry->track->facts, "bit_depth",
                             config.data[AT_DEPTH]);
}

/* 3GPP TS 26.244, 6.7: AMR samples have no rate of their own. */
dits_error *entry_samr(struct entry *entry, struct slice payload)
{
    (void)payload;
    bool is_wide = entry->type == FOURCC('s', 'a', 'w', 'b');
    entry->track->sample_rate = is_wide ? 16000 : 8000;
    entry->track->channels = 1;
    return NULL;
}

/* The rate of ISO's sample entries of version 1. */
dits_error *entry_srat(struct entry *entry, struct slice payload)
{
    if (payload.size >= FULL_BOX + 4)
        entry->track->sample_rate = be32_load(payload.data + FULL_BOX);
    return NULL;
}
