/*
 * Sample entries that are neither pictures nor sound: QuickTime's timecode,
 * timed text (3GPP TS 26.245; ISO/IEC 14496-30), timed metadata (14496-12,
 * 12.3, and QuickTime's 'mebx').
 */
#include <string.h>

#include "base/be.h"
#include "media/isobmff/entry_parts.h"

/* Six reserved bytes and the data reference. */
enum { ENTRY_FIXED = 8, FULL_BOX = 4 };

static bool is_type(const struct entry *entry, const char *type)
{
    return be32_load((const uint8_t *)type) == entry->type;
}

/* The text up to its NUL; `rest` is what stands behind that. */
static struct slice take_text(struct slice *rest)
{
    struct slice text = *rest;
    const uint8_t *end = rest->size > 0 ? memchr(rest->data, 0, rest->size)
                                        : NULL;
    if (end != NULL)
        text.size = (size_t)(end - rest->data);
    *rest = slice_after(*rest, text.size + 1);
    return text;
}

static dits_error *add_text(struct entry *entry, const char *name,
                            struct slice text)
{
    return text.size > 0 ? facts_add_text(&entry->track->facts, name, text)
                         : NULL;
}

/* A name with its length and language in front: the reel. */
static dits_error *add_reel(struct entry *entry)
{
    enum { TEXT_HEADER = 4 };
    struct slice name =
        children_find(entry->children, FOURCC('n', 'a', 'm', 'e'));
    struct slice text = slice_after(name, TEXT_HEADER);
    if (text.size == 0)
        return NULL;
    size_t size = be16_load(name.data);
    if (size < text.size)
        text.size = size;
    return add_text(entry, "timecode.reel", text);
}

static dits_error *timecode(struct entry *entry)
{
    enum { FIXED = 26, DROP = 1, DAY = 2, NEGATIVE = 4, COUNTER = 8 };
    struct media_facts *facts = &entry->track->facts;
    const uint8_t *data = entry->payload.data;
    if (entry->payload.size < FIXED - 1)
        return NULL;
    uint32_t flags = be32_load(data + 12);
    TRY(facts_add_truth(facts, "timecode.drop_frame", (flags & DROP) != 0));
    TRY(facts_add_truth(facts, "timecode.wraps", (flags & DAY) != 0));
    TRY(facts_add_truth(facts, "timecode.negative", (flags & NEGATIVE) != 0));
    TRY(facts_add_truth(facts, "timecode.counter", (flags & COUNTER) != 0));
    if (be32_load(data + 16) != 0)
        TRY(facts_add_rational(facts, "timecode.rate", be32_load(data + 16),
                               be32_load(data + 20)));
    TRY(facts_add_integer(facts, "timecode.frames", data[24]));
    entry->children = slice_after(entry->payload, FIXED);
    return add_reel(entry);
}

/* Whether all or some of the samples are to be shown unasked. */
static dits_error *timed_text(struct entry *entry)
{
    enum { FIXED = 38 };
    const uint32_t all = 0x80000000, some = 0x40000000;
    if (entry->payload.size < ENTRY_FIXED + 4)
        return NULL;
    uint32_t flags = be32_load(entry->payload.data + ENTRY_FIXED);
    entry->children = slice_after(entry->payload, FIXED);
    if ((flags & (all | some)) == 0)
        return NULL;
    return facts_add_word(&entry->track->facts, "forced",
                          (flags & all) != 0 ? "all" : "some");
}

static dits_error *xml_subtitles(struct entry *entry)
{
    struct slice rest = slice_after(entry->payload, ENTRY_FIXED);
    TRY(add_text(entry, "namespace", take_text(&rest)));
    TRY(add_text(entry, "schema", take_text(&rest)));
    TRY(add_text(entry, "auxiliary_types", take_text(&rest)));
    entry->children = rest;
    return NULL;
}

static dits_error *text_metadata(struct entry *entry)
{
    struct slice rest = slice_after(entry->payload, ENTRY_FIXED);
    TRY(add_text(entry, "content_encoding", take_text(&rest)));
    TRY(add_text(entry, is_type(entry, "metx") ? "namespace" : "content_type",
                 take_text(&rest)));
    entry->children = rest;
    return NULL;
}

/* Each key has a number of its own as its type, by which samples name it. */
static dits_error *boxed_metadata(struct entry *entry)
{
    entry->children = slice_after(entry->payload, ENTRY_FIXED);
    struct children keys =
        children_of(children_find(entry->children, FOURCC('k', 'e', 'y', 's')));
    struct child key = {0};
    while (children_next(&keys, &key)) {
        struct slice name =
            children_find(key.payload, FOURCC('k', 'e', 'y', 'd'));
        TRY(add_text(entry, "metadata.key", slice_after(name, 4)));
    }
    return NULL;
}

static dits_error *uri_metadata(struct entry *entry)
{
    entry->children = slice_after(entry->payload, ENTRY_FIXED);
    struct slice uri =
        children_find(entry->children, FOURCC('u', 'r', 'i', ' '));
    struct slice text = slice_after(uri, FULL_BOX);
    return add_text(entry, "metadata.key", take_text(&text));
}

dits_error *entry_other(struct entry *entry)
{
    if (is_type(entry, "tmcd"))
        return timecode(entry);
    if (is_type(entry, "tx3g"))
        return timed_text(entry);
    if (is_type(entry, "stpp"))
        return xml_subtitles(entry);
    if (is_type(entry, "mett") || is_type(entry, "metx"))
        return text_metadata(entry);
    if (is_type(entry, "mebx"))
        return boxed_metadata(entry);
    if (is_type(entry, "urim"))
        return uri_metadata(entry);
    if (!is_type(entry, "text"))
        entry->children = slice_after(entry->payload, ENTRY_FIXED);
    return NULL;
}
