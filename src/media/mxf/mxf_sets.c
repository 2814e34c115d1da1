#include "media/mxf/mxf_sets.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/be.h"
#include "base/mem.h"
#include "media/limits.h"
#include "media/mxf/mxf_klv.h"

enum {
    TAG_INSTANCE = 0x3c0a,
    PRIMER_ROW = 18,
};

void mxf_sets_release(struct mxf_sets *sets)
{
    buf_release(&sets->bytes);
    mem_free(sets->list);
    mem_free(sets->by_uid);
    *sets = (struct mxf_sets){0};
}

static unsigned set_type(const uint8_t *key)
{
    static const uint8_t structural[] = {0x0d, 0x01, 0x01, 0x01, 0x01, 0x01};
    static const uint8_t encryption[] = {0x0d, 0x01, 0x04, 0x01, 0x02, 0x02};
    if (memcmp(key + 8, structural, sizeof(structural)) == 0)
        return key[14];
    if (memcmp(key + 8, encryption, sizeof(encryption)) == 0)
        return MXF_SET_CRYPTOGRAPHIC;
    return MXF_SET_OTHER;
}

static dits_error *add_set(struct mxf_sets *sets, const uint8_t *key,
                           struct slice body)
{
    if (sets->count >= LIMIT_MXF_SETS)
        return NULL;
    struct mxf_set *list =
        array_grown(sets->list, sets->count, &sets->capacity, sizeof(*list));
    if (list == NULL)
        return error_nomem();
    sets->list = list;
    struct mxf_set *set = &sets->list[sets->count++];
    *set = (struct mxf_set){.type = set_type(key), .body = body};
    struct slice uid = mxf_sets_get(sets, set, TAG_INSTANCE);
    if (uid.size == sizeof(set->uid))
        memcpy(set->uid, uid.data, uid.size);
    return NULL;
}

static int compare(const void *a, const void *b)
{
    const struct mxf_set *const *left = a;
    const struct mxf_set *const *right = b;
    return memcmp((*left)->uid, (*right)->uid, sizeof((*left)->uid));
}

static dits_error *sort(struct mxf_sets *sets)
{
    if (sets->count == 0)
        return NULL;
    sets->by_uid = mem_new_array(const struct mxf_set *, sets->count);
    if (sets->by_uid == NULL)
        return error_nomem();
    for (size_t i = 0; i < sets->count; i++)
        sets->by_uid[i] = &sets->list[i];
    qsort(sets->by_uid, sets->count, sizeof(const struct mxf_set *), compare);
    return NULL;
}

/* The pack is a batch: count, size of a row, rows. */
static struct slice batch(struct slice value)
{
    if (value.size < 8)
        return (struct slice){0};
    return slice_of(value.data + 8, value.size - 8);
}

static dits_error *take(struct mxf_sets *sets, const uint8_t *key,
                        struct slice value)
{
    if (mxf_key_is_primer(key))
        sets->primer = batch(value);
    if (mxf_key_is_set(key))
        return add_set(sets, key, value);
    return NULL;
}

dits_error *mxf_sets_load(struct mxf_sets *sets, struct window *window,
                          uint64_t offset, uint64_t size)
{
    uint64_t end = window->source->size;
    uint64_t left = offset < end ? end - offset : 0;
    size = size < left ? size : left;
    size = size < LIMIT_PAYLOAD ? size : LIMIT_PAYLOAD;
    TRY(window_load(window, offset, size, &sets->bytes));
    struct slice rest = buf_slice(&sets->bytes);
    while (rest.size > 0) {
        uint64_t claimed = 0;
        size_t header = mxf_klv_header(rest, &claimed);
        if (header == 0)
            break;
        size_t room = rest.size - header;
        size_t value = claimed < room ? (size_t)claimed : room;
        TRY(take(sets, rest.data, slice_of(rest.data + header, value)));
        rest = slice_of(rest.data + header + value, room - value);
    }
    return sort(sets);
}

struct slice mxf_sets_get(struct mxf_sets *sets, const struct mxf_set *set,
                          uint16_t tag)
{
    struct slice rest = set->body;
    while (rest.size >= 4 && sets->work < LIMIT_MXF_WORK) {
        size_t size = be16_load(rest.data + 2);
        size_t room = rest.size - 4;
        sets->work += 4;
        if (size > room)
            break;
        if (be16_load(rest.data) == tag)
            return slice_of(rest.data + 4, size);
        rest = slice_of(rest.data + 4 + size, room - size);
    }
    return (struct slice){0};
}

struct slice mxf_sets_find(struct mxf_sets *sets, const struct mxf_set *set,
                           const uint8_t name[16])
{
    struct slice rows = sets->primer;
    while (rows.size >= PRIMER_ROW && sets->work < LIMIT_MXF_WORK) {
        const uint8_t *row = rows.data;
        sets->work += 1;
        /* Byte 8 is the version of the registry. */
        if (memcmp(row + 2, name, 7) == 0 && memcmp(row + 10, name + 8, 8) == 0)
            return mxf_sets_get(sets, set, be16_load(row));
        rows = slice_of(row + PRIMER_ROW, rows.size - PRIMER_ROW);
    }
    return (struct slice){0};
}

uint64_t mxf_sets_number(struct mxf_sets *sets, const struct mxf_set *set,
                         uint16_t tag, uint64_t otherwise)
{
    struct slice bytes = mxf_sets_get(sets, set, tag);
    uint64_t value = 0;
    if (bytes.size == 0 || bytes.size > 8)
        return otherwise;
    for (size_t i = 0; i < bytes.size; i++)
        value = value << 8 | bytes.data[i];
    return value;
}

const struct mxf_set *mxf_sets_resolve(const struct mxf_sets *sets,
                                       struct slice reference)
{
    struct mxf_set wanted = {0};
    const struct mxf_set *key = &wanted;
    if (reference.size != sizeof(wanted.uid) || sets->count == 0)
        return NULL;
    memcpy(wanted.uid, reference.data, reference.size);
    const struct mxf_set *const *found =
        bsearch(&key, sets->by_uid, sets->count, sizeof(const struct mxf_set *),
                compare);
    return found == NULL ? NULL : *found;
}

struct slice mxf_sets_references(struct mxf_sets *sets,
                                 const struct mxf_set *set, uint16_t tag)
{
    return batch(mxf_sets_get(sets, set, tag));
}

bool mxf_sets_next(const struct mxf_sets *sets, struct slice *references,
                   const struct mxf_set **out)
{
    if (references->size < 16)
        return false;
    *out = mxf_sets_resolve(sets, slice_of(references->data, 16));
    *references = slice_of(references->data + 16, references->size - 16);
    return true;
}

static dits_error *put_utf8(struct buf *out, uint32_t c)
{
    uint8_t bytes[4] = {0};
    size_t count = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    static const uint8_t marks[] = {0, 0, 0xc0, 0xe0, 0xf0};
    for (size_t i = count; i-- > 1; c >>= 6)
        bytes[i] = (uint8_t)(0x80 | (c & 0x3f));
    bytes[0] = (uint8_t)(marks[count] | c);
    return buf_put(out, bytes, count);
}

dits_error *mxf_text(struct slice utf16, struct buf *out)
{
    buf_clear(out);
    for (size_t at = 0; at + 2 <= utf16.size; at += 2) {
        uint32_t c = be16_load(utf16.data + at);
        bool is_high = c >= 0xd800 && c < 0xdc00;
        uint32_t low = is_high && at + 4 <= utf16.size
                           ? be16_load(utf16.data + at + 2)
                           : 0;
        if (c == 0)
            return NULL;
        if (low >= 0xdc00 && low < 0xe000) {
            c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
            at += 2;
        } else if (c >= 0xd800 && c < 0xe000) {
            c = 0xfffd;
        }
        TRY(put_utf8(out, c));
    }
    return NULL;
}
