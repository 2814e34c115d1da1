/*
 * Metadata in a 'meta' box: items as iTunes and QuickTime keep them. The
 * latter numbers its items by the list in 'keys'.
 */
#include <stdio.h>
#include <string.h>

#include "base/be.h"
#include "media/isobmff/describe_parts.h"
#include "media/utf16.h"

/* Well-known types of values (QuickTime File Format, metadata). */
enum {
    VALUE_IMPLICIT = 0,
    VALUE_UTF8 = 1,
    VALUE_UTF16 = 2,
    VALUE_SIGNED = 21,
    VALUE_UNSIGNED = 22,
    VALUE_FLOAT = 23,
    VALUE_DOUBLE = 24,
    VALUE_SIGNED_8 = 65,
    VALUE_SIGNED_16 = 66,
    VALUE_SIGNED_32 = 67,
    VALUE_SIGNED_64 = 74,
    VALUE_UNSIGNED_8 = 75,
    VALUE_UNSIGNED_16 = 76,
    VALUE_UNSIGNED_32 = 77,
    VALUE_UNSIGNED_64 = 78,
};

static dits_error *add_number(const struct described *to, const char *key,
                              struct slice value, bool is_signed)
{
    char text[24] = "";
    uint64_t number = 0;
    if (value.size == 0 || value.size > 8)
        return NULL;
    if (is_signed && value.data[0] >> 7 != 0)
        number = UINT64_MAX;
    for (size_t i = 0; i < value.size; i++)
        number = number << 8 | value.data[i];
    (void)snprintf(text, sizeof(text), is_signed ? "%lld" : "%llu",
                   (long long)number);
    return describe_tag(to, key, slice_of_text(text));
}

static dits_error *add_float(const struct described *to, const char *key,
                             struct slice value)
{
    char text[40] = "";
    double number = 0;
    if (value.size == 4) {
        uint32_t bits = be32_load(value.data);
        float single = 0;
        memcpy(&single, &bits, sizeof(single));
        number = (double)single;
    } else if (value.size == 8) {
        uint64_t bits = be64_load(value.data);
        memcpy(&number, &bits, sizeof(number));
    } else {
        return NULL;
    }
    (void)snprintf(text, sizeof(text), "%g", number);
    return describe_tag(to, key, slice_of_text(text));
}

/* Track or disc, and of how many; a genre as a number of ID3's list plus 1. */
static dits_error *add_implicit(const struct described *to, const char *key,
                                struct slice value)
{
    char text[24] = "";
    bool is_pair = strcmp(key, "track") == 0 || strcmp(key, "disc") == 0;
    if (!is_pair)
        return add_number(to, key, value, false);
    if (value.size < 4)
        return NULL;
    unsigned total = value.size >= 6 ? be16_load(value.data + 4) : 0;
    if (total > 0)
        (void)snprintf(text, sizeof(text), "%u/%u", be16_load(value.data + 2),
                       total);
    else
        (void)snprintf(text, sizeof(text), "%u", be16_load(value.data + 2));
    return describe_tag(to, key, slice_of_text(text));
}

static dits_error *add_wide(const struct described *to, const char *key,
                            struct slice value)
{
    CLEANUP(buf_release) struct buf utf8 = {0};
    TRY(text_of_utf16(value, &utf8));
    return describe_tag(to, key, buf_slice(&utf8));
}

static dits_error *add_value(const struct described *to, const char *key,
                             uint32_t type, struct slice value)
{
    switch (type) {
    case VALUE_UTF8:
        return describe_tag(to, key, value);
    case VALUE_UTF16:
        return add_wide(to, key, value);
    case VALUE_SIGNED:
    case VALUE_SIGNED_8:
    case VALUE_SIGNED_16:
    case VALUE_SIGNED_32:
    case VALUE_SIGNED_64:
        return add_number(to, key, value, true);
    case VALUE_UNSIGNED:
    case VALUE_UNSIGNED_8:
    case VALUE_UNSIGNED_16:
    case VALUE_UNSIGNED_32:
    case VALUE_UNSIGNED_64:
        return add_number(to, key, value, false);
    case VALUE_FLOAT:
    case VALUE_DOUBLE:
        return add_float(to, key, value);
    case VALUE_IMPLICIT:
        return add_implicit(to, key, value);
    default: { /* pictures and structures */
        char name[160] = "";
        (void)snprintf(name, sizeof(name), "user.%s", key);
        return facts_add_integer(to->facts, name, (int64_t)value.size);
    }
    }
}

dits_error *describe_item(const struct described *to, const char *key,
                          struct slice item)
{
    enum { TYPE_AND_LOCALE = 8 };
    struct children children = children_of(item);
    struct child child = {0};
    while (children_next(&children, &child)) {
        if (child.type != FOURCC('d', 'a', 't', 'a') ||
            child.payload.size < TYPE_AND_LOCALE)
            continue;
        uint32_t type = be32_load(child.payload.data) & 0xffffff;
        TRY(add_value(to, key, type,
                      slice_after(child.payload, TYPE_AND_LOCALE)));
    }
    return NULL;
}

static void copy_key(char *out, size_t room, struct slice text)
{
    size_t size = text.size < room - 1 ? text.size : room - 1;
    if (size > 0)
        memcpy(out, text.data, size);
    out[size] = '\0';
}

/* '----': who names it, what it is called, its value. */
static dits_error *add_named(const struct described *to, struct slice item)
{
    char key[128] = "";
    struct slice name =
        slice_after(children_find(item, FOURCC('n', 'a', 'm', 'e')), FULL_BOX);
    copy_key(key, sizeof(key), name);
    return key[0] != '\0' ? describe_item(to, key, item) : NULL;
}

/* The name of key number `index`, from 1. */
static struct slice key_at(struct slice keys, uint32_t index)
{
    enum { KEY_HEADER = 8 };
    struct slice rest = slice_after(keys, FULL_BOX + 4);
    for (uint32_t i = 1; rest.size >= KEY_HEADER; i++) {
        size_t size = be32_load(rest.data);
        if (size < KEY_HEADER || size > rest.size)
            break;
        if (i == index)
            return slice_of(rest.data + KEY_HEADER, size - KEY_HEADER);
        rest = slice_after(rest, size);
    }
    return (struct slice){0};
}

static dits_error *add_item(const struct described *to, struct slice keys,
                            const struct child *item)
{
    char key[128] = "";
    if (item->type == FOURCC('-', '-', '-', '-'))
        return add_named(to, item->payload);
    copy_key(key, sizeof(key), key_at(keys, item->type));
    if (key[0] != '\0')
        return describe_item(to, key, item->payload);
    if (tag_key(item->type) != NULL)
        return describe_item(to, tag_key(item->type), item->payload);
    return describe_user(to, item->type, item->payload.size);
}

/* QuickTime has no version and flags before the boxes. */
static struct slice boxes_of(struct slice payload)
{
    static const char first[][5] = {"hdlr", "keys", "ilst", "free"};
    for (size_t i = 0; payload.size >= 8 && i < 4; i++)
        if (memcmp(payload.data + 4, first[i], 4) == 0)
            return payload;
    return slice_after(payload, FULL_BOX);
}

dits_error *describe_meta(const struct described *to, struct slice payload)
{
    struct slice boxes = boxes_of(payload);
    struct slice keys = children_find(boxes, FOURCC('k', 'e', 'y', 's'));
    struct slice xml = children_find(boxes, FOURCC('x', 'm', 'l', ' '));
    struct children items =
        children_of(children_find(boxes, FOURCC('i', 'l', 's', 't')));
    struct child item = {0};
    while (children_next(&items, &item))
        TRY(add_item(to, keys, &item));
    if (xml.size > FULL_BOX)
        TRY(facts_add_integer(to->facts, "user.xml",
                              (int64_t)xml.size - FULL_BOX));
    return NULL;
}
