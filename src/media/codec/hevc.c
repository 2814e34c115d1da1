/* Sequence parameter sets of HEVC: ITU-T H.265, 7.3.2.2, 7.3.3 and E.2.1. */
#include "media/codec/say.h"
#include "media/codec/units.h"

enum { SUB_LAYERS_MAX = 7, REFERENCE_SETS_MAX = 64, REFERENCES_MAX = 16 };

struct profile {
    unsigned idc;
    bool is_high_tier;
    unsigned compatibility; /* flags, the first in bit 31 */
    unsigned level;
    bool is_progressive;
    bool is_interlaced;
    bool is_intra;
};

static void skip_sub_layers(struct bits *bits, unsigned count)
{
    bool has_profile[8] = {0};
    bool has_level[8] = {0};
    if (count == 0)
        return;
    for (unsigned i = 0; i < 8; i++) {
        has_profile[i] = bits_flag(bits);
        has_level[i] = bits_flag(bits);
    }
    for (unsigned i = 0; i < count; i++)
        bits_skip(bits, (has_profile[i] ? 88u : 0u) + (has_level[i] ? 8u : 0u));
}

static struct profile read_profile(struct bits *bits, unsigned sub_layers)
{
    struct profile profile = {0};
    bits_skip(bits, 2);
    profile.is_high_tier = bits_flag(bits);
    profile.idc = bits_take(bits, 5);
    profile.compatibility = bits_take(bits, 32);
    profile.is_progressive = bits_flag(bits);
    profile.is_interlaced = bits_flag(bits);
    bits_skip(bits, 7);
    profile.is_intra = bits_flag(bits) && profile.idc >= 4;
    bits_skip(bits, 38);
    profile.level = bits_take(bits, 8);
    skip_sub_layers(bits, sub_layers);
    return profile;
}

static const char *profile_name(const struct profile *profile)
{
    static const char *const names[] = {NULL, "Main", "Main 10",
                                        "Main Still Picture", "Rext"};
    unsigned idc = profile->idc;
    if (idc == 0) /* said by the flags alone */
        for (unsigned i = 1; i <= 4 && idc == 0; i++)
            if (profile->compatibility >> (31 - i) & 1)
                idc = i;
    return idc < sizeof(names) / sizeof(names[0]) ? names[idc] : NULL;
}

static void skip_scaling_lists(struct bits *bits)
{
    for (unsigned size = 0; size < 4; size++)
        for (unsigned list = 0; list < 6; list += size == 3 ? 3 : 1) {
            unsigned count = size == 0 ? 16 : 64;
            if (!bits_flag(bits)) {
                (void)bits_ue(bits);
                continue;
            }
            if (size > 1)
                (void)bits_se(bits);
            for (unsigned i = 0; i < count && !bits_are_over(bits); i++)
                (void)bits_se(bits);
        }
}

/* 7.3.7. Returns how many pictures the set has; more than allowed: over. */
static unsigned read_predicted_set(struct bits *bits, unsigned reference)
{
    unsigned count = 0;
    bits_skip(bits, 1);
    (void)bits_ue(bits);
    for (unsigned i = 0; i <= reference; i++) {
        bool is_used = bits_flag(bits);
        bool use_delta = is_used || bits_flag(bits);
        count += use_delta ? 1 : 0;
    }
    return count;
}

static unsigned read_reference_set(struct bits *bits, unsigned index,
                                   unsigned previous)
{
    if (index > 0 && bits_flag(bits))
        return read_predicted_set(bits, previous);
    uint32_t negative = bits_ue(bits);
    uint32_t positive = bits_ue(bits);
    if (negative > REFERENCES_MAX || positive > REFERENCES_MAX) {
        bits_skip(bits, UINT64_MAX);
        return 0;
    }
    for (uint32_t i = 0; i < negative + positive; i++) {
        (void)bits_ue(bits);
        bits_skip(bits, 1);
    }
    return negative + positive;
}

static void skip_reference_sets(struct bits *bits)
{
    uint32_t count = bits_ue(bits);
    unsigned pictures = 0;
    if (count > REFERENCE_SETS_MAX)
        bits_skip(bits, UINT64_MAX);
    for (uint32_t i = 0; i < count && !bits_are_over(bits); i++)
        pictures = read_reference_set(bits, i, pictures);
}

static void skip_long_term(struct bits *bits, unsigned poc_bits)
{
    if (!bits_flag(bits))
        return;
    uint32_t count = bits_ue(bits);
    for (uint32_t i = 0; i < count && i < 33 && !bits_are_over(bits); i++)
        bits_skip(bits, poc_bits + 1);
}

struct sequence {
    struct profile profile;
    struct pixel_layout layout;
    uint64_t width, height;
    uint32_t reorder;
    struct vui_start vui;
    bool is_field_sequence;
    uint32_t units_in_tick, time_scale;
};

static void read_size(struct bits *bits, struct sequence *sps)
{
    uint64_t width = bits_ue(bits);
    uint64_t height = bits_ue(bits);
    uint64_t crop[4] = {0};
    if (bits_flag(bits))
        for (int i = 0; i < 4; i++)
            crop[i] = bits_ue(bits);
    unsigned chroma = sps->layout.chroma;
    uint64_t x = chroma == CHROMA_420 || chroma == CHROMA_422 ? 2 : 1;
    uint64_t y = chroma == CHROMA_420 ? 2 : 1;
    uint64_t crop_x = (crop[0] + crop[1]) * x;
    uint64_t crop_y = (crop[2] + crop[3]) * y;
    sps->width = crop_x < width ? width - crop_x : 0;
    sps->height = crop_y < height ? height - crop_y : 0;
}

static void read_vui(struct bits *bits, struct sequence *sps)
{
    sps->vui = vui_read_start(bits);
    bits_skip(bits, 1);
    sps->is_field_sequence = bits_flag(bits);
    bits_skip(bits, 1);
    if (bits_flag(bits)) /* default display window */
        for (int i = 0; i < 4; i++)
            (void)bits_ue(bits);
    if (bits_flag(bits)) {
        sps->units_in_tick = bits_take(bits, 32);
        sps->time_scale = bits_take(bits, 32);
    }
    if (bits_are_over(bits))
        sps->time_scale = 0;
}

/* From the sizes of blocks on to the usability information. */
static void read_tools(struct bits *bits, struct sequence *sps,
                       unsigned poc_bits)
{
    for (int i = 0; i < 6; i++)
        (void)bits_ue(bits);
    bool has_lists = bits_flag(bits);
    if (has_lists && bits_flag(bits)) /* enabled, and not the default */
        skip_scaling_lists(bits);
    bits_skip(bits, 2);
    if (bits_flag(bits)) { /* pcm */
        bits_skip(bits, 8);
        (void)bits_ue(bits);
        (void)bits_ue(bits);
        bits_skip(bits, 1);
    }
    skip_reference_sets(bits);
    skip_long_term(bits, poc_bits);
    bits_skip(bits, 2);
    if (bits_flag(bits) && !bits_are_over(bits))
        read_vui(bits, sps);
}

static dits_error *say_profile(struct media_track *track,
                               const struct profile *profile)
{
    track->intra_only |= profile->is_intra;
    TRY(say_word(track, "profile", profile_name(profile)));
    TRY(say_integer(track, "level", profile->level));
    return say_word(track, "tier", profile->is_high_tier ? "High" : "Main");
}

static const char *field_order(const struct sequence *sps)
{
    if (sps->is_field_sequence)
        return "tt";
    return sps->profile.is_progressive && !sps->profile.is_interlaced
               ? "progressive"
               : NULL;
}

static dits_error *say_sequence(struct media_track *track,
                                const struct sequence *sps)
{
    say_size(track, sps->width, sps->height);
    TRY(say_profile(track, &sps->profile));
    TRY(say_pixels(track, sps->layout));
    TRY(say_word(track, "field_order", field_order(sps)));
    TRY(vui_say_start(track, &sps->vui));
    TRY(say_range(track, sps->vui.is_full_range)); /* inferred if absent */
    if (sps->units_in_tick != 0 && sps->time_scale != 0)
        TRY(say_rational(track, "frame_rate", sps->time_scale,
                         sps->units_in_tick));
    return say_integer(track, "reorder_frames", sps->reorder);
}

dits_error *hevc_say_sequence(struct media_track *track, struct bits *rbsp)
{
    struct sequence sps = {0};
    bits_skip(rbsp, 4);
    unsigned sub_layers = bits_take(rbsp, 3);
    bits_skip(rbsp, 1);
    if (sub_layers >= SUB_LAYERS_MAX)
        return NULL;
    sps.profile = read_profile(rbsp, sub_layers);
    (void)bits_ue(rbsp);
    sps.layout.chroma = bits_ue(rbsp);
    if (sps.layout.chroma == CHROMA_444)
        bits_skip(rbsp, 1);
    read_size(rbsp, &sps);
    sps.layout.depth = bits_ue(rbsp) + 8;
    (void)bits_ue(rbsp);
    uint32_t poc_bits = bits_ue(rbsp) + 4;
    bool has_all_layers = bits_flag(rbsp);
    for (unsigned i = has_all_layers ? 0 : sub_layers; i <= sub_layers; i++) {
        (void)bits_ue(rbsp);
        sps.reorder = bits_ue(rbsp);
        (void)bits_ue(rbsp);
    }
    if (bits_are_over(rbsp) || poc_bits > 16 || sps.reorder > 16)
        return NULL;
    read_tools(rbsp, &sps, poc_bits);
    sps.layout.is_jpeg = sps.vui.is_full_range;
    sps.layout.is_rgb = sps.layout.chroma == CHROMA_444 && sps.vui.has_colour &&
                        sps.vui.matrix == 0;
    return say_sequence(track, &sps);
}
