/*
 * AVC, HEVC and VVC: what parameter sets and messages say, and whether a sample
 * is a place to start (ITU-T H.264 7.3.3 and D.1.8; H.265 table 7-1; H.266
 * table 5).
 */
#include "base/be.h"
#include "media/codec/say.h"
#include "media/codec/units.h"

/* Goes along while the units are walked. */
struct describing {
    struct media_track *track;
    enum nal_codec codec;
    struct avc_sequence sequence;
};

static dits_error *say_message(const struct codec_message *message,
                               void *payload)
{
    struct describing *d = payload;
    /* Type 1 of HEVC is laid out in another way, and says less. */
    bool is_avc = d->codec == NAL_AVC;
    if (message->type == CODEC_SEI_PIC_TIMING && !is_avc)
        return NULL;
    return sei_say(d->track, message, &d->sequence.timing);
}

/* A picture of fields says which is first where nothing else did. */
static dits_error *say_fields(struct describing *d, struct bits *bits)
{
    if (!d->sequence.is_valid || d->sequence.frame_mbs_only)
        return NULL;
    for (int i = 0; i < 3; i++)
        (void)bits_ue(bits);
    if (d->sequence.separate_planes)
        bits_skip(bits, 2);
    bits_skip(bits, d->sequence.frame_num_bits);
    bool is_field = bits_flag(bits);
    bool is_bottom = bits_flag(bits);
    if (bits_are_over(bits) || !is_field)
        return NULL;
    return say_word(d->track, "field_order", is_bottom ? "bb" : "tt");
}

static dits_error *say_avc_unit(struct describing *d, unsigned type,
                                struct bits *bits)
{
    if (type == AVC_SPS)
        return avc_say_sequence(d->track, bits, &d->sequence);
    if (type == AVC_SLICE || type == AVC_IDR)
        return say_fields(d, bits);
    return NULL;
}

static dits_error *say_hevc_unit(struct describing *d, unsigned type,
                                 struct bits *bits)
{
    if (type == HEVC_SPS)
        return hevc_say_sequence(d->track, bits);
    if (type == HEVC_DOLBY_RPU)
        return say_true(d->track, "dolby_vision.rpu");
    return type == HEVC_DOLBY_EL ? say_true(d->track, "dolby_vision.el") : NULL;
}

static dits_error *say_unit(struct slice unit, void *payload)
{
    struct describing *d = payload;
    uint8_t rbsp[UNIT_BYTES_MAX];
    size_t header = nal_header_size(d->codec);
    if (unit.size <= header || nal_is_forbidden(d->codec, unit.data))
        return NULL;
    unsigned type = nal_type(d->codec, unit.data);
    if (nal_layer(d->codec, unit.data) > 0) /* another view, or an alpha */
        return type == HEVC_SPS && d->codec == NAL_HEVC
                   ? say_true(d->track, "layers")
                   : NULL;
    size_t max = nal_is_picture(d->codec, type) ? 64 : sizeof(rbsp);
    size_t size = nal_unescape(slice_of(unit.data + header, unit.size - header),
                               rbsp, max);
    struct bits bits = bits_over(slice_of(rbsp, size));
    if (nal_is_sei(d->codec, type))
        return sei_each(slice_of(rbsp, size), say_message, d);
    if (d->codec == NAL_AVC)
        return say_avc_unit(d, type, &bits);
    return d->codec == NAL_HEVC ? say_hevc_unit(d, type, &bits) : NULL;
}

/* ISO/IEC 14496-15, 11.2.4.2.2: the start of the record has all of it. */
static dits_error *say_vvc_record(struct media_track *track)
{
    struct bits bits = bits_over(buf_slice(&track->config));
    struct pixel_layout layout = {0};
    bits_skip(&bits, 7);
    if (!bits_flag(&bits))
        return NULL;
    bits_skip(&bits, 14);
    layout.chroma = bits_take(&bits, 2);
    layout.depth = bits_take(&bits, 3) + 8;
    bits_skip(&bits, 5 + 8);
    unsigned profile = bits_take(&bits, 7);
    bits_skip(&bits, 1);
    unsigned level = bits_take(&bits, 8);
    if (bits_are_over(&bits))
        return NULL;
    TRY(say_word(track, "profile",
                 profile == 1    ? "Main 10"
                 : profile == 33 ? "Main 10 4:4:4"
                                 : NULL));
    TRY(say_integer(track, "level", level));
    return say_pixels(track, layout);
}

dits_error *nal_describe(struct media_track *track, struct slice sample)
{
    struct describing d = {.track = track, .codec = nal_codec_of(track->codec)};
    if (d.codec == NAL_VVC)
        TRY(say_vvc_record(track));
    if (track->is_encrypted)
        sample.size = 0;
    return units_each(track, sample, say_unit, &d);
}

struct relaying {
    enum nal_codec codec;
    codec_message_fn *fn;
    void *payload;
};

static dits_error *relay_unit(struct slice unit, const struct relaying *r)
{
    uint8_t rbsp[UNIT_BYTES_MAX];
    size_t header = nal_header_size(r->codec);
    if (unit.size <= header || nal_is_forbidden(r->codec, unit.data))
        return NULL;
    unsigned type = nal_type(r->codec, unit.data);
    bool is_rpu = r->codec == NAL_HEVC && type == HEVC_DOLBY_RPU;
    if (!is_rpu && !nal_is_sei(r->codec, type))
        return NULL;
    size_t size = nal_unescape(slice_of(unit.data + header, unit.size - header),
                               rbsp, sizeof(rbsp));
    struct slice bytes = slice_of(rbsp, size);
    struct codec_message message = {.type = CODEC_SEI_T35,
                                    .kind = CODEC_MESSAGE_DOLBY_VISION,
                                    .payload = bytes,
                                    .body = bytes};
    return is_rpu ? r->fn(&message, r->payload)
                  : sei_each(bytes, r->fn, r->payload);
}

dits_error *nal_each_message(const struct media_track *track,
                             struct slice sample, codec_message_fn *fn,
                             void *payload)
{
    struct relaying r = {nal_codec_of(track->codec), fn, payload};
    struct nal_walk walk = units_of_sample(track, sample);
    struct slice unit = {0};
    while (nal_next(&walk, &unit))
        TRY(relay_unit(unit, &r));
    return NULL;
}

/* What the units before the first picture said. */
struct starting {
    bool has_recovery;
    uint32_t recovery_count; /* of frames; HEVC counts otherwise */
};

static dits_error *note_recovery(const struct codec_message *message,
                                 void *payload)
{
    struct starting *starting = payload;
    struct bits bits = bits_over(message->payload);
    if (message->type != CODEC_SEI_RECOVERY_POINT)
        return NULL;
    starting->has_recovery = true;
    starting->recovery_count = bits_ue(&bits);
    return NULL;
}

static enum codec_sync_class avc_class(unsigned type, struct slice rbsp,
                                       const struct starting *starting)
{
    struct bits bits = bits_over(rbsp);
    if (type == AVC_IDR)
        return CODEC_SYNC_IDR;
    (void)bits_ue(&bits); /* first_mb_in_slice */
    uint32_t slice = bits_ue(&bits) % 5;
    if (bits_are_over(&bits))
        return CODEC_SYNC_UNKNOWN;
    bool is_intra = slice == 2 || slice == 4;
    if (!starting->has_recovery)
        return is_intra ? CODEC_SYNC_INTRA : CODEC_SYNC_NOT;
    if (is_intra)
        return starting->recovery_count == 0 ? CODEC_SYNC_OPEN
                                             : CODEC_SYNC_RECOVERY;
    return CODEC_SYNC_GDR;
}

static enum codec_sync_class hevc_class(unsigned type,
                                        const struct starting *starting)
{
    if (type == HEVC_IDR_W_RADL || type == HEVC_IDR_N_LP || type == 18)
        return CODEC_SYNC_IDR; /* 18: broken link without leading pictures */
    if (type >= HEVC_BLA_FIRST && type <= HEVC_CRA)
        return CODEC_SYNC_OPEN;
    return starting->has_recovery ? CODEC_SYNC_GDR : CODEC_SYNC_NOT;
}

static enum codec_sync_class vvc_class(unsigned type)
{
    if (type == VVC_IDR_W_RADL || type == VVC_IDR_N_LP)
        return CODEC_SYNC_IDR;
    if (type == VVC_CRA)
        return CODEC_SYNC_OPEN;
    return type == VVC_GDR ? CODEC_SYNC_GDR : CODEC_SYNC_NOT;
}

static enum codec_sync_class class_of(enum nal_codec codec, struct slice unit,
                                      const struct starting *starting)
{
    uint8_t rbsp[32];
    size_t header = nal_header_size(codec);
    unsigned type = nal_type(codec, unit.data);
    size_t size = nal_unescape(slice_of(unit.data + header, unit.size - header),
                               rbsp, sizeof(rbsp));
    if (codec == NAL_AVC)
        return avc_class(type, slice_of(rbsp, size), starting);
    return codec == NAL_HEVC ? hevc_class(type, starting) : vvc_class(type);
}

/* H.264 table 7-1: before a slice, for decoders of layers alone. */
enum { AVC_PREFIX = 14 };

static enum codec_sync_class sync_of_units(enum nal_codec codec,
                                           struct nal_walk walk)
{
    struct starting starting = {0};
    struct relaying r = {codec, note_recovery, &starting};
    struct slice unit = {0};
    while (nal_next(&walk, &unit)) {
        if (unit.size < nal_header_size(codec) ||
            nal_is_forbidden(codec, unit.data))
            return CODEC_SYNC_UNKNOWN;
        unsigned type = nal_type(codec, unit.data);
        if (nal_is_picture(codec, type) && nal_layer(codec, unit.data) == 0)
            return class_of(codec, unit, &starting);
        /* Some cameras put the whole picture behind the length of this one. */
        if (codec == NAL_AVC && type == AVC_PREFIX && walk.length_size > 0 &&
            nal_find_start_code(unit) < unit.size)
            return sync_of_units(codec, nal_walk_over(unit, 0));
        dits_error_free(relay_unit(unit, &r)); /* cannot fail */
    }
    return CODEC_SYNC_UNKNOWN;
}

enum codec_sync_class nal_sync(const struct media_track *track,
                               struct slice sample)
{
    return sync_of_units(nal_codec_of(track->codec),
                         units_of_sample(track, sample));
}
