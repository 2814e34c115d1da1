/*
 * Byte streams of AVC, HEVC (ITU-T H.264 7.4.1.2.3, H.265 7.4.2.4.4) and MPEG-2
 * video (ISO/IEC 13818-2, 6.2): access units between start codes.
 */
#include "media/codec/nal.h"
#include "media/es/es.h"

/* As much behind a start code as is needed: header and first slice bit. */
enum { AHEAD = 8 };

/* Two start codes of a stream are seen in so many bytes, or it is none. */
enum { PROBE_BYTES = 4096 };

/* What a unit means for the access unit around it. */
enum role {
    ROLE_INSIDE,  /* belongs to what is there */
    ROLE_FIRST,   /* begins an access unit once there is a picture */
    ROLE_PICTURE, /* the first slice of a picture */
};

static enum role role_of_nal(enum nal_codec codec, struct slice unit)
{
    size_t header = nal_header_size(codec);
    if (unit.size < header)
        return ROLE_INSIDE;
    unsigned type = nal_type(codec, unit.data);
    if (nal_layer(codec, unit.data) > 0)
        return ROLE_INSIDE;
    if (nal_is_picture(codec, type))
        return unit.size > header && unit.data[header] >> 7 ? ROLE_PICTURE
                                                            : ROLE_INSIDE;
    if (codec == NAL_AVC)
        return (type >= AVC_SEI && type <= AVC_AUD) ||
                       (type >= 14 && type <= 18)
                   ? ROLE_FIRST
                   : ROLE_INSIDE;
    return (type >= HEVC_VPS && type <= HEVC_AUD) || type == HEVC_SEI_PREFIX ||
                   (type >= 41 && type <= 44) || (type >= 48 && type <= 55)
               ? ROLE_FIRST
               : ROLE_INSIDE;
}

/* Headers of sequence and group stand before their picture. */
static enum role role_of_mpeg2(struct slice unit)
{
    if (unit.size == 0)
        return ROLE_INSIDE;
    return unit.data[0] == 0x00                           ? ROLE_PICTURE
           : unit.data[0] == 0xb3 || unit.data[0] == 0xb8 ? ROLE_FIRST
                                                          : ROLE_INSIDE;
}

static enum role role_of(const struct es_walk *walk, struct slice unit)
{
    enum nal_codec codec = nal_codec_of(walk->track->codec);
    return codec == NAL_NONE ? role_of_mpeg2(unit) : role_of_nal(codec, unit);
}

/* The next start code at or behind `at`; the end of the file if none. */
static dits_error *find_code(struct es_walk *walk, uint64_t at, uint64_t *out,
                             struct slice *out_unit)
{
    uint64_t end = walk->window.source->size;
    struct slice bytes = {0};
    *out_unit = (struct slice){0};
    for (; at<end; at += bytes.size> 3 ? bytes.size - 3 : bytes.size) {
        TRY(window_peek(&walk->window, at, WINDOW_BYTES, &bytes));
        size_t found = nal_find_start_code(bytes);
        if (found == bytes.size)
            continue;
        *out = at + found;
        return window_peek(&walk->window, *out + 3, AHEAD, out_unit);
    }
    *out = end;
    return NULL;
}

/* A zero before the code belongs to what follows: 00 00 00 01. */
static dits_error *with_zero(struct es_walk *walk, uint64_t start, uint64_t *at)
{
    struct slice byte = {0};
    if (*at == start)
        return NULL;
    TRY(window_peek(&walk->window, *at - 1, 1, &byte));
    if (byte.size == 1 && byte.data[0] == 0)
        (*at)--;
    return NULL;
}

/* From the first start code to the one that begins the next access unit. */
static dits_error *next_access_unit(struct es_walk *walk, struct es_unit *out,
                                    bool *out_found)
{
    uint64_t end = walk->window.source->size;
    uint64_t at = 0;
    struct slice unit = {0};
    TRY(find_code(walk, walk->at, &at, &unit));
    if (at == end)
        return NULL;
    uint64_t start = at;
    bool has_picture = false;
    TRY(with_zero(walk, walk->at, &start));
    for (;;) {
        enum role role = role_of(walk, unit);
        if (has_picture && role != ROLE_INSIDE)
            break;
        has_picture |= role == ROLE_PICTURE;
        TRY(find_code(walk, at + 3, &at, &unit));
        if (at == end)
            break;
    }
    if (at < end)
        TRY(with_zero(walk, start, &at));
    out->offset = start;
    out->size = at - start;
    walk->at = at;
    *out_found = true;
    return NULL;
}

/* --- telling them apart --- */

/* The first unit must be one that streams begin with; all others possible. */
static bool probe_nal(struct slice head, enum nal_codec codec)
{
    struct nal_walk walk = nal_walk_over(head, 0);
    struct slice unit = {0};
    bool has_sequence = false;
    if (head.size < 8 || nal_find_start_code(head) > 1 ||
        (nal_find_start_code(head) == 1 && head.data[0] != 0))
        return false;
    while (nal_next(&walk, &unit)) {
        if (unit.size < nal_header_size(codec) ||
            nal_is_forbidden(codec, unit.data))
            return walk.is_cut && has_sequence;
        unsigned type = nal_type(codec, unit.data);
        if (codec == NAL_HEVC && (unit.data[1] & 7) == 0)
            return false;
        if (!has_sequence && !nal_is_header(codec, type) &&
            !nal_is_sei(codec, type))
            return false;
        has_sequence |= type == (codec == NAL_AVC ? AVC_SPS : HEVC_SPS);
    }
    return has_sequence;
}

/* What an AVC sequence header begins with: a profile that exists. */
static bool has_avc_profile(struct slice head)
{
    static const uint8_t profiles[] = {44,  66,  77,  83,  86,  88,  100,
                                       110, 118, 122, 128, 134, 144, 244};
    struct nal_walk walk = nal_walk_over(head, 0);
    struct slice unit = {0};
    while (nal_next(&walk, &unit)) {
        if (nal_type(NAL_AVC, unit.data) != AVC_SPS || unit.size < 4)
            continue;
        for (size_t i = 0; i < sizeof(profiles); i++)
            if (unit.data[1] == profiles[i])
                return true;
        return false;
    }
    return false;
}

static bool probe_avc(struct slice head, uint64_t file_size)
{
    (void)file_size;
    return probe_nal(head, NAL_AVC) && has_avc_profile(head);
}

static bool probe_hevc(struct slice head, uint64_t file_size)
{
    (void)file_size;
    return probe_nal(head, NAL_HEVC);
}

static bool probe_mpeg2(struct slice head, uint64_t file_size)
{
    (void)file_size;
    if (head.size < 16 || nal_find_start_code(head) != 0 ||
        head.data[3] != 0xb3)
        return false;
    struct slice rest = slice_of(head.data + 4, head.size - 4);
    size_t at = nal_find_start_code(rest);
    if (rest.size - at < 4)
        return false;
    uint8_t code = rest.data[at + 3];
    return (head.data[7] & 15) >= 1 && (head.data[7] & 15) <= 8 &&
           (code == 0xb5 || code == 0xb2 || code == 0xb8 || code == 0x00);
}

const struct es_kind es_avc = {
    .container = "h264",
    .codec = "h264",
    .type = MEDIA_VIDEO,
    .framing = MEDIA_NAL_START_CODE,
    .probe = probe_avc,
    .next = next_access_unit,
};

const struct es_kind es_hevc = {
    .container = "hevc",
    .codec = "hevc",
    .type = MEDIA_VIDEO,
    .framing = MEDIA_NAL_START_CODE,
    .probe = probe_hevc,
    .next = next_access_unit,
};

const struct es_kind es_mpeg2 = {
    .container = "mpegvideo",
    .codec = "mpeg2video",
    .type = MEDIA_VIDEO,
    .framing = MEDIA_OPAQUE,
    .probe = probe_mpeg2,
    .next = next_access_unit,
};
