/*
 * VP8 (RFC 6386, 9.1) and VP9 (VP9 Bitstream & Decoding Process, 6.2; VP Codec
 * ISO Media File Format Binding).
 */
#include "media/bits.h"
#include "media/codec/readers.h"
#include "media/codec/say.h"

dits_error *vp8_describe(struct media_track *track, struct slice sample)
{
    const uint8_t *at = sample.data;
    struct pixel_layout layout = {.chroma = CHROMA_420, .depth = 8};
    TRY(say_pixels(track, layout));
    if (sample.size < 10 || (at[0] & 1) != 0 || at[3] != 0x9d ||
        at[4] != 0x01 || at[5] != 0x2a)
        return NULL;
    say_size(track, (at[6] | (unsigned)at[7] << 8) & 0x3fff,
             (at[8] | (unsigned)at[9] << 8) & 0x3fff);
    return NULL;
}

enum codec_sync_class vp8_class(const struct media_track *track,
                                struct slice sample)
{
    (void)track;
    return (sample.data[0] & 1) == 0 ? CODEC_SYNC_IDR : CODEC_SYNC_NOT;
}

struct vp9_frame {
    bool is_valid;
    bool is_key;
    unsigned profile;
};

static struct vp9_frame read_vp9(struct bits *bits)
{
    struct vp9_frame frame = {0};
    unsigned marker = bits_take(bits, 2);
    unsigned low = bits_take(bits, 1);
    frame.profile = bits_take(bits, 1) << 1 | low;
    if (frame.profile == 3)
        bits_skip(bits, 1);
    bool shows_existing = bits_flag(bits);
    bool is_inter = bits_flag(bits);
    bits_skip(bits, 2);
    frame.is_valid = marker == 2 && !bits_are_over(bits);
    frame.is_key = frame.is_valid && !shows_existing && !is_inter;
    return frame;
}

enum { VP9_SYNC_CODE = 0x498342, VP9_RGB = 7 };

/* 7.2.2 of the specification; ffmpeg's names for the matrix. */
static const char *vp9_matrix(unsigned space)
{
    static const char *const names[] = {NULL,        "bt470bg",   "bt709",
                                        "smpte170m", "smpte240m", "bt2020nc",
                                        NULL,        "gbr"};
    return names[space & 7];
}

static dits_error *say_vp9_key(struct media_track *track, struct bits *bits,
                               unsigned profile)
{
    struct pixel_layout layout = {.chroma = CHROMA_420, .depth = 8};
    if (bits_take(bits, 24) != VP9_SYNC_CODE)
        return NULL;
    if (profile >= 2)
        layout.depth = bits_flag(bits) ? 12 : 10;
    unsigned space = bits_take(bits, 3);
    bool is_full = space == VP9_RGB || bits_flag(bits);
    if (profile % 2 == 1) {
        bool half_x = space != VP9_RGB && bits_flag(bits);
        bool half_y = space != VP9_RGB && bits_flag(bits);
        layout.chroma = half_x && half_y ? CHROMA_420
                        : half_x         ? CHROMA_422
                                         : CHROMA_444;
        bits_skip(bits, 1);
    }
    layout.is_rgb = space == VP9_RGB;
    uint32_t width = bits_take(bits, 16) + 1;
    uint32_t height = bits_take(bits, 16) + 1;
    if (bits_are_over(bits))
        return NULL;
    say_size(track, width, height);
    TRY(say_pixels(track, layout));
    TRY(say_range(track, is_full));
    return say_word(track, "colour.matrix", vp9_matrix(space));
}

static dits_error *say_vp9_profile(struct media_track *track, unsigned profile)
{
    static const char *const names[] = {"Profile 0", "Profile 1", "Profile 2",
                                        "Profile 3"};
    return say_word(track, "profile", profile < 4 ? names[profile] : NULL);
}

/* 'vpcC' with or without its version and flags. */
static dits_error *say_vp9_config(struct media_track *track)
{
    static const unsigned chroma[] = {CHROMA_420, CHROMA_420, CHROMA_422,
                                      CHROMA_444};
    struct slice config = buf_slice(&track->config);
    if (config.size >= 12 && config.data[0] == 1)
        config = slice_of(config.data + 4, config.size - 4);
    if (config.size < 8 || config.data[0] > 3)
        return NULL;
    const uint8_t *at = config.data;
    unsigned sampling = at[2] >> 1 & 7;
    struct pixel_layout layout = {.chroma = chroma[sampling & 3],
                                  .depth = at[2] >> 4,
                                  .is_rgb = at[5] == 0 && sampling == 3};
    TRY(say_vp9_profile(track, at[0]));
    TRY(say_integer(track, "level", at[1]));
    if (sampling < 4)
        TRY(say_pixels(track, layout));
    TRY(say_range(track, at[2] & 1));
    return say_colour(track, at[3], at[4], at[5]);
}

dits_error *vp9_describe(struct media_track *track, struct slice sample)
{
    struct bits bits = bits_over(sample);
    struct vp9_frame frame = read_vp9(&bits);
    if (frame.is_valid)
        TRY(say_vp9_profile(track, frame.profile));
    if (frame.is_key)
        TRY(say_vp9_key(track, &bits, frame.profile));
    return say_vp9_config(track);
}

enum codec_sync_class vp9_class(const struct media_track *track,
                                struct slice sample)
{
    struct bits bits = bits_over(sample);
    struct vp9_frame frame = read_vp9(&bits);
    (void)track;
    if (!frame.is_valid)
        return CODEC_SYNC_UNKNOWN;
    return frame.is_key ? CODEC_SYNC_IDR : CODEC_SYNC_NOT;
}
