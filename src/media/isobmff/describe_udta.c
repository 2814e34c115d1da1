/*
 * User data: QuickTime's lists of texts, 3GPP TS 26.244's boxes (8), chapters
 * as Nero has them, and whatever cameras put there, which is named.
 */
#include <stdio.h>
#include <string.h>

#include "base/be.h"
#include "media/isobmff/describe_parts.h"
#include "media/utf16.h"

static dits_error *add_text(const struct described *to, const char *key,
                            struct slice text)
{
    CLEANUP(buf_release) struct buf utf8 = {0};
    uint16_t mark = text.size >= 2 ? be16_load(text.data) : 0;
    if (mark != 0xfeff && mark != 0xfffe)
        return describe_tag(to, key, text);
    TRY(text_of_utf16(text, &utf8));
    return describe_tag(to, key, buf_slice(&utf8));
}

/* Its size and its language, then the text; as often as there are languages. */
static dits_error *add_quicktime_text(const struct described *to,
                                      const char *key, struct slice payload)
{
    enum { HEADER = 4 };
    if (payload.size < HEADER)
        return NULL;
    size_t size = be16_load(payload.data);
    struct slice text = slice_after(payload, HEADER);
    if (size < text.size)
        text.size = size;
    return add_text(to, key, text);
}

/* iTunes puts 'data' boxes here as well. */
static dits_error *add_copyright_text(const struct described *to, uint32_t type,
                                      struct slice payload)
{
    const char *key = tag_key(type);
    if (key == NULL)
        return describe_user(to, type, payload.size);
    if (payload.size >= 8 &&
        be32_load(payload.data + 4) == FOURCC('d', 'a', 't', 'a'))
        return describe_item(to, key, payload);
    return add_quicktime_text(to, key, payload);
}

/* 16.16 with a sign and four decimals, as ISO 6709 wants it. */
static void degrees_text(int32_t value, int digits, char out[16])
{
    int64_t scaled = ((int64_t)value * 10000 + (value < 0 ? -32768 : 32768)) /
                     65536;
    int64_t size = scaled < 0 ? -scaled : scaled;
    (void)snprintf(out, 16, "%c%0*d.%04d", scaled < 0 ? '-' : '+', digits,
                   (int)(size / 10000), (int)(size % 10000));
}

/* Language, name, role, longitude, latitude, altitude (26.244, 8.12). */
static dits_error *add_loci(const struct described *to, struct slice payload)
{
    char latitude[16] = "", longitude[16] = "", text[48] = "";
    struct slice rest = slice_after(payload, FULL_BOX + 2);
    const uint8_t *end = rest.size > 0 ? memchr(rest.data, 0, rest.size) : NULL;
    if (end == NULL)
        return NULL;
    struct slice name = slice_of(rest.data, (size_t)(end - rest.data));
    rest = slice_after(rest, name.size + 1 + 1);
    if (rest.size < 12)
        return NULL;
    degrees_text((int32_t)be32_load(rest.data), 3, longitude);
    degrees_text((int32_t)be32_load(rest.data + 4), 2, latitude);
    (void)snprintf(text, sizeof(text), "%s%s/", latitude, longitude);
    TRY(describe_tag(to, "location", slice_of_text(text)));
    return describe_tag(to, "location.name", name);
}

/* Version, flags and language, then the text. */
static dits_error *add_3gpp_text(const struct described *to, uint32_t type,
                                 struct slice payload)
{
    char year[8] = "";
    const char *key = tag_key(type);
    struct slice text = slice_after(payload, FULL_BOX + 2);
    if (type == FOURCC('y', 'r', 'r', 'c') && payload.size >= FULL_BOX + 2) {
        (void)snprintf(year, sizeof(year), "%u",
                       be16_load(payload.data + FULL_BOX));
        text = slice_of_text(year);
    }
    if (type == FOURCC('r', 't', 'n', 'g'))
        text = slice_after(text, 8); /* entity, criteria */
    return add_text(to, key, text);
}

static bool is_3gpp(uint32_t type)
{
    static const char types[][5] = {"titl", "auth", "perf", "gnre", "dscp",
                                    "cprt", "albm", "yrrc", "rtng"};
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
        if (be32_load((const uint8_t *)types[i]) == type)
            return true;
    return false;
}

/*
 * Start in units of 100 ns and a title with its length. In version 1 a word
 * is reserved before the count.
 */
dits_error *describe_chpl(const struct described *to, struct slice payload)
{
    enum { ENTRY = 9, TICKS = 10000000 };
    if (payload.size < FULL_BOX)
        return NULL;
    size_t skipped = FULL_BOX + (payload.data[0] != 0 ? 4u : 0u);
    struct slice rest = slice_after(payload, skipped);
    unsigned count = rest.size > 0 ? rest.data[0] : 0;
    rest = slice_after(rest, 1);
    for (unsigned i = 0; i < count && rest.size >= ENTRY; i++) {
        uint64_t start = be64_load(rest.data);
        size_t size = rest.data[8];
        struct slice title = slice_after(rest, ENTRY);
        if (size < title.size)
            title.size = size;
        if (start <= INT64_MAX)
            TRY(facts_add_rational(to->facts, "chapter.start", (int64_t)start,
                                   TICKS));
        TRY(facts_add_text(to->facts, "chapter.title", title));
        rest = slice_after(rest, ENTRY + size);
    }
    return NULL;
}

/* Scheme and value: what a track is for (14496-12, 8.10.4). */
static dits_error *add_kind(const struct described *to, struct slice payload)
{
    struct slice scheme = slice_after(payload, FULL_BOX);
    const uint8_t *end = scheme.size > 0 ? memchr(scheme.data, 0, scheme.size)
                                         : NULL;
    if (end == NULL)
        return NULL;
    struct slice value = slice_after(scheme, (size_t)(end - scheme.data) + 1);
    TRY(facts_add_text(to->facts, "role.scheme", scheme));
    return value.size > 0 && value.data[0] != 0
               ? facts_add_text(to->facts, "role", value)
               : NULL;
}

static dits_error *add_child(const struct described *to,
                             const struct child *child)
{
    switch (child->type) {
    case FOURCC('m', 'e', 't', 'a'):
        return describe_meta(to, child->payload);
    case FOURCC('c', 'h', 'p', 'l'):
        return describe_chpl(to, child->payload);
    case FOURCC('l', 'o', 'c', 'i'):
        return add_loci(to, child->payload);
    case FOURCC('k', 'i', 'n', 'd'):
        return add_kind(to, child->payload);
    case FOURCC('X', 'M', 'P', '_'):
        return facts_add_text(to->facts, "xmp", child->payload);
    case FOURCC('n', 'a', 'm', 'e'):
    case FOURCC('F', 'I', 'R', 'M'):
        return add_text(to, tag_key(child->type), child->payload);
    default:
        break;
    }
    if (child->type >> 24 == 0xa9)
        return add_copyright_text(to, child->type, child->payload);
    if (is_3gpp(child->type))
        return add_3gpp_text(to, child->type, child->payload);
    return describe_user(to, child->type, child->payload.size);
}

dits_error *describe_udta(const struct described *to, struct slice payload)
{
    struct children children = children_of(payload);
    struct child child = {0};
    while (children_next(&children, &child))
        TRY(add_child(to, &child));
    return NULL;
}
