/*
 * What a sample entry says of colour, light and the shape of pixels.
 * ISO/IEC 14496-12, 12.1.4 to 12.1.10; QuickTime's 'gama' and 'fiel'; the
 * bindings of VP9 ('SmDm', 'CoLL') and of Dolby Vision to the format.
 */
#include <string.h>

#include "base/be.h"
#include "media/colour.h"
#include "media/isobmff/entry_parts.h"

/* Behind version and flags. */
enum { FULL_BOX = 4 };

/* Only ASCII of UTF-16: names of profiles are. */
static dits_error *add_wide_name(struct entry *entry, struct slice text)
{
    char name[128] = "";
    size_t count = 0;
    for (size_t i = 0; i + 2 <= text.size && count < sizeof(name); i += 2)
        name[count++] = (char)(text.data[i] == 0 && text.data[i + 1] < 0x80
                                   ? text.data[i + 1]
                                   : '?');
    return facts_add_text(&entry->track->facts, "colour.icc_profile",
                          slice_of(name, count));
}

/* The description of an ICC profile, 'desc' (ICC.1, 9.2.41 and 10.15). */
static dits_error *add_profile_name(struct entry *entry, struct slice tag)
{
    if (tag.size < 28)
        return NULL;
    if (memcmp(tag.data, "desc", 4) == 0) {
        size_t size = be32_load(tag.data + 8);
        struct slice text = slice_after(tag, 12);
        if (size < text.size)
            text.size = size;
        return facts_add_text(&entry->track->facts, "colour.icc_profile", text);
    }
    if (memcmp(tag.data, "mluc", 4) != 0)
        return NULL;
    struct slice text = slice_after(tag, be32_load(tag.data + 24));
    size_t size = be32_load(tag.data + 20);
    if (size < text.size)
        text.size = size;
    return add_wide_name(entry, text);
}

static dits_error *add_profile(struct entry *entry, struct slice profile)
{
    enum { HEADER = 128, TAG = 12 };
    struct slice tags = slice_after(profile, HEADER + 4);
    TRY(facts_add_integer(&entry->track->facts, "colour.icc_bytes",
                          (int64_t)profile.size));
    for (; tags.size >= TAG; tags = slice_after(tags, TAG)) {
        if (memcmp(tags.data, "desc", 4) != 0)
            continue;
        struct slice tag = slice_after(profile, be32_load(tags.data + 4));
        size_t size = be32_load(tags.data + 8);
        if (size < tag.size)
            tag.size = size;
        return add_profile_name(entry, tag);
    }
    return NULL;
}

/* An 'nclx' without the byte of the range is one of limited range. */
dits_error *entry_colr(struct entry *entry, struct slice payload)
{
    struct media_facts *facts = &entry->track->facts;
    const uint8_t *data = payload.data;
    if (payload.size < 4)
        return NULL;
    uint32_t type = be32_load(data);
    if (type == FOURCC('p', 'r', 'o', 'f') ||
        type == FOURCC('r', 'I', 'C', 'C'))
        return add_profile(entry, slice_after(payload, 4));
    bool is_nclx = type == FOURCC('n', 'c', 'l', 'x');
    if (payload.size < 10 || (!is_nclx && type != FOURCC('n', 'c', 'l', 'c')))
        return NULL;
    TRY(colour_add_codes(facts, be16_load(data + 4), be16_load(data + 6),
                         be16_load(data + 8)));
    if (!is_nclx)
        return NULL;
    return colour_add_range(facts, payload.size > 10 && data[10] >> 7 != 0);
}

dits_error *entry_pasp(struct entry *entry, struct slice payload)
{
    if (payload.size < 8 || be32_load(payload.data) == 0)
        return NULL;
    return facts_add_rational(&entry->track->facts, "sample_aspect_ratio",
                              be32_load(payload.data),
                              be32_load(payload.data + 4));
}

/* Width, height, and how far the middle is off: four signed fractions. */
dits_error *entry_clap(struct entry *entry, struct slice payload)
{
    static const char *const names[] = {
        "clean_aperture.width",
        "clean_aperture.height",
        "clean_aperture.horizontal_offset",
        "clean_aperture.vertical_offset",
    };
    for (size_t i = 0; i < 4 && payload.size >= 8 * (i + 1); i++)
        TRY(facts_add_rational(&entry->track->facts, names[i],
                               (int32_t)be32_load(payload.data + 8 * i),
                               (int32_t)be32_load(payload.data + 8 * i + 4)));
    return NULL;
}

dits_error *entry_fiel(struct entry *entry, struct slice payload)
{
    const char *order = NULL;
    if (payload.size < 1)
        return NULL;
    if (payload.data[0] == 1)
        order = "progressive";
    else if (payload.data[0] == 2 && payload.size >= 2)
        switch (payload.data[1]) {
        case 1:
            order = "tt";
            break;
        case 6:
            order = "bb";
            break;
        case 9:
            order = "tb";
            break;
        case 14:
            order = "bt";
            break;
        default:
            break;
        }
    return order == NULL
               ? NULL
               : facts_add_word(&entry->track->facts, "field_order", order);
}

/* 16.16 fixed point. */
dits_error *entry_gama(struct entry *entry, struct slice payload)
{
    if (payload.size < 4 || be32_load(payload.data) == 0)
        return NULL;
    return facts_add_rational(&entry->track->facts, "colour.gamma",
                              be32_load(payload.data), 65536);
}

/* In the order of the SEI message: green, blue, red, white. */
dits_error *entry_mdcv(struct entry *entry, struct slice payload)
{
    static const uint8_t from[] = {4, 5, 0, 1, 2, 3, 6, 7};
    struct colour_mastering mastering = {
        .xy_divisor = 50000, .max_divisor = 10000, .min_divisor = 10000};
    if (payload.size < 24)
        return NULL;
    for (size_t i = 0; i < 8; i++)
        mastering.xy[i] = be16_load(payload.data + (size_t)2 * from[i]);
    mastering.max_luminance = be32_load(payload.data + 16);
    mastering.min_luminance = be32_load(payload.data + 20);
    return colour_add_mastering(&entry->track->facts, &mastering);
}

/* In the order red, green, blue, white, and in other units than 'mdcv'. */
dits_error *entry_smdm(struct entry *entry, struct slice payload)
{
    struct colour_mastering mastering = {
        .xy_divisor = 1 << 16, .max_divisor = 1 << 8, .min_divisor = 1 << 14};
    if (payload.size < FULL_BOX + 24)
        return NULL;
    for (size_t i = 0; i < 8; i++)
        mastering.xy[i] = be16_load(payload.data + FULL_BOX + 2 * i);
    mastering.max_luminance = be32_load(payload.data + FULL_BOX + 16);
    mastering.min_luminance = be32_load(payload.data + FULL_BOX + 20);
    return colour_add_mastering(&entry->track->facts, &mastering);
}

dits_error *entry_clli(struct entry *entry, struct slice payload)
{
    if (payload.size < 4)
        return NULL;
    return colour_add_light(&entry->track->facts, be16_load(payload.data),
                            be16_load(payload.data + 2));
}

dits_error *entry_coll(struct entry *entry, struct slice payload)
{
    return entry_clli(entry, slice_after(payload, FULL_BOX));
}

/* Illuminance in 0.0001 lux, then the colour of the light. */
dits_error *entry_amve(struct entry *entry, struct slice payload)
{
    struct media_facts *facts = &entry->track->facts;
    if (payload.size < 8)
        return NULL;
    TRY(facts_add_rational(facts, "hdr.ambient.illuminance",
                           be32_load(payload.data), 10000));
    TRY(facts_add_rational(facts, "hdr.ambient.white_point",
                           be16_load(payload.data + 4), 50000));
    return facts_add_rational(facts, "hdr.ambient.white_point",
                              be16_load(payload.data + 6), 50000);
}

/* Flags say which of primaries, minimum, maximum and average follow. */
dits_error *entry_cclv(struct entry *entry, struct slice payload)
{
    static const char *const names[] = {
        "hdr.content_volume.min_luminance",
        "hdr.content_volume.max_luminance",
        "hdr.content_volume.average_luminance",
    };
    enum { PRIMARIES_BYTES = 24, LUMINANCE_DIVISOR = 10000000 };
    if (payload.size < 1)
        return NULL;
    unsigned flags = payload.data[0];
    struct slice rest = slice_after(payload, 1);
    if ((flags >> 5 & 1) != 0)
        rest = slice_after(rest, PRIMARIES_BYTES);
    for (unsigned i = 0; i < 3; i++) {
        if ((flags >> (4 - i) & 1) == 0 || rest.size < 4)
            continue;
        TRY(facts_add_rational(&entry->track->facts, names[i],
                               be32_load(rest.data), LUMINANCE_DIVISOR));
        rest = slice_after(rest, 4);
    }
    return NULL;
}

/* Dolby Vision Streams Within the ISO Base Media File Format, 3.2. */
dits_error *entry_dovi(struct entry *entry, struct slice payload)
{
    struct media_facts *facts = &entry->track->facts;
    if (payload.size < 5)
        return NULL;
    unsigned bits = be24_load(payload.data + 2);
    TRY(facts_add_integer(facts, "dolby_vision.profile", bits >> 17));
    TRY(facts_add_integer(facts, "dolby_vision.level", bits >> 11 & 0x3f));
    TRY(facts_add_truth(facts, "dolby_vision.rpu", (bits >> 10 & 1) != 0));
    TRY(facts_add_truth(facts, "dolby_vision.el", (bits >> 9 & 1) != 0));
    TRY(facts_add_truth(facts, "dolby_vision.bl", (bits >> 8 & 1) != 0));
    return facts_add_integer(facts, "dolby_vision.compatibility",
                             bits >> 4 & 0xf);
}
