/*
 * MPEG-1 and MPEG-2 video (ISO/IEC 13818-2, 6.2) and MPEG-4 part 2 (ISO/IEC
 * 14496-2, 6.2).
 */
#include <stdio.h>
#include <string.h>

#include "media/bits.h"
#include "media/codec/nal.h"
#include "media/codec/readers.h"
#include "media/codec/say.h"
#include "media/codec/units.h"

enum {
    PICTURE = 0x00,
    USER_DATA = 0xb2,
    SEQUENCE = 0xb3,
    EXTENSION = 0xb5,
    GROUP = 0xb8,
    VISUAL_OBJECT_SEQUENCE = 0xb0,
    VOL_FIRST = 0x20,
    VOL_LAST = 0x2f,
    VOP = 0xb6,
};

enum { EXTENSION_SEQUENCE = 1, EXTENSION_DISPLAY = 2, EXTENSION_PICTURE = 8 };

/* So many start codes of a sample are looked at: slices come last. */
enum { CODES_MAX = 64 };

/* The next start code: its last byte, and what stands up to the next one. */
static bool next_code(struct slice *bytes, unsigned *out_code,
                      struct slice *out)
{
    size_t at = nal_find_start_code(*bytes);
    if (bytes->size - at < 4)
        return false;
    *out_code = bytes->data[at + 3];
    struct slice rest = slice_of(bytes->data + at + 4, bytes->size - at - 4);
    size_t end = nal_find_start_code(rest);
    *out = slice_of(rest.data, end);
    *bytes = slice_of(rest.data + end, rest.size - end);
    return true;
}

struct mpeg_sequence {
    bool is_valid;
    bool is_mpeg2;
    uint32_t width, height;
    unsigned aspect;
    uint64_t rate, rate_divisor;
    unsigned profile, level, chroma;
    bool is_progressive;
};

static void read_sequence(struct bits *bits, struct mpeg_sequence *seq)
{
    static const unsigned rates[][2] = {{0, 0},  {24000, 1001}, {24, 1},
                                        {25, 1}, {30000, 1001}, {30, 1},
                                        {50, 1}, {60000, 1001}, {60, 1}};
    seq->width = bits_take(bits, 12);
    seq->height = bits_take(bits, 12);
    seq->aspect = bits_take(bits, 4);
    unsigned rate = bits_take(bits, 4);
    if (rate < sizeof(rates) / sizeof(rates[0])) {
        seq->rate = rates[rate][0];
        seq->rate_divisor = rates[rate][1];
    }
    seq->chroma = CHROMA_420;
    seq->is_valid = !bits_are_over(bits);
}

static void read_sequence_extension(struct bits *bits,
                                    struct mpeg_sequence *seq)
{
    bits_skip(bits, 1);
    unsigned profile = bits_take(bits, 3);
    unsigned level = bits_take(bits, 4);
    bool is_progressive = bits_flag(bits);
    unsigned chroma = bits_take(bits, 2);
    uint32_t width = bits_take(bits, 2) << 12;
    uint32_t height = bits_take(bits, 2) << 12;
    bits_skip(bits, 12 + 1 + 8 + 1);
    unsigned times = bits_take(bits, 2) + 1;
    unsigned divisor = bits_take(bits, 5) + 1;
    if (bits_are_over(bits))
        return;
    seq->is_mpeg2 = true;
    seq->profile = profile;
    seq->level = level;
    seq->is_progressive = is_progressive;
    seq->chroma = chroma;
    seq->width |= width;
    seq->height |= height;
    seq->rate *= times;
    seq->rate_divisor *= divisor;
}

static dits_error *say_display_extension(struct media_track *track,
                                         struct bits *bits)
{
    bits_skip(bits, 3);
    if (!bits_flag(bits))
        return NULL;
    unsigned primaries = bits_take(bits, 8);
    unsigned transfer = bits_take(bits, 8);
    unsigned matrix = bits_take(bits, 8);
    return bits_are_over(bits) ? NULL
                               : say_colour(track, primaries, transfer, matrix);
}

/* 6.3.10: which field of a frame is first. */
static dits_error *say_fields(struct media_track *track, struct bits *bits,
                              const struct mpeg_sequence *seq)
{
    bits_skip(bits, 16 + 2);
    unsigned structure = bits_take(bits, 2);
    bool top_first = bits_flag(bits);
    bits_skip(bits, 5 + 1 + 1);
    bool is_progressive = bits_flag(bits);
    if (bits_are_over(bits) || seq->is_progressive)
        return NULL;
    if (structure == 3 && is_progressive)
        return say_word(track, "field_order", "progressive");
    bool is_top = structure == 3 ? top_first : structure == 1;
    return say_word(track, "field_order", is_top ? "tt" : "bb");
}

static dits_error *say_aspect(struct media_track *track,
                              const struct mpeg_sequence *seq)
{
    static const unsigned shapes[][2] = {
        {0, 0}, {0, 0}, {4, 3}, {16, 9}, {221, 100}};
    if (seq->aspect == 1)
        return say_rational(track, "sample_aspect_ratio", 1, 1);
    if (!seq->is_mpeg2 || seq->aspect >= sizeof(shapes) / sizeof(shapes[0]))
        return NULL;
    return say_rational(track, "sample_aspect_ratio",
                        (uint64_t)shapes[seq->aspect][0] * seq->height,
                        (uint64_t)shapes[seq->aspect][1] * seq->width);
}

static dits_error *say_sequence(struct media_track *track,
                                const struct mpeg_sequence *seq)
{
    static const char *const profiles[] = {
        "4:2:2",        "High", "Spatially Scalable",
        "SNR Scalable", "Main", "Simple"};
    struct pixel_layout layout = {.chroma = seq->chroma, .depth = 8};
    if (!seq->is_valid)
        return NULL;
    say_size(track, seq->width, seq->height);
    if (seq->is_mpeg2) {
        TRY(say_word(track, "profile",
                     seq->profile < 6 ? profiles[seq->profile] : NULL));
        TRY(say_integer(track, "level", seq->level));
    }
    TRY(say_pixels(track, layout));
    TRY(say_range(track, false));
    if (seq->is_progressive || !seq->is_mpeg2)
        TRY(say_word(track, "field_order", "progressive"));
    TRY(say_rational(track, "frame_rate", seq->rate, seq->rate_divisor));
    return say_aspect(track, seq);
}

/* 6.3.8: 25 bits of time, of the first picture to show. */
static dits_error *say_group(struct media_track *track, struct bits *bits)
{
    char text[32] = "";
    bool is_drop = bits_flag(bits);
    unsigned hours = bits_take(bits, 5);
    unsigned minutes = bits_take(bits, 6);
    bits_skip(bits, 1);
    unsigned seconds = bits_take(bits, 6);
    unsigned pictures = bits_take(bits, 6);
    if (bits_are_over(bits) || hours > 23 || minutes > 59 || seconds > 59)
        return NULL;
    (void)snprintf(text, sizeof(text), "%02u:%02u:%02u%c%02u", hours, minutes,
                   seconds, is_drop ? ';' : ':', pictures);
    return say_word(track, "timecode", text);
}

static bool message_of(struct slice user_data, struct codec_message *out)
{
    if (user_data.size < 6 || memcmp(user_data.data, "GA94", 4) != 0 ||
        user_data.data[4] != 3)
        return false;
    size_t size = (size_t)(user_data.data[5] & 0x1f) * 3;
    size_t left = user_data.size < 7 ? 0 : user_data.size - 7;
    *out = (struct codec_message){
        .type = CODEC_SEI_T35,
        .kind = CODEC_MESSAGE_CAPTIONS,
        .payload = user_data,
        .body = slice_of(user_data.data + 7 - (left == 0),
                         size < left ? size : left),
    };
    return true;
}

static dits_error *say_extension(struct media_track *track, struct slice body,
                                 struct mpeg_sequence *seq)
{
    struct bits bits = bits_over(body);
    unsigned id = bits_take(&bits, 4);
    if (id == EXTENSION_SEQUENCE)
        read_sequence_extension(&bits, seq);
    else if (id == EXTENSION_DISPLAY)
        return say_display_extension(track, &bits);
    else if (id == EXTENSION_PICTURE)
        return say_fields(track, &bits, seq);
    return NULL;
}

static dits_error *say_mpeg2(struct media_track *track, struct slice bytes,
                             struct mpeg_sequence *seq)
{
    struct slice body = {0};
    unsigned code = 0;
    for (int i = 0; i < CODES_MAX && next_code(&bytes, &code, &body); i++) {
        struct bits bits = bits_over(body);
        struct codec_message message = {0};
        if (code == SEQUENCE)
            read_sequence(&bits, seq);
        else if (code == EXTENSION)
            TRY(say_extension(track, body, seq));
        else if (code == GROUP)
            TRY(say_group(track, &bits));
        else if (code == USER_DATA && message_of(body, &message))
            TRY(sei_say(track, &message, NULL));
    }
    return NULL;
}

dits_error *mpeg2_describe(struct media_track *track, struct slice sample)
{
    struct mpeg_sequence seq = {0};
    TRY(say_mpeg2(track, buf_slice(&track->config), &seq));
    TRY(say_mpeg2(track, sample, &seq));
    return say_sequence(track, &seq);
}

dits_error *mpeg2_each_message(const struct media_track *track,
                               struct slice sample, codec_message_fn *fn,
                               void *payload)
{
    struct slice body = {0};
    unsigned code = 0;
    (void)track;
    for (int i = 0; i < CODES_MAX && next_code(&sample, &code, &body); i++) {
        struct codec_message message = {0};
        if (code == USER_DATA && message_of(body, &message))
            TRY(fn(&message, payload));
    }
    return NULL;
}

static enum codec_sync_class class_of_picture(const struct media_track *track,
                                              struct slice body,
                                              bool has_sequence, bool is_closed)
{
    struct bits bits = bits_over(body);
    bits_skip(&bits, 10);
    unsigned type = bits_take(&bits, 3);
    if (bits_are_over(&bits))
        return CODEC_SYNC_UNKNOWN;
    if (type != 1)
        return CODEC_SYNC_NOT;
    if (is_closed)
        return CODEC_SYNC_IDR;
    return has_sequence || track->config.size > 0 ? CODEC_SYNC_OPEN
                                                  : CODEC_SYNC_INTRA;
}

enum codec_sync_class mpeg2_class(const struct media_track *track,
                                  struct slice sample)
{
    struct slice body = {0};
    unsigned code = 0;
    bool has_sequence = false;
    bool is_closed = false;
    for (int i = 0; i < CODES_MAX && next_code(&sample, &code, &body); i++) {
        has_sequence |= code == SEQUENCE || code == GROUP;
        if (code == GROUP && body.size >= 4)
            is_closed = body.data[3] >> 6 & 1;
        if (code == PICTURE)
            return class_of_picture(track, body, has_sequence, is_closed);
    }
    return CODEC_SYNC_UNKNOWN;
}

static dits_error *say_mpeg4_aspect(struct media_track *track,
                                    struct bits *bits)
{
    unsigned width = 0;
    unsigned height = 0;
    unsigned code = bits_take(bits, 4);
    if (code == 15) {
        width = bits_take(bits, 8);
        height = bits_take(bits, 8);
    } else if (code < 6) {
        (void)sample_aspect(code, &width, &height);
    }
    return width == 0
               ? NULL
               : say_rational(track, "sample_aspect_ratio", width, height);
}

/* ISO/IEC 14496-2, 6.2.3. */
static dits_error *say_layer(struct media_track *track, struct bits *bits)
{
    unsigned version = 1;
    bits_skip(bits, 1 + 8);
    if (bits_flag(bits)) {
        version = bits_take(bits, 4);
        bits_skip(bits, 3);
    }
    TRY(say_mpeg4_aspect(track, bits));
    if (bits_flag(bits)) {
        bits_skip(bits, 2 + 1);
        if (bits_flag(bits))
            bits_skip(bits, 79);
    }
    unsigned shape = bits_take(bits, 2);
    if (shape == 3 && version != 1)
        bits_skip(bits, 4);
    bits_skip(bits, 1);
    unsigned resolution = bits_take(bits, 16);
    bits_skip(bits, 1);
    unsigned width_of_time = 1;
    while (width_of_time < 16 && resolution > 1u << width_of_time)
        width_of_time++;
    if (bits_flag(bits))
        bits_skip(bits, width_of_time);
    if (shape != 0)
        return NULL;
    bits_skip(bits, 1);
    uint32_t width = bits_take(bits, 13);
    bits_skip(bits, 1);
    uint32_t height = bits_take(bits, 13);
    if (!bits_are_over(bits))
        say_size(track, width, height);
    return NULL;
}

static dits_error *say_mpeg4(struct media_track *track, struct slice bytes)
{
    struct slice body = {0};
    unsigned code = 0;
    for (int i = 0; i < CODES_MAX && next_code(&bytes, &code, &body); i++) {
        struct bits bits = bits_over(body);
        if (code == VISUAL_OBJECT_SEQUENCE && body.size > 0) {
            unsigned profile = body.data[0] >> 4;
            TRY(say_word(track, "profile",
                         profile == 0    ? "Simple Profile"
                         : profile == 15 ? "Advanced Simple Profile"
                                         : NULL));
            /* Table G.1: Simple, level 0, came later, and as 8. */
            unsigned level = body.data[0] & 15;
            TRY(say_integer(track, "level", body.data[0] == 8 ? 0 : level));
        } else if (code >= VOL_FIRST && code <= VOL_LAST) {
            TRY(say_layer(track, &bits));
        } else if (code == USER_DATA) {
            TRY(say_text(track, "encoder", body));
        }
    }
    return NULL;
}

dits_error *mpeg4_describe(struct media_track *track, struct slice sample)
{
    struct pixel_layout layout = {.chroma = CHROMA_420, .depth = 8};
    TRY(say_mpeg4(track, buf_slice(&track->config)));
    TRY(say_mpeg4(track, sample));
    return say_pixels(track, layout);
}

enum codec_sync_class mpeg4_class(const struct media_track *track,
                                  struct slice sample)
{
    struct slice body = {0};
    unsigned code = 0;
    (void)track;
    for (int i = 0; i < CODES_MAX && next_code(&sample, &code, &body); i++)
        if (code == VOP && body.size > 0)
            return body.data[0] >> 6 == 0 ? CODEC_SYNC_IDR : CODEC_SYNC_NOT;
    return CODEC_SYNC_UNKNOWN;
}
