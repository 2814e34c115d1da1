/*
 * Boxes with an extended type: XMP (ISO 16684-1 and Adobe's XMP, part 3),
 * Spherical Video V1, Canon's and Sony's. The others are named.
 */
#include <stdio.h>
#include <string.h>

#include "base/be.h"
#include "media/isobmff/describe_parts.h"

enum { UUID = 16 };

/* What stands in <GSpherical:NAME>; empty without it. */
static struct slice element(struct slice xml, const char *name)
{
    char open[48] = "";
    (void)snprintf(open, sizeof(open), "<GSpherical:%s>", name);
    const uint8_t *at =
        xml.size > 0 ? memmem(xml.data, xml.size, open, strlen(open)) : NULL;
    if (at == NULL)
        return (struct slice){0};
    struct slice text =
        slice_after(xml, (size_t)(at - xml.data) + strlen(open));
    const uint8_t *end = text.size > 0 ? memchr(text.data, '<', text.size)
                                       : NULL;
    text.size = end != NULL ? (size_t)(end - text.data) : 0;
    return text;
}

static dits_error *add_spherical(const struct described *to, struct slice xml)
{
    struct slice projection = element(xml, "ProjectionType");
    struct slice stereo = element(xml, "StereoMode");
    struct slice source = element(xml, "StitchingSoftware");
    if (projection.size > 0)
        TRY(facts_add_text(to->facts, "projection", projection));
    if (slice_equal(stereo, slice_of_text("top-bottom")))
        TRY(facts_add_word(to->facts, "stereo_mode", "top and bottom"));
    if (slice_equal(stereo, slice_of_text("left-right")))
        TRY(facts_add_word(to->facts, "stereo_mode", "side by side"));
    return source.size > 0
               ? facts_add_text(to->facts, "projection.source", source)
               : NULL;
}

static dits_error *add_xmp(const struct described *to, struct slice text)
{
    return text.size > 0 ? facts_add_text(to->facts, "xmp", text) : NULL;
}

/* Boxes: 'CNCV' is the version as a text, the others are named. */
static dits_error *add_canon(const struct described *to, struct slice boxes)
{
    struct children children = children_of(boxes);
    struct child child = {0};
    while (children_next(&children, &child)) {
        if (child.type == FOURCC('C', 'N', 'C', 'V') && child.payload.size > 0)
            TRY(facts_add_text(to->facts, "camera.format", child.payload));
        TRY(describe_user(to, child.type, child.payload.size));
    }
    return NULL;
}

static const struct {
    uint8_t id[UUID];
    describe_fn *fn;
} rows[] = {
    {{0xbe, 0x7a, 0xcf, 0xcb, 0x97, 0xa9, 0x42, 0xe8, 0x9c, 0x71, 0x99, 0x94,
      0x91, 0xe3, 0xaf, 0xac},
     add_xmp},
    {{0xff, 0xcc, 0x82, 0x63, 0xf8, 0x55, 0x4a, 0x93, 0x88, 0x14, 0x58, 0x7a,
      0x02, 0x52, 0x1f, 0xdd},
     add_spherical},
    {{0x85, 0xc0, 0xb6, 0x87, 0x82, 0x0f, 0x11, 0xe0, 0x81, 0x11, 0xf4, 0xce,
      0x46, 0x2b, 0x6a, 0x48},
     add_canon},
};

/* Sony's and some others begin with four letters, and end alike. */
static dits_error *add_unknown(const struct described *to, struct slice payload)
{
    static const uint8_t tail[] = {0x21, 0xd2, 0x4f, 0xce, 0xbb, 0x88,
                                   0x69, 0x5c, 0xfa, 0xc9, 0xc7, 0x40};
    char name[48] = "user.";
    size_t size = payload.size - UUID;
    if (memcmp(payload.data + 4, tail, sizeof(tail)) == 0)
        return describe_user(to, be32_load(payload.data), size);
    for (size_t i = 0; i < UUID; i++)
        (void)snprintf(name + 5 + 2 * i, 3, "%02x", payload.data[i]);
    return facts_add_integer(to->facts, name, (int64_t)size);
}

dits_error *describe_uuid(const struct described *to, struct slice payload)
{
    if (payload.size < UUID)
        return NULL;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (memcmp(rows[i].id, payload.data, UUID) == 0)
            return rows[i].fn(to, slice_after(payload, UUID));
    return add_unknown(to, payload);
}
