/* AV1 Bitstream & Decoding Process Specification, 5.3, 5.5, 5.8, 5.9.2. */
#include "base/be.h"
#include "media/bits.h"
#include "media/codec/readers.h"
#include "media/codec/say.h"
#include "media/codec/units.h"

/* leb128 (4.10.5): at most eight bytes. */
static bool take_leb128(struct slice *bytes, uint64_t *out)
{
    uint64_t value = 0;
    for (unsigned i = 0; i < 8 && i < bytes->size; i++) {
        uint8_t byte = bytes->data[i];
        value |= (uint64_t)(byte & 0x7f) << (7 * i);
        if (byte >> 7 == 0) {
            *bytes = slice_of(bytes->data + i + 1, bytes->size - i - 1);
            *out = value;
            return true;
        }
    }
    return false;
}

bool obu_next(struct slice *bytes, struct obu *out)
{
    if (bytes->size == 0 || bytes->data[0] >> 7 != 0)
        return false;
    uint8_t header = bytes->data[0];
    size_t header_size = header >> 2 & 1 ? 2 : 1;
    uint64_t size = 0;
    if (bytes->size < header_size)
        return false;
    struct slice rest =
        slice_of(bytes->data + header_size, bytes->size - header_size);
    if ((header >> 1 & 1) == 0)
        size = rest.size;
    else if (!take_leb128(&rest, &size))
        return false;
    out->type = header >> 3 & 15;
    out->is_cut = size > rest.size;
    size_t kept = out->is_cut ? rest.size : (size_t)size;
    out->payload = slice_of(rest.data, kept);
    *bytes = slice_of(rest.data + kept, rest.size - kept);
    return true;
}

struct sequence {
    unsigned profile, level, tier;
    bool is_still, is_reduced;
    uint32_t width, height;
    uint32_t units_in_tick, time_scale;
    struct pixel_layout pixels;
    bool has_colour, is_full_range;
    unsigned primaries, transfer, matrix;
};

static void skip_uvlc(struct bits *bits)
{
    (void)bits_ue(bits); /* the same code */
}

struct decoder_model {
    bool is_present;
    unsigned delay_bits;
};

static struct decoder_model read_timing(struct bits *bits, struct sequence *seq)
{
    struct decoder_model model = {0};
    if (!bits_flag(bits))
        return model;
    seq->units_in_tick = bits_take(bits, 32);
    seq->time_scale = bits_take(bits, 32);
    if (bits_flag(bits))
        skip_uvlc(bits);
    model.is_present = bits_flag(bits);
    if (model.is_present) {
        model.delay_bits = bits_take(bits, 5) + 1;
        bits_skip(bits, 32 + 5 + 5);
    }
    return model;
}

static void read_operating_points(struct bits *bits, struct sequence *seq)
{
    struct decoder_model model = read_timing(bits, seq);
    bool has_delay = bits_flag(bits);
    unsigned count = bits_take(bits, 5) + 1;
    for (unsigned i = 0; i < count; i++) {
        bits_skip(bits, 12);
        unsigned level = bits_take(bits, 5);
        unsigned tier = level > 7 ? bits_take(bits, 1) : 0;
        if (i == 0) {
            seq->level = level;
            seq->tier = tier;
        }
        if (model.is_present && bits_flag(bits))
            bits_skip(bits, 2 * (uint64_t)model.delay_bits + 1);
        if (has_delay && bits_flag(bits))
            bits_skip(bits, 4);
    }
}

static void skip_tools(struct bits *bits, bool is_reduced)
{
    bits_skip(bits, 3);
    if (!is_reduced) {
        bits_skip(bits, 4);
        bool has_order_hint = bits_flag(bits);
        if (has_order_hint)
            bits_skip(bits, 2);
        bool chooses_screen = bits_flag(bits);
        bool may_be_screen = chooses_screen || bits_flag(bits);
        if (may_be_screen && !bits_flag(bits))
            bits_skip(bits, 1);
        if (has_order_hint)
            bits_skip(bits, 3);
    }
    bits_skip(bits, 3);
}

static unsigned read_subsampling(struct bits *bits, const struct sequence *seq)
{
    if (seq->profile == 0)
        return CHROMA_420;
    if (seq->profile == 1)
        return CHROMA_444;
    if (seq->pixels.depth < 12)
        return CHROMA_422;
    if (!bits_flag(bits))
        return CHROMA_444;
    return bits_flag(bits) ? CHROMA_420 : CHROMA_422;
}

static void read_colour(struct bits *bits, struct sequence *seq)
{
    bool is_high = bits_flag(bits);
    bool is_twelve = seq->profile == 2 && is_high && bits_flag(bits);
    bool is_grey = seq->profile != 1 && bits_flag(bits);
    seq->pixels.depth = is_twelve ? 12 : is_high ? 10 : 8;
    seq->has_colour = bits_flag(bits);
    if (seq->has_colour) {
        seq->primaries = bits_take(bits, 8);
        seq->transfer = bits_take(bits, 8);
        seq->matrix = bits_take(bits, 8);
    }
    bool is_srgb = seq->has_colour && seq->primaries == 1 &&
                   seq->transfer == 13 && seq->matrix == 0;
    seq->is_full_range = is_srgb || bits_flag(bits);
    seq->pixels.is_rgb = is_srgb;
    seq->pixels.chroma = is_grey   ? CHROMA_NONE
                         : is_srgb ? CHROMA_444
                                   : read_subsampling(bits, seq);
}

static bool read_sequence(struct slice payload, struct sequence *seq)
{
    struct bits bits = bits_over(payload);
    seq->profile = bits_take(&bits, 3);
    seq->is_still = bits_flag(&bits);
    seq->is_reduced = bits_flag(&bits);
    if (seq->is_reduced)
        seq->level = bits_take(&bits, 5);
    else
        read_operating_points(&bits, seq);
    unsigned width_bits = bits_take(&bits, 4) + 1;
    unsigned height_bits = bits_take(&bits, 4) + 1;
    seq->width = bits_take(&bits, width_bits) + 1;
    seq->height = bits_take(&bits, height_bits) + 1;
    if (!seq->is_reduced && bits_flag(&bits))
        bits_skip(&bits, 7);
    skip_tools(&bits, seq->is_reduced);
    read_colour(&bits, seq);
    return !bits_are_over(&bits);
}

static dits_error *say_profile(struct media_track *track, unsigned profile,
                               unsigned level)
{
    static const char *const names[] = {"Main", "High", "Professional"};
    TRY(say_word(track, "profile", profile < 3 ? names[profile] : NULL));
    return say_integer(track, "level", level);
}

static dits_error *say_sequence(struct media_track *track, struct slice payload)
{
    struct sequence seq = {0};
    if (!read_sequence(payload, &seq))
        return NULL;
    say_size(track, seq.width, seq.height);
    TRY(say_profile(track, seq.profile, seq.level));
    TRY(say_pixels(track, seq.pixels));
    TRY(say_range(track, seq.is_full_range));
    if (seq.has_colour)
        TRY(say_colour(track, seq.primaries, seq.transfer, seq.matrix));
    if (seq.units_in_tick != 0 && seq.time_scale != 0)
        TRY(say_rational(track, "frame_rate", seq.time_scale,
                         seq.units_in_tick));
    return NULL;
}

/* 6.7.4: red, green, blue in 0.16; luminance in 24.8 and 18.14. */
static dits_error *say_mastering_obu(struct media_track *track,
                                     struct slice body)
{
    struct colour_mastering m = {
        .xy_divisor = 65536, .max_divisor = 256, .min_divisor = 16384};
    if (body.size < 24)
        return NULL;
    for (size_t i = 0; i < 8; i++)
        m.xy[i] = be16_load(body.data + 2 * i);
    m.max_luminance = be32_load(body.data + 16);
    m.min_luminance = be32_load(body.data + 20);
    return say_mastering(track, &m);
}

enum { METADATA_CLL = 1, METADATA_MDCV = 2, METADATA_T35 = 4 };

/* The same payload as of SEI, but for the mastering display. */
static bool message_of(const struct obu *obu, uint64_t *out_type,
                       struct codec_message *out)
{
    struct slice body = obu->payload;
    if (obu->type != OBU_METADATA || !take_leb128(&body, out_type))
        return false;
    *out = (struct codec_message){.payload = body};
    out->type = *out_type == METADATA_CLL    ? CODEC_SEI_CONTENT_LIGHT
                : *out_type == METADATA_MDCV ? CODEC_SEI_MASTERING_DISPLAY
                : *out_type == METADATA_T35  ? CODEC_SEI_T35
                                             : 0;
    if (out->type == CODEC_SEI_T35)
        t35_classify(out);
    return out->type != 0;
}

static dits_error *say_obus(struct media_track *track, struct slice bytes)
{
    struct obu obu = {0};
    while (obu_next(&bytes, &obu)) {
        struct codec_message message = {0};
        uint64_t type = 0;
        if (obu.type == OBU_SEQUENCE_HEADER)
            TRY(say_sequence(track, obu.payload));
        if (!message_of(&obu, &type, &message))
            continue;
        if (type == METADATA_MDCV)
            TRY(say_mastering_obu(track, message.payload));
        else
            TRY(sei_say(track, &message, NULL));
    }
    return NULL;
}

/* AV1-ISOBMFF, 2.3.3: four bytes, then the sequence header. */
dits_error *av1_describe(struct media_track *track, struct slice sample)
{
    struct slice config = buf_slice(&track->config);
    if (config.size >= 4 && config.data[0] == 0x81) {
        TRY(say_obus(track, slice_of(config.data + 4, config.size - 4)));
        TRY(say_profile(track, config.data[1] >> 5, config.data[1] & 0x1f));
    }
    return say_obus(track, sample);
}

dits_error *av1_each_message(const struct media_track *track,
                             struct slice sample, codec_message_fn *fn,
                             void *payload)
{
    struct obu obu = {0};
    (void)track;
    while (obu_next(&sample, &obu)) {
        struct codec_message message = {0};
        uint64_t type = 0;
        if (message_of(&obu, &type, &message))
            TRY(fn(&message, payload));
    }
    return NULL;
}

enum { FRAME_KEY = 0 };

static enum codec_sync_class class_of_frame(struct slice payload,
                                            bool has_sequence)
{
    struct bits bits = bits_over(payload);
    bool shows_existing = bits_flag(&bits);
    unsigned type = bits_take(&bits, 2);
    bool is_shown = bits_flag(&bits);
    if (bits_are_over(&bits))
        return CODEC_SYNC_UNKNOWN;
    if (shows_existing || type != FRAME_KEY || !has_sequence)
        return CODEC_SYNC_NOT;
    return is_shown ? CODEC_SYNC_IDR : CODEC_SYNC_RECOVERY;
}

/* A key frame with its sequence header (7.6.1); the container may keep it. */
enum codec_sync_class av1_class(const struct media_track *track,
                                struct slice sample)
{
    bool has_sequence = track->config.size > 4;
    struct obu obu = {0};
    while (obu_next(&sample, &obu)) {
        struct sequence seq = {0};
        if (obu.type == OBU_SEQUENCE_HEADER) {
            has_sequence = true;
            if (read_sequence(obu.payload, &seq) && seq.is_reduced)
                return CODEC_SYNC_IDR;
        }
        if (obu.type == OBU_FRAME || obu.type == OBU_FRAME_HEADER)
            return class_of_frame(obu.payload, has_sequence);
    }
    return CODEC_SYNC_UNKNOWN;
}
