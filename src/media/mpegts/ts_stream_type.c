#include "media/mpegts/ts_stream_type.h"

#include <stdio.h>
#include <string.h>

#include "base/be.h"
#include "media/mpegts/es_sniff.h"
#include "media/mpegts/ts_descriptor.h"

#define FOUR(a, b, c, d)                                              \
    ((uint32_t)(a) << 24 | (uint32_t)(b) << 16 | (uint32_t)(c) << 8 | \
     (uint32_t)(d))

enum { TYPE_PRIVATE_PES = 0x06 };

struct type_row {
    uint8_t type;
    enum media_kind kind;
    const char *codec;
};

/* ISO/IEC 13818-1, table 2-34. */
static const struct type_row standard_types[] = {
    {0x01, MEDIA_VIDEO, "mpeg1video"},
    {0x02, MEDIA_VIDEO, "mpeg2video"},
    {0x03, MEDIA_AUDIO, "mp2"},
    {0x04, MEDIA_AUDIO, "mp2"},
    {0x05, MEDIA_OTHER, ""},
    {0x06, MEDIA_OTHER, ""},
    {0x0a, MEDIA_OTHER, ""},
    {0x0b, MEDIA_OTHER, ""},
    {0x0c, MEDIA_OTHER, ""},
    {0x0d, MEDIA_OTHER, ""},
    {0x0f, MEDIA_AUDIO, "aac"},
    {0x10, MEDIA_VIDEO, "mpeg4"},
    {0x11, MEDIA_AUDIO, "aac_latm"},
    {0x15, MEDIA_METADATA, ""},
    {0x16, MEDIA_METADATA, ""},
    {0x1b, MEDIA_VIDEO, "h264"},
    {0x1c, MEDIA_AUDIO, "aac"},
    {0x20, MEDIA_VIDEO, "h264"}, /* MVC: the other view */
    {0x21, MEDIA_VIDEO, "jpeg2000"},
    {0x24, MEDIA_VIDEO, "hevc"},
    {0x25, MEDIA_VIDEO, "hevc"},
    {0x2d, MEDIA_AUDIO, "mpegh_3d_audio"},
    {0x2e, MEDIA_AUDIO, "mpegh_3d_audio"},
    {0x32, MEDIA_VIDEO, "jpegxs"},
    {0x33, MEDIA_VIDEO, "vvc"},
    {0x34, MEDIA_VIDEO, "vvc"},
    {0x42, MEDIA_VIDEO, "cavs"},
    {0x80, MEDIA_VIDEO, "mpeg2video"}, /* DigiCipher II */
    {0x81, MEDIA_AUDIO, "ac3"},        /* ATSC A/53 */
    {0x82, MEDIA_AUDIO, "dts"},
    {0x86, MEDIA_METADATA, "scte_35"}, /* ANSI/SCTE 35 */
    {0x87, MEDIA_AUDIO, "eac3"},
    {0x8a, MEDIA_AUDIO, "dts"},
    {0xd1, MEDIA_VIDEO, "dirac"},
    {0xd2, MEDIA_VIDEO, "avs2"},
    {0xd4, MEDIA_VIDEO, "avs3"},
    {0xea, MEDIA_VIDEO, "vc1"},
    {0, MEDIA_OTHER, NULL},
};

/* Blu-ray: programs that are registered as 'HDMV'. */
static const struct type_row hdmv_types[] = {
    {0x80, MEDIA_AUDIO, "pcm_bluray"},
    {0x81, MEDIA_AUDIO, "ac3"},
    {0x82, MEDIA_AUDIO, "dts"},
    {0x83, MEDIA_AUDIO, "truehd"},
    {0x84, MEDIA_AUDIO, "eac3"},
    {0x85, MEDIA_AUDIO, "dts"},
    {0x86, MEDIA_AUDIO, "dts"},
    {0x90, MEDIA_SUBTITLE, "hdmv_pgs_subtitle"},
    {0x91, MEDIA_OTHER, ""}, /* menus */
    {0x92, MEDIA_SUBTITLE, "hdmv_text_subtitle"},
    {0xa1, MEDIA_AUDIO, "eac3"},
    {0xa2, MEDIA_AUDIO, "dts"},
    {0, MEDIA_OTHER, NULL},
};

/* Encrypted samples of HTTP live streaming. */
static const struct type_row sample_aes_types[] = {
    {0xc1, MEDIA_AUDIO, "ac3"}, {0xc2, MEDIA_AUDIO, "eac3"},
    {0xcf, MEDIA_AUDIO, "aac"}, {0xdb, MEDIA_VIDEO, "h264"},
    {0, MEDIA_OTHER, NULL},
};

/* Format identifiers of registration descriptors (SMPTE RA). */
static const struct {
    uint32_t format;
    enum media_kind kind;
    const char *codec;
} registrations[] = {
    {FOUR('A', 'C', '-', '3'), MEDIA_AUDIO, "ac3"},
    {FOUR('E', 'A', 'C', '3'), MEDIA_AUDIO, "eac3"},
    {FOUR('A', 'C', '-', '4'), MEDIA_AUDIO, "ac4"},
    {FOUR('A', 'V', '0', '1'), MEDIA_VIDEO, "av1"},
    {FOUR('A', 'V', 'S', '2'), MEDIA_VIDEO, "avs2"},
    {FOUR('A', 'V', 'S', '3'), MEDIA_VIDEO, "avs3"},
    {FOUR('B', 'S', 'S', 'D'), MEDIA_AUDIO, "s302m"},
    {FOUR('C', 'U', 'E', 'I'), MEDIA_METADATA, "scte_35"},
    {FOUR('D', 'T', 'S', '1'), MEDIA_AUDIO, "dts"},
    {FOUR('D', 'T', 'S', '2'), MEDIA_AUDIO, "dts"},
    {FOUR('D', 'T', 'S', '3'), MEDIA_AUDIO, "dts"},
    {FOUR('H', 'E', 'V', 'C'), MEDIA_VIDEO, "hevc"},
    {FOUR('I', 'D', '3', ' '), MEDIA_METADATA, "timed_id3"},
    {FOUR('K', 'L', 'V', 'A'), MEDIA_METADATA, "klv"},
    {FOUR('O', 'p', 'u', 's'), MEDIA_AUDIO, "opus"},
    {FOUR('V', 'A', 'N', 'C'), MEDIA_METADATA, "smpte_2038"},
    {FOUR('V', 'C', '-', '1'), MEDIA_VIDEO, "vc1"},
    {FOUR('V', 'V', 'C', ' '), MEDIA_VIDEO, "vvc"},
    {FOUR('d', 'r', 'a', 'c'), MEDIA_VIDEO, "dirac"},
    {0, MEDIA_OTHER, NULL},
};

/* ISO/IEC 13818-6, and sections of other private use. */
enum ts_form ts_stream_form(uint8_t stream_type)
{
    switch (stream_type) {
    case 0x05:
    case 0x0a:
    case 0x0b:
    case 0x0c:
    case 0x0d:
    case 0x14:
    case 0x16:
    case 0x86:
        return TS_FORM_SECTIONS;
    default:
        return TS_FORM_PES;
    }
}

bool ts_descriptor_next(struct slice *rest, struct ts_descriptor *out)
{
    if (rest->size < 2 || rest->data[1] > rest->size - 2)
        return false;
    size_t length = rest->data[1];
    out->tag = rest->data[0];
    out->body = slice_of(rest->data + 2, length);
    *rest = slice_of(rest->data + 2 + length, rest->size - 2 - length);
    return true;
}

uint32_t ts_registration(struct slice descriptors)
{
    struct ts_descriptor descriptor = {0};
    while (ts_descriptor_next(&descriptors, &descriptor))
        if (descriptor.tag == 0x05 && descriptor.body.size >= 4)
            return be32_load(descriptor.body.data);
    return 0;
}

static void set_codec(struct media_track *track, enum media_kind kind,
                      const char *codec)
{
    track->kind = kind;
    (void)snprintf(track->codec, sizeof(track->codec), "%s", codec);
}

static bool apply_type(struct media_track *track, const struct type_row *rows,
                       uint8_t type)
{
    for (; rows->codec != NULL; rows++) {
        if (rows->type != type)
            continue;
        set_codec(track, rows->kind, rows->codec);
        return true;
    }
    return false;
}

static void apply_registration(struct media_track *track, uint32_t format)
{
    for (size_t i = 0; registrations[i].codec != NULL; i++)
        if (registrations[i].format == format)
            set_codec(track, registrations[i].kind, registrations[i].codec);
}

/*
 * What a registered format says goes before the type only where the type leaves
 * it open: writers put 'HDMV' and the like everywhere.
 */
static void find_codec(struct media_track *track, uint8_t type,
                       uint32_t program, uint32_t stream)
{
    bool is_hdmv = program == FOUR('H', 'D', 'M', 'V') ||
                   stream == FOUR('H', 'D', 'M', 'V');
    if (is_hdmv && apply_type(track, hdmv_types, type))
        return;
    if (apply_type(track, sample_aes_types, type)) {
        track->is_encrypted = true;
        return;
    }
    (void)apply_type(track, standard_types, type);
    if (type == TYPE_PRIVATE_PES || track->codec[0] == '\0')
        apply_registration(track, stream);
}

/* The type as programs of others print it, or what was registered. */
static void set_tag(struct media_track *track, uint8_t type, uint32_t stream)
{
    char text[5] = {(char)(stream >> 24), (char)(stream >> 16),
                    (char)(stream >> 8), (char)stream, '\0'};
    bool is_text = stream != 0;
    for (size_t i = 0; i < 4 && is_text; i++)
        is_text = text[i] >= ' ' && text[i] <= '~';
    if (is_text)
        (void)snprintf(track->tag, sizeof(track->tag), "%s", text);
    else
        (void)snprintf(track->tag, sizeof(track->tag), "0x%02x", type);
}

dits_error *ts_stream_describe(struct media_track *track, uint8_t stream_type,
                               uint32_t program, struct slice descriptors)
{
    uint32_t stream = ts_registration(descriptors);
    find_codec(track, stream_type, program, stream);
    set_tag(track, stream_type, stream);
    TRY(facts_add_integer(&track->facts, "mpegts.stream_type", stream_type));
    struct ts_descriptor descriptor = {0};
    while (ts_descriptor_next(&descriptors, &descriptor))
        TRY(ts_descriptor_apply(track, &descriptor));
    es_frame(track);
    if (stream_type == 0x1c)
        track->framing = MEDIA_OPAQUE; /* AAC without its transport */
    return NULL;
}

void ts_stream_guess(struct media_track *track, uint8_t stream_id)
{
    if ((stream_id & 0xf0) == 0xe0 || stream_id == 0xfd)
        track->kind = MEDIA_VIDEO;
    else if ((stream_id & 0xe0) == 0xc0)
        track->kind = MEDIA_AUDIO;
    (void)snprintf(track->tag, sizeof(track->tag), "0x%02x", stream_id);
}
