/*
 * Codecs that keep each picture by itself: ProRes (SMPTE RDD 36, 5.1), DNxHD
 * and DNxHR (SMPTE ST 2019-1), JPEG (ITU-T T.81, B.2), JPEG 2000 (ITU-T T.800,
 * A.5), DV (SMPTE ST 314), CineForm (SMPTE ST 2073-1).
 */
#include <string.h>

#include "base/be.h"
#include "media/codec/readers.h"
#include "media/codec/say.h"

static const char *prores_profile(const char *tag)
{
    static const char *const names[][2] = {
        {"apco", "Proxy"}, {"apcs", "LT"},   {"apcn", "Standard"},
        {"apch", "HQ"},    {"ap4h", "4444"}, {"ap4x", "XQ"},
    };
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (strcmp(tag, names[i][0]) == 0)
            return names[i][1];
    return NULL;
}

enum { PRORES_HEADER_MIN = 20 };

/* `at` is the frame header, of PRORES_HEADER_MIN bytes at least. */
static dits_error *say_prores_frame(struct media_track *track,
                                    const uint8_t *at)
{
    static const char *const orders[] = {"progressive", "tt", "bb"};
    static const unsigned rates[][2] = {
        {0, 0},  {24000, 1001}, {24, 1}, {25, 1},  {30000, 1001},  {30, 1},
        {50, 1}, {60000, 1001}, {60, 1}, {100, 1}, {120000, 1001}, {120, 1}};
    unsigned chroma = at[12] >> 6;
    unsigned interlace = at[12] >> 2 & 3;
    unsigned rate = at[13] & 15;
    struct pixel_layout layout = {
        .chroma = chroma == 3 ? CHROMA_444 : CHROMA_422,
        .depth = chroma == 3 ? 12 : 10,
        .has_alpha = (at[17] & 15) != 0,
    };
    say_size(track, be16_load(at + 8), be16_load(at + 10));
    if (chroma >= 2)
        TRY(say_pixels(track, layout));
    if (interlace < 3)
        TRY(say_word(track, "field_order", orders[interlace]));
    if (rate > 0 && rate < sizeof(rates) / sizeof(rates[0]))
        TRY(say_rational(track, "frame_rate", rates[rate][0], rates[rate][1]));
    if (layout.has_alpha)
        TRY(say_true(track, "alpha"));
    TRY(say_range(track, false));
    return say_colour(track, at[14], at[15], at[16]);
}

dits_error *prores_describe(struct media_track *track, struct slice sample)
{
    TRY(say_word(track, "profile", prores_profile(track->tag)));
    if (sample.size >= 8 && memcmp(sample.data + 4, "icpf", 4) == 0)
        sample = slice_of(sample.data + 8, sample.size - 8);
    if (sample.size < PRORES_HEADER_MIN ||
        be16_load(sample.data) < PRORES_HEADER_MIN)
        return NULL;
    return say_prores_frame(track, sample.data);
}

/* ST 2019-1, 7.2: the compression id says the rest. */
static const char *dnx_profile(uint32_t id)
{
    static const char *const names[] = {"DNXHR 444", "DNXHR HQX", "DNXHR HQ",
                                        "DNXHR SQ", "DNXHR LB"};
    return id >= 1270 && id <= 1274   ? names[id - 1270]
           : id >= 1235 && id <= 1260 ? "DNXHD"
                                      : NULL;
}

dits_error *dnxhd_describe(struct media_track *track, struct slice sample)
{
    const uint8_t *at = sample.data;
    if (sample.size < 0x2c || at[0] != 0 || at[1] != 0)
        return NULL;
    uint32_t id = be32_load(at + 0x28);
    unsigned depth = at[0x21] >> 5;
    bool is_444 = id == 1256 || id == 1270;
    bool is_interlaced = at[5] >> 1 & 1;
    struct pixel_layout layout = {
        .chroma = is_444 ? CHROMA_444 : CHROMA_422,
        .depth = 6 + 2 * depth,
        .is_rgb = id == 1256,
    };
    uint64_t lines = be16_load(at + 0x18);
    if (dnx_profile(id) == NULL || depth < 1 || depth > 3)
        return NULL;
    say_size(track, be16_load(at + 0x1a), is_interlaced ? 2 * lines : lines);
    TRY(say_word(track, "profile", dnx_profile(id)));
    TRY(say_integer(track, "dnx.compression_id", id));
    TRY(say_pixels(track, layout));
    return say_word(track, "field_order", is_interlaced ? NULL : "progressive");
}

/* T.81, B.2.2: how the first component is sampled against the second. */
static unsigned jpeg_chroma(const uint8_t *components, unsigned count)
{
    unsigned h = components[1] >> 4;
    unsigned v = components[1] & 15;
    if (count == 1)
        return CHROMA_NONE;
    bool half_x = h == 2 * (unsigned)(components[4] >> 4);
    bool half_y = v == 2 * (unsigned)(components[4] & 15);
    if (half_x)
        return half_y ? CHROMA_420 : CHROMA_422;
    return half_y ? 4 : CHROMA_444;
}

static dits_error *say_jpeg_frame(struct media_track *track, unsigned marker,
                                  struct slice body)
{
    static const char *const profiles[] = {"Baseline", "Sequential",
                                           "Progressive", "Lossless"};
    if (body.size < 6)
        return NULL;
    unsigned count = body.data[5];
    if ((count != 1 && count != 3) || body.size < 6 + 3 * (size_t)count)
        return NULL;
    struct pixel_layout layout = {.depth = body.data[0],
                                  .chroma = jpeg_chroma(body.data + 6, count),
                                  .is_jpeg = true};
    say_size(track, be16_load(body.data + 3), be16_load(body.data + 1));
    TRY(say_word(track, "profile", profiles[marker & 3]));
    TRY(say_range(track, true));
    return say_pixels(track, layout);
}

/* Segments up to the first scan. */
dits_error *mjpeg_describe(struct media_track *track, struct slice sample)
{
    size_t at = 2;
    while (at + 4 <= sample.size && sample.data[at] == 0xff) {
        unsigned marker = sample.data[at + 1];
        size_t size = be16_load(sample.data + at + 2);
        if (marker == 0xff) { /* fill */
            at++;
            continue;
        }
        if (marker == 0xda || size < 2 || size > sample.size - at - 2)
            return NULL;
        if (marker >= 0xc0 && marker <= 0xc3)
            return say_jpeg_frame(track, marker,
                                  slice_of(sample.data + at + 4, size - 2));
        at += 2 + size;
    }
    return NULL;
}

/* The image and tile size, which follow the start of the codestream. */
dits_error *jpeg2000_describe(struct media_track *track, struct slice sample)
{
    static const uint8_t start[] = {0xff, 0x4f, 0xff, 0x51};
    size_t head = sample.size < CODEC_HEAD_BYTES ? sample.size
                                                 : CODEC_HEAD_BYTES;
    const uint8_t *at = memmem(sample.data, head, start, sizeof(start));
    if (at == NULL || sample.size - (size_t)(at - sample.data) < 45)
        return NULL;
    const uint8_t *siz = at + 6; /* behind the marker and its length */
    uint64_t width = be32_load(siz + 2);
    uint64_t height = be32_load(siz + 6);
    uint64_t left = be32_load(siz + 10);
    uint64_t top = be32_load(siz + 14);
    say_size(track, width > left ? width - left : 0,
             height > top ? height - top : 0);
    TRY(say_integer(track, "jpeg2000.components", be16_load(siz + 34)));
    return say_integer(track, "bit_depth", (siz[36] & 0x7f) + 1);
}

/* The header block of the first sequence: 50 or 60 fields. */
dits_error *dv_describe(struct media_track *track, struct slice sample)
{
    if (sample.size < 80 || sample.data[0] >> 5 != 0 || sample.data[1] != 0x07)
        return NULL;
    bool is_pal = sample.data[3] >> 7;
    say_size(track, 720, is_pal ? 576 : 480);
    return is_pal ? say_rational(track, "frame_rate", 25, 1)
                  : say_rational(track, "frame_rate", 30000, 1001);
}

enum { CINEFORM_WIDTH = 20, CINEFORM_HEIGHT = 21, CINEFORM_TAGS_MAX = 256 };

/* Pairs of a tag and its value. */
dits_error *cineform_describe(struct media_track *track, struct slice sample)
{
    uint32_t width = 0;
    uint32_t height = 0;
    for (size_t i = 0; i < CINEFORM_TAGS_MAX && 4 * i + 4 <= sample.size; i++) {
        unsigned tag = be16_load(sample.data + 4 * i);
        unsigned value = be16_load(sample.data + 4 * i + 2);
        if (tag == CINEFORM_WIDTH && width == 0)
            width = value;
        if (tag == CINEFORM_HEIGHT && height == 0)
            height = value;
    }
    say_size(track, width, height);
    return NULL;
}
