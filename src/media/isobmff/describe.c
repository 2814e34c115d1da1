#include "media/isobmff/describe.h"

#include <stdio.h>

#include "base/be.h"
#include "media/isobmff/describe_parts.h"

/* Major brand, its version, then all brands: ISO/IEC 14496-12, 4.3. */
static dits_error *describe_ftyp(const struct described *to,
                                 struct slice payload)
{
    enum { BRAND = 4, FIXED = 8 };
    if (payload.size < FIXED || facts_find(to->facts, "brand.major") != NULL)
        return NULL;
    TRY(facts_add_text(to->facts, "brand.major",
                       slice_of(payload.data, BRAND)));
    TRY(facts_add_integer(to->facts, "brand.minor_version",
                          be32_load(payload.data + BRAND)));
    for (struct slice rest = slice_after(payload, FIXED); rest.size >= BRAND;
         rest = slice_after(rest, BRAND))
        TRY(facts_add_text(to->facts, "brand.compatible",
                           slice_of(rest.data, BRAND)));
    return NULL;
}

/*
 * The handler's name: a C string, or in QuickTime one with its length in
 * front, which a component type that is not 0 tells.
 */
static dits_error *describe_hdlr(const struct described *to,
                                 struct slice payload)
{
    enum { COMPONENT = 4, FIXED = 24 };
    struct slice name = slice_after(payload, FIXED);
    if (to->track == NULL || name.size == 0)
        return NULL;
    bool is_quicktime = be32_load(payload.data + COMPONENT) != 0;
    if (is_quicktime || name.data[0] == name.size - 1) {
        size_t size = name.data[0];
        name = slice_after(name, 1);
        if (size < name.size)
            name.size = size;
    }
    return describe_tag(to, "handler_name", name);
}

/* Each child is a kind of reference; it lists track ids (14496-12, 8.3.3). */
static dits_error *describe_tref(const struct described *to,
                                 struct slice payload)
{
    struct children children = children_of(payload);
    struct child child = {0};
    while (children_next(&children, &child)) {
        char type[5] = "";
        char name[24] = "";
        fourcc_text(child.type, type);
        (void)snprintf(name, sizeof(name), "reference.%s", type);
        for (struct slice ids = child.payload; ids.size >= 4;
             ids = slice_after(ids, 4))
            TRY(facts_add_integer(to->facts, name, be32_load(ids.data)));
    }
    return NULL;
}

/* BCP 47; stands above what 'mdhd' says. */
static dits_error *describe_elng(const struct described *to,
                                 struct slice payload)
{
    struct slice text = slice_after(payload, FULL_BOX);
    if (to->track != NULL && text.size > 0 && text.data[0] != 0)
        (void)snprintf(to->track->language, sizeof(to->track->language), "%.*s",
                       (int)(text.size < 11 ? text.size : 11),
                       (const char *)text.data);
    return NULL;
}

/* 'tcmi' has a font's name behind 20 bytes of how to draw a timecode. */
static dits_error *describe_gmhd(const struct described *to,
                                 struct slice payload)
{
    enum { STYLE = 20 };
    struct slice timecode = children_find(payload, FOURCC('t', 'm', 'c', 'd'));
    struct slice font = slice_after(
        children_find(timecode, FOURCC('t', 'c', 'm', 'i')), FULL_BOX + STYLE);
    if (font.size < 2 || font.data[0] == 0)
        return NULL;
    size_t size = font.data[0];
    font = slice_after(font, 1);
    if (size < font.size)
        font.size = size;
    return facts_add_text(to->facts, "timecode.font", font);
}

static dits_error *describe_nothing(const struct described *to,
                                    struct slice payload)
{
    (void)to;
    (void)payload;
    return NULL;
}

static const struct {
    char type[5];
    describe_fn *fn;
} rows[] = {
    {"ftyp", describe_ftyp}, {"styp", describe_ftyp}, {"mvhd", describe_mvhd},
    {"tkhd", describe_tkhd}, {"mdhd", describe_mdhd}, {"hdlr", describe_hdlr},
    {"udta", describe_udta}, {"meta", describe_meta}, {"uuid", describe_uuid},
    {"tref", describe_tref}, {"elng", describe_elng}, {"gmhd", describe_gmhd},
    {"chpl", describe_chpl},
};

dits_error *isobmff_describe_box(struct media_file *file,
                                 struct media_track *track, uint32_t type,
                                 struct slice payload)
{
    struct described to = {
        .file = file,
        .track = track,
        .facts = track != NULL ? &track->facts : &file->facts,
    };
    describe_fn *fn = describe_nothing;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (be32_load((const uint8_t *)rows[i].type) == type)
            fn = rows[i].fn;
    return fn(&to, payload);
}
