#include "base/cursor.h"

#include <string.h>

struct cursor cursor_over(const void *data, size_t size)
{
    static const uint8_t nothing[1];
    const uint8_t *bytes = data != NULL ? data : nothing;
    return (struct cursor){.at = bytes, .end = bytes + size};
}

size_t cursor_left(const struct cursor *cursor)
{
    return (size_t)(cursor->end - cursor->at);
}

dits_error *cursor_slice(struct cursor *cursor, size_t size, struct slice *out)
{
    if (size > cursor_left(cursor))
        return error_new(DITS_E_CORRUPT, "%zu bytes wanted, %zu left", size,
                         cursor_left(cursor));
    *out = slice_of(cursor->at, size);
    cursor->at += size;
    return NULL;
}

dits_error *cursor_bytes(struct cursor *cursor, size_t size, void *out)
{
    struct slice bytes = {0};
    TRY(cursor_slice(cursor, size, &bytes));
    memcpy(out, bytes.data, size);
    return NULL;
}

static dits_error *take_le(struct cursor *cursor, size_t size, uint64_t *out)
{
    struct slice bytes = {0};
    TRY(cursor_slice(cursor, size, &bytes));
    uint64_t value = 0;
    for (size_t i = 0; i < size; i++)
        value |= (uint64_t)bytes.data[i] << (8 * i);
    *out = value;
    return NULL;
}

dits_error *cursor_u8(struct cursor *cursor, uint8_t *out)
{
    uint64_t value = 0;
    TRY(take_le(cursor, 1, &value));
    *out = (uint8_t)value;
    return NULL;
}

dits_error *cursor_le16(struct cursor *cursor, uint16_t *out)
{
    uint64_t value = 0;
    TRY(take_le(cursor, 2, &value));
    *out = (uint16_t)value;
    return NULL;
}

dits_error *cursor_le32(struct cursor *cursor, uint32_t *out)
{
    uint64_t value = 0;
    TRY(take_le(cursor, 4, &value));
    *out = (uint32_t)value;
    return NULL;
}

dits_error *cursor_le64(struct cursor *cursor, uint64_t *out)
{
    return take_le(cursor, 8, out);
}

static dits_error *take_be(struct cursor *cursor, size_t size, uint64_t *out)
{
    struct slice bytes = {0};
    TRY(cursor_slice(cursor, size, &bytes));
    uint64_t value = 0;
    for (size_t i = 0; i < size; i++)
        value = value << 8 | bytes.data[i];
    *out = value;
    return NULL;
}

dits_error *cursor_be16(struct cursor *cursor, uint16_t *out)
{
    uint64_t value = 0;
    TRY(take_be(cursor, 2, &value));
    *out = (uint16_t)value;
    return NULL;
}

static dits_error *take_be_to_32(struct cursor *cursor, size_t size,
                                 uint32_t *out)
{
    uint64_t value = 0;
    TRY(take_be(cursor, size, &value));
    *out = (uint32_t)value;
    return NULL;
}

dits_error *cursor_be24(struct cursor *cursor, uint32_t *out)
{
    return take_be_to_32(cursor, 3, out);
}

dits_error *cursor_be32(struct cursor *cursor, uint32_t *out)
{
    return take_be_to_32(cursor, 4, out);
}

dits_error *cursor_be64(struct cursor *cursor, uint64_t *out)
{
    return take_be(cursor, 8, out);
}

dits_error *cursor_skip(struct cursor *cursor, size_t size)
{
    struct slice skipped = {0};
    return cursor_slice(cursor, size, &skipped);
}

dits_error *cursor_oid(struct cursor *cursor, struct dits_oid *out)
{
    return cursor_bytes(cursor, OID_SIZE, out->hash);
}

dits_error *cursor_varint(struct cursor *cursor, uint64_t *out)
{
    uint64_t value = 0;
    const uint8_t *at = cursor->at;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        if (at == cursor->end)
            return error_new(DITS_E_CORRUPT, "a number is cut off");
        uint8_t byte = *at++;
        uint64_t bits = byte & 0x7f;
        if (shift == 63 && bits > 1)
            break;
        value |= bits << shift;
        if (byte < 0x80) {
            if (byte == 0 && shift > 0)
                return error_new(DITS_E_CORRUPT, "a number is padded");
            cursor->at = at;
            *out = value;
            return NULL;
        }
    }
    return error_new(DITS_E_CORRUPT, "a number exceeds 64 bits");
}

dits_error *cursor_end(const struct cursor *cursor)
{
    if (cursor_left(cursor) != 0)
        return error_new(DITS_E_CORRUPT, "%zu bytes too many",
                         cursor_left(cursor));
    return NULL;
}
