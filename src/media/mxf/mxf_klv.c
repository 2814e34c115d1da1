#include "media/mxf/mxf_klv.h"

#include <string.h>

#include "media/limits.h"

enum { VERSION_BYTE = 7 };

static const uint8_t prefix[] = {0x06, 0x0e, 0x2b, 0x34};

size_t mxf_klv_header(struct slice bytes, uint64_t *out_value_size)
{
    *out_value_size = 0;
    if (bytes.size <= MXF_KEY_BYTES ||
        memcmp(bytes.data, prefix, sizeof(prefix)) != 0)
        return 0;
    uint8_t first = bytes.data[MXF_KEY_BYTES];
    if (first < 0x80) {
        *out_value_size = first;
        return MXF_KEY_BYTES + 1;
    }
    size_t count = first & 0x7f;
    if (count == 0 || count > 8 || count > bytes.size - MXF_KEY_BYTES - 1)
        return 0;
    for (size_t i = 0; i < count; i++)
        *out_value_size = *out_value_size << 8 |
                          bytes.data[MXF_KEY_BYTES + 1 + i];
    return MXF_KEY_BYTES + 1 + count;
}

dits_error *mxf_klv_read(struct window *window, uint64_t offset,
                         struct mxf_klv *out, bool *out_found)
{
    struct slice bytes = {0};
    uint64_t size = 0;
    *out = (struct mxf_klv){0};
    *out_found = false;
    TRY(window_peek(window, offset, MXF_KEY_BYTES + 9, &bytes));
    size_t header = mxf_klv_header(bytes, &size);
    if (header == 0)
        return NULL;
    uint64_t left = window->source->size - offset - header;
    memcpy(out->key, bytes.data, MXF_KEY_BYTES);
    out->offset = offset;
    out->header_size = (uint32_t)header;
    out->value = offset + header;
    out->size = size < left ? size : left;
    out->is_cut = size > left;
    *out_found = true;
    return NULL;
}

/* The next place from `offset` on where a key may start; else the end. */
static dits_error *find_prefix(struct window *window, uint64_t offset,
                               uint64_t end, uint64_t *out)
{
    while (offset < end) {
        struct slice bytes = {0};
        TRY(window_peek(window, offset, WINDOW_BYTES, &bytes));
        const uint8_t *hit =
            memmem(bytes.data, bytes.size, prefix, sizeof(prefix));
        *out = offset + (hit != NULL ? (uint64_t)(hit - bytes.data) : 0);
        if (hit != NULL || bytes.size < WINDOW_BYTES)
            return NULL;
        offset += bytes.size - sizeof(prefix) + 1;
    }
    *out = end;
    return NULL;
}

dits_error *mxf_klv_find(struct window *window, uint64_t offset,
                         struct mxf_klv *out, uint64_t *out_skipped,
                         bool *out_found)
{
    uint64_t size = window->source->size;
    uint64_t end = size - offset > LIMIT_RESYNC ? offset + LIMIT_RESYNC : size;
    uint64_t at = offset;
    *out_skipped = 0;
    *out_found = false;
    if (offset >= size)
        return NULL;
    TRY(mxf_klv_read(window, at, out, out_found));
    while (!*out_found && at < end) {
        TRY(find_prefix(window, at + 1, end, &at));
        TRY(mxf_klv_read(window, at, out, out_found));
        if (!*out_found && end - at <= MXF_KEY_BYTES)
            at = end;
    }
    *out_skipped = at - offset;
    return NULL;
}

uint64_t mxf_klv_end(const struct mxf_klv *klv)
{
    return klv->value + klv->size;
}

/* Whether `key` starts with `size` bytes of `label`, whatever the version. */
static bool starts_with(const uint8_t *key, const char *label, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (i != VERSION_BYTE && key[i] != (uint8_t)label[i])
            return false;
    return true;
}

#define STARTS_WITH(key, label) starts_with(key, label, sizeof(label) - 1)

bool mxf_key_is_partition(const uint8_t *key)
{
    return STARTS_WITH(key, "\x06\x0e\x2b\x34\x02\x05\x01\x01"
                            "\x0d\x01\x02\x01\x01") &&
           key[13] >= 2 && key[13] <= 4;
}

bool mxf_key_is_primer(const uint8_t *key)
{
    return STARTS_WITH(key, "\x06\x0e\x2b\x34\x02\x05\x01\x01"
                            "\x0d\x01\x02\x01\x01\x05");
}

bool mxf_key_is_set(const uint8_t *key)
{
    return STARTS_WITH(key, "\x06\x0e\x2b\x34\x02\x53\x01\x01\x0d\x01") &&
           !mxf_key_is_index(key);
}

bool mxf_key_is_index(const uint8_t *key)
{
    return STARTS_WITH(key, "\x06\x0e\x2b\x34\x02\x53\x01\x01"
                            "\x0d\x01\x02\x01\x01\x10");
}

bool mxf_key_is_random_index(const uint8_t *key)
{
    return STARTS_WITH(key, "\x06\x0e\x2b\x34\x02\x05\x01\x01"
                            "\x0d\x01\x02\x01\x01\x11");
}

/* The generic container, and the keys that Avid uses for its own codecs. */
bool mxf_key_is_essence(const uint8_t *key)
{
    return STARTS_WITH(key, "\x06\x0e\x2b\x34\x01\x02\x01\x01"
                            "\x0d\x01\x03\x01") ||
           STARTS_WITH(key, "\x06\x0e\x2b\x34\x01\x02\x01\x01"
                            "\x0e\x04\x03\x01") ||
           STARTS_WITH(key, "\x06\x0e\x2b\x34\x01\x02\x01\x01"
                            "\x0e\x0f\x03\x01");
}

bool mxf_key_is_encrypted(const uint8_t *key)
{
    return STARTS_WITH(key, "\x06\x0e\x2b\x34\x02\x04\x01\x01"
                            "\x0d\x01\x03\x01\x02\x7e\x01");
}

bool mxf_key_is_fill(const uint8_t *key)
{
    return STARTS_WITH(key, "\x06\x0e\x2b\x34\x01\x01\x01\x01"
                            "\x03\x01\x02\x10\x01");
}
