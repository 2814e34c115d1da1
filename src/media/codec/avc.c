/* Sequence parameter sets of AVC: ITU-T H.264, 7.3.2.1.1 and E.1.1. */
#include "media/codec/say.h"
#include "media/codec/units.h"

/* What the profile means is said by the constraint flags as well. */
static const char *profile_name(unsigned profile, unsigned constraints)
{
    bool set1 = constraints >> 6 & 1;
    bool set3 = constraints >> 4 & 1;
    switch (profile) {
    case 44:
        return "CAVLC 4:4:4";
    case 66:
        return set1 ? "Constrained Baseline" : "Baseline";
    case 77:
        return "Main";
    case 88:
        return "Extended";
    case 100:
        return "High";
    case 110:
        return set3 ? "High 10 Intra" : "High 10";
    case 118:
        return "Multiview High";
    case 122:
        return set3 ? "High 4:2:2 Intra" : "High 4:2:2";
    case 128:
        return "Stereo High";
    case 144:
        return "High 4:4:4";
    case 244:
        return set3 ? "High 4:4:4 Intra" : "High 4:4:4 Predictive";
    default:
        return NULL;
    }
}

static bool has_chroma_format(unsigned profile)
{
    static const uint8_t profiles[] = {100, 110, 122, 244, 44,  83, 86,
                                       118, 128, 138, 139, 134, 135};
    for (size_t i = 0; i < sizeof(profiles); i++)
        if (profiles[i] == profile)
            return true;
    return false;
}

static void skip_scaling_list(struct bits *bits, unsigned size)
{
    int64_t last = 8;
    int64_t next = 8;
    for (unsigned i = 0; i < size && !bits_are_over(bits); i++) {
        if (next != 0)
            next = (last + bits_se(bits)) & 0xff;
        last = next == 0 ? last : next;
    }
}

static void skip_scaling_matrix(struct bits *bits, unsigned chroma)
{
    unsigned lists = chroma == CHROMA_444 ? 12 : 8;
    for (unsigned i = 0; i < lists; i++)
        if (bits_flag(bits))
            skip_scaling_list(bits, i < 6 ? 16 : 64);
}

/* E.1.2 */
static void read_hrd(struct bits *bits, struct avc_timing *timing)
{
    uint32_t count = bits_ue(bits);
    bits_skip(bits, 8);
    for (uint32_t i = 0; i <= count && i < 32 && !bits_are_over(bits); i++) {
        (void)bits_ue(bits);
        (void)bits_ue(bits);
        bits_skip(bits, 1);
    }
    bits_skip(bits, 5);
    timing->has_cpb_delays = true;
    timing->cpb_removal_bits = (uint8_t)(bits_take(bits, 5) + 1);
    timing->dpb_output_bits = (uint8_t)(bits_take(bits, 5) + 1);
    timing->time_offset_bits = (uint8_t)bits_take(bits, 5);
}

struct vui {
    struct vui_start start;
    uint32_t units_in_tick, time_scale;
    bool has_reorder;
    uint32_t reorder;
};

static struct vui read_vui(struct bits *bits, struct avc_timing *timing)
{
    struct vui vui = {.start = vui_read_start(bits)};
    if (bits_flag(bits)) {
        vui.units_in_tick = bits_take(bits, 32);
        vui.time_scale = bits_take(bits, 32);
        bits_skip(bits, 1);
    }
    bool nal_hrd = bits_flag(bits);
    if (nal_hrd)
        read_hrd(bits, timing);
    bool vcl_hrd = bits_flag(bits);
    if (vcl_hrd)
        read_hrd(bits, timing);
    if (nal_hrd || vcl_hrd)
        bits_skip(bits, 1);
    timing->has_pic_struct = bits_flag(bits);
    timing->is_known = !bits_are_over(bits);
    if (bits_flag(bits)) { /* bitstream_restriction */
        bits_skip(bits, 1);
        for (int i = 0; i < 4; i++)
            (void)bits_ue(bits);
        vui.reorder = bits_ue(bits);
        vui.has_reorder = !bits_are_over(bits);
    }
    return vui;
}

static void skip_order_count(struct bits *bits, struct avc_sequence *out)
{
    out->poc_type = bits_ue(bits);
    if (out->poc_type == 0)
        (void)bits_ue(bits);
    if (out->poc_type != 1)
        return;
    bits_skip(bits, 1);
    (void)bits_se(bits);
    (void)bits_se(bits);
    uint32_t count = bits_ue(bits);
    for (uint32_t i = 0; i < count && i < 256 && !bits_are_over(bits); i++)
        (void)bits_se(bits);
}

struct frame_size {
    uint64_t width, height;
};

/* 7.4.2.1.1: in macroblocks, less what is cropped. */
static struct frame_size read_size(struct bits *bits, unsigned chroma,
                                   struct avc_sequence *out)
{
    uint64_t width = ((uint64_t)bits_ue(bits) + 1) * 16;
    uint64_t height = ((uint64_t)bits_ue(bits) + 1) * 16;
    out->frame_mbs_only = bits_flag(bits);
    if (!out->frame_mbs_only) {
        height *= 2;
        bits_skip(bits, 1);
    }
    bits_skip(bits, 1); /* direct_8x8_inference */
    uint64_t crop[4] = {0};
    if (bits_flag(bits))
        for (int i = 0; i < 4; i++)
            crop[i] = bits_ue(bits);
    uint64_t unit_x = chroma == CHROMA_420 || chroma == CHROMA_422 ? 2 : 1;
    uint64_t lines = out->frame_mbs_only ? 1 : 2;
    uint64_t unit_y = chroma == CHROMA_420 ? 2 * lines : lines;
    uint64_t crop_x = (crop[0] + crop[1]) * unit_x;
    uint64_t crop_y = (crop[2] + crop[3]) * unit_y;
    return (struct frame_size){crop_x < width ? width - crop_x : 0,
                               crop_y < height ? height - crop_y : 0};
}

static dits_error *say_vui(struct media_track *track, const struct vui *vui)
{
    TRY(vui_say_start(track, &vui->start));
    if (vui->units_in_tick != 0 && vui->time_scale != 0)
        TRY(say_rational(track, "frame_rate", vui->time_scale,
                         (uint64_t)vui->units_in_tick * 2));
    if (vui->has_reorder && vui->reorder <= 16)
        TRY(say_integer(track, "reorder_frames", vui->reorder));
    return NULL;
}

static dits_error *say_profile(struct media_track *track, unsigned profile,
                               unsigned constraints, unsigned level)
{
    bool is_1b = level == 11 && (constraints >> 4 & 1) && profile <= 88;
    TRY(say_word(track, "profile", profile_name(profile, constraints)));
    return say_integer(track, "level", is_1b ? 9 : level);
}

static bool is_intra_profile(unsigned profile, unsigned constraints)
{
    return profile == 44 ||
           ((profile == 110 || profile == 122 || profile == 244) &&
            (constraints >> 4 & 1));
}

dits_error *avc_say_sequence(struct media_track *track, struct bits *rbsp,
                             struct avc_sequence *out)
{
    struct pixel_layout layout = {.chroma = CHROMA_420, .depth = 8};
    struct avc_sequence sequence = {0};
    struct vui vui = {0};
    unsigned profile = bits_take(rbsp, 8);
    unsigned constraints = bits_take(rbsp, 8);
    unsigned level = bits_take(rbsp, 8);
    (void)bits_ue(rbsp);
    if (has_chroma_format(profile)) {
        layout.chroma = bits_ue(rbsp);
        if (layout.chroma == CHROMA_444)
            sequence.separate_planes = bits_flag(rbsp);
        layout.depth = bits_ue(rbsp) + 8;
        (void)bits_ue(rbsp);
        bits_skip(rbsp, 1);
        if (bits_flag(rbsp))
            skip_scaling_matrix(rbsp, layout.chroma);
    }
    uint32_t frame_num = bits_ue(rbsp);
    skip_order_count(rbsp, &sequence);
    (void)bits_ue(rbsp); /* max_num_ref_frames */
    bits_skip(rbsp, 1);
    struct frame_size size = read_size(rbsp, layout.chroma, &sequence);
    if (bits_are_over(rbsp) || frame_num > 12)
        return NULL;
    sequence.frame_num_bits = (uint8_t)(frame_num + 4);
    sequence.is_valid = true;
    if (bits_flag(rbsp))
        vui = read_vui(rbsp, &sequence.timing);
    *out = sequence;
    layout.is_jpeg = vui.start.is_full_range;
    layout.is_rgb = layout.chroma == CHROMA_444 && vui.start.has_colour &&
                    vui.start.matrix == 0;
    say_size(track, size.width, size.height);
    track->intra_only |= is_intra_profile(profile, constraints);
    TRY(say_profile(track, profile, constraints, level));
    TRY(say_pixels(track, layout));
    if (sequence.frame_mbs_only)
        TRY(say_word(track, "field_order", "progressive"));
    return say_vui(track, &vui);
}
