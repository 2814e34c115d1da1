/*
 * Supplemental enhancement information: ITU-T H.264 annex D, H.265 annex D,
 * H.274; payloads of ITU-T T.35 as of ATSC A/53 and SMPTE ST 2094-40.
 */
#include <stdio.h>
#include <string.h>

#include "base/be.h"
#include "media/codec/say.h"
#include "media/codec/units.h"

/* A type or size: bytes of 255 add up until one is less. */
static bool read_number(struct slice *bytes, uint32_t *out)
{
    uint32_t number = 0;
    while (bytes->size > 0) {
        uint8_t byte = bytes->data[0];
        *bytes = slice_of(bytes->data + 1, bytes->size - 1);
        number += byte;
        if (byte != 0xff) {
            *out = number;
            return true;
        }
    }
    return false;
}

static bool begins(struct slice bytes, const char *with, size_t size)
{
    return bytes.size >= size && memcmp(bytes.data, with, size) == 0;
}

static struct slice behind(struct slice bytes, size_t size)
{
    return slice_of(bytes.data + size, bytes.size - size);
}

/* ATSC A/53 part 4, 6.2.3: type 3, flags with a count, then the triplets. */
static void classify_captions(struct codec_message *message, struct slice data)
{
    if (data.size < 3 || data.data[0] != 3)
        return;
    size_t size = (size_t)(data.data[1] & 0x1f) * 3;
    message->kind = CODEC_MESSAGE_CAPTIONS;
    message->body =
        slice_of(data.data + 3, size < data.size - 3 ? size : data.size - 3);
}

void t35_classify(struct codec_message *message)
{
    struct slice payload = message->payload;
    if (begins(payload, "\xb5\x00\x31GA94", 7)) {
        classify_captions(message, behind(payload, 7));
    } else if (begins(payload, "\xb5\x00\x3c\x00\x01\x04", 6)) {
        message->kind = CODEC_MESSAGE_HDR10PLUS;
        message->body = behind(payload, 6);
    } else if (begins(payload, "\xb5\x00\x3b\x00\x00\x08\x00", 7)) {
        message->kind = CODEC_MESSAGE_DOLBY_VISION;
        message->body = behind(payload, 7);
    }
}

dits_error *sei_each(struct slice rbsp, codec_message_fn *fn, void *payload)
{
    /* The last byte is the stop bit. */
    while (rbsp.size > 2) {
        struct codec_message message = {0};
        uint32_t size = 0;
        if (!read_number(&rbsp, &message.type) || !read_number(&rbsp, &size) ||
            size > rbsp.size)
            return NULL;
        message.payload = slice_of(rbsp.data, size);
        if (message.type == CODEC_SEI_T35)
            t35_classify(&message);
        TRY(fn(&message, payload));
        rbsp = behind(rbsp, size);
    }
    return NULL;
}

static dits_error *say_point(struct media_track *track, const char *name,
                             uint32_t x, uint32_t y, uint32_t unit)
{
    char text[64] = "";
    (void)snprintf(text, sizeof(text), "%u/%u,%u/%u", x, unit, y, unit);
    return say_word(track, name, text);
}

dits_error *say_mastering(struct media_track *track,
                          const struct colour_mastering *mastering)
{
    if (facts_find(&track->facts, "hdr.mastering.primaries") != NULL)
        return NULL;
    return colour_add_mastering(&track->facts, mastering);
}

/* Green, blue, red; 0.00002 of a place, 0.0001 cd/m2 (H.265, D.3.28). */
static dits_error *say_mastering_sei(struct media_track *track,
                                     struct slice payload)
{
    static const size_t order[] = {1, 2, 0};
    struct colour_mastering m = {
        .xy_divisor = 50000, .max_divisor = 10000, .min_divisor = 10000};
    if (payload.size < 24)
        return NULL;
    for (size_t i = 0; i < 3; i++) {
        m.xy[2 * order[i]] = be16_load(payload.data + 4 * i);
        m.xy[2 * order[i] + 1] = be16_load(payload.data + 4 * i + 2);
    }
    m.xy[6] = be16_load(payload.data + 12);
    m.xy[7] = be16_load(payload.data + 14);
    m.max_luminance = be32_load(payload.data + 16);
    m.min_luminance = be32_load(payload.data + 20);
    return say_mastering(track, &m);
}

static dits_error *say_content_light(struct media_track *track,
                                     struct slice payload)
{
    if (payload.size < 4)
        return NULL;
    TRY(say_integer(track, "hdr.content_light.max", be16_load(payload.data)));
    return say_integer(track, "hdr.content_light.average",
                       be16_load(payload.data + 2));
}

/* H.265, D.3.39: three numbers, the place in 0.00002. */
static dits_error *say_ambient(struct media_track *track, struct slice payload)
{
    if (payload.size < 8)
        return NULL;
    TRY(say_rational(track, "hdr.ambient.illuminance", be32_load(payload.data),
                     10000));
    return say_point(track, "hdr.ambient.white_point",
                     be16_load(payload.data + 4), be16_load(payload.data + 6),
                     50000);
}

/* Encoders that sign their work; the text stands behind the UUID. */
static dits_error *say_user_data(struct media_track *track,
                                 struct slice payload)
{
    static const char *const encoders[] = {"x264", "x265",  "SVT",
                                           "Lavc", "Ateme", "NVENC"};
    if (payload.size <= 16)
        return NULL;
    struct slice text = behind(payload, 16);
    for (size_t i = 0; i < sizeof(encoders) / sizeof(encoders[0]); i++)
        if (begins(text, encoders[i], strlen(encoders[i])))
            return say_text(track, "encoder", text);
    return NULL;
}

/* H.264, table D-8: how the two views lie in a frame. */
static dits_error *say_frame_packing(struct media_track *track,
                                     struct slice payload)
{
    static const char *const names[] = {"checkerboard",
                                        "column interleaved",
                                        "row interleaved",
                                        "side by side",
                                        "top and bottom",
                                        "frame alternate",
                                        "2D"};
    struct bits bits = bits_over(payload);
    (void)bits_ue(&bits);
    bool is_cancelled = bits_flag(&bits);
    unsigned type = bits_take(&bits, 7);
    if (bits_are_over(&bits) || is_cancelled || type >= 7)
        return NULL;
    return say_word(track, "stereo_mode", names[type]);
}

static dits_error *say_captions(struct media_track *track, struct slice body)
{
    for (size_t at = 0; at + 3 <= body.size; at += 3) {
        bool is_valid = body.data[at] >> 2 & 1;
        unsigned type = body.data[at] & 3;
        if (is_valid)
            TRY(say_true(track, type < 2 ? "captions.608" : "captions.708"));
    }
    return NULL;
}

struct clock {
    bool is_valid;
    bool is_drop;
    uint32_t hours, minutes, seconds, frames;
};

/* The second half of a clock time stamp: what is left out counts as zero. */
static void read_parts(struct bits *bits, struct clock *clock)
{
    if (!bits_flag(bits))
        return;
    clock->seconds = bits_take(bits, 6);
    if (!bits_flag(bits))
        return;
    clock->minutes = bits_take(bits, 6);
    if (bits_flag(bits))
        clock->hours = bits_take(bits, 5);
}

static void read_whole(struct bits *bits, struct clock *clock)
{
    clock->seconds = bits_take(bits, 6);
    clock->minutes = bits_take(bits, 6);
    clock->hours = bits_take(bits, 5);
}

/* H.264, D.1.3: one clock per picture structure; the first is taken. */
static struct clock read_pic_timing(struct bits *bits,
                                    const struct avc_timing *timing,
                                    unsigned *out_struct)
{
    struct clock clock = {0};
    if (timing->has_cpb_delays)
        bits_skip(bits,
                  timing->cpb_removal_bits + (uint64_t)timing->dpb_output_bits);
    *out_struct = bits_take(bits, 4);
    if (!bits_flag(bits))
        return clock;
    bits_skip(bits, 2 + 1);
    unsigned counting = bits_take(bits, 5);
    bool is_full = bits_flag(bits);
    bits_skip(bits, 2);
    clock.frames = bits_take(bits, 8);
    clock.is_drop = counting == 4;
    if (is_full)
        read_whole(bits, &clock);
    else
        read_parts(bits, &clock);
    clock.is_valid = !bits_are_over(bits);
    return clock;
}

/* H.265, D.2.27. */
static struct clock read_time_code(struct bits *bits)
{
    struct clock clock = {0};
    unsigned count = bits_take(bits, 2);
    if (count == 0 || !bits_flag(bits))
        return clock;
    bits_skip(bits, 1);
    unsigned counting = bits_take(bits, 5);
    bool is_full = bits_flag(bits);
    bits_skip(bits, 2);
    clock.frames = bits_take(bits, 9);
    clock.is_drop = counting == 4;
    if (is_full)
        read_whole(bits, &clock);
    else
        read_parts(bits, &clock);
    clock.is_valid = !bits_are_over(bits);
    return clock;
}

static dits_error *say_clock(struct media_track *track,
                             const struct clock *clock)
{
    char text[32] = "";
    if (!clock->is_valid || clock->hours > 23 || clock->minutes > 59 ||
        clock->seconds > 59)
        return NULL;
    (void)snprintf(text, sizeof(text), "%02u:%02u:%02u%c%02u", clock->hours,
                   clock->minutes, clock->seconds, clock->is_drop ? ';' : ':',
                   clock->frames);
    return say_word(track, "timecode", text);
}

static dits_error *say_pic_timing(struct media_track *track,
                                  struct slice payload,
                                  const struct avc_timing *timing)
{
    static const char *const orders[] = {"progressive", "tt", "bb", "tt",
                                         "bb",          "tt", "bb"};
    struct bits bits = bits_over(payload);
    unsigned structure = 0;
    if (timing == NULL || !timing->is_known || !timing->has_pic_struct)
        return NULL;
    struct clock clock = read_pic_timing(&bits, timing, &structure);
    TRY(say_clock(track, &clock));
    if (structure < sizeof(orders) / sizeof(orders[0]))
        TRY(say_word(track, "field_order", orders[structure]));
    return NULL;
}

static dits_error *say_kind(struct media_track *track,
                            const struct codec_message *message)
{
    switch (message->kind) {
    case CODEC_MESSAGE_CAPTIONS:
        return say_captions(track, message->body);
    case CODEC_MESSAGE_HDR10PLUS:
        return say_true(track, "hdr10plus");
    case CODEC_MESSAGE_DOLBY_VISION:
        return say_true(track, "dolby_vision.rpu");
    case CODEC_MESSAGE_OTHER:
        break;
    }
    return NULL;
}

dits_error *sei_say(struct media_track *track,
                    const struct codec_message *message,
                    const struct avc_timing *timing)
{
    struct slice payload = message->payload;
    struct bits bits = bits_over(payload);
    struct clock clock = {0};
    switch (message->type) {
    case CODEC_SEI_PIC_TIMING:
        return say_pic_timing(track, payload, timing);
    case CODEC_SEI_T35:
        return say_kind(track, message);
    case CODEC_SEI_USER_DATA:
        return say_user_data(track, payload);
    case CODEC_SEI_FRAME_PACKING:
        return say_frame_packing(track, payload);
    case CODEC_SEI_TIME_CODE:
        clock = read_time_code(&bits);
        return say_clock(track, &clock);
    case CODEC_SEI_MASTERING_DISPLAY:
        return say_mastering_sei(track, payload);
    case CODEC_SEI_CONTENT_LIGHT:
        return say_content_light(track, payload);
    case CODEC_SEI_ALTERNATIVE_TRANSFER:
        return payload.size == 0
                   ? NULL
                   : say_word(track, "colour.alternative_transfer",
                              colour_transfer_name(payload.data[0]));
    case CODEC_SEI_AMBIENT:
        return say_ambient(track, payload);
    default:
        return NULL;
    }
}
