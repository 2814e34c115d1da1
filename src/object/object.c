#include "object/object.h"

#include <assert.h>
#include <string.h>

/* Like PNG's: a high bit, CR LF, the end-of-file of old systems, and LF. */
static const uint8_t magic[8] = {0x89, 'D', 'T', 'S', '\r', '\n', 0x1a, '\n'};

enum { KIND_AT = 8, VERSION_AT = 9, RESERVED_AT = 10, LENGTH_AT = 12 };

/* The newest version of each kind, which is the one that is written. */
static const uint8_t versions[CHUNK_KIND_COUNT] = {
    [CHUNK_ASSET] = 1,  [CHUNK_LIST] = 1, [CHUNK_TREE] = 1,
    [CHUNK_COMMIT] = 1, [CHUNK_TAG] = 1,
};

dits_error *object_begin(struct buf *out, enum chunk_kind kind)
{
    assert(out->size == 0 && kind != CHUNK_DATA);
    TRY(buf_put(out, magic, sizeof(magic)));
    TRY(buf_put_u8(out, (uint8_t)kind));
    TRY(buf_put_u8(out, versions[kind]));
    TRY(buf_put_le16(out, 0));
    return buf_put_le32(out, 0);
}

dits_error *object_end(struct buf *out)
{
    assert(out->size >= OBJECT_HEADER_SIZE);
    if (out->size > CHUNK_MAX_BYTES)
        return error_new(DITS_E_LIMIT, "an object of %zu bytes is too large",
                         out->size);
    size_t length = out->size - OBJECT_HEADER_SIZE;
    for (size_t i = 0; i < 4; i++)
        out->data[LENGTH_AT + i] = (uint8_t)(length >> (8 * i));
    return NULL;
}

/* Say what a text tool did to the magic, where that can be seen. */
static dits_error *wrong_magic(struct slice bytes)
{
    static const uint8_t encoded[] = {0xc2, 0x89, 'D', 'T', 'S'};
    static const uint8_t replaced[] = {0xef, 0xbf, 0xbd, 'D', 'T', 'S'};
    const char *what = NULL;
    if (memcmp(bytes.data, magic, 4) == 0)
        what = "its line ends were converted";
    else if (bytes.data[0] == (magic[0] & 0x7f) &&
             memcmp(bytes.data + 1, magic + 1, 3) == 0)
        what = "it was cut to 7 bits";
    else if (memcmp(bytes.data, encoded, sizeof(encoded)) == 0 ||
             memcmp(bytes.data, replaced, sizeof(replaced)) == 0)
        what = "it was converted to UTF-8";
    if (what == NULL)
        return error_new(DITS_E_CORRUPT, "not a Dits object");
    return error_hint(
        error_new(DITS_E_CORRUPT, "an object was mangled as text: %s", what),
        "Copy repositories in binary mode.");
}

static dits_error *check_version(enum chunk_kind kind, uint8_t version)
{
    if (version > versions[kind])
        return error_hint(error_new(DITS_E_UNSUPPORTED, "%s of version %u",
                                    chunk_kind_name(kind), version),
                          "It was made by a newer Dits. Update Dits.");
    if (version == 0)
        return error_new(DITS_E_CORRUPT, "%s of version 0",
                         chunk_kind_name(kind));
    return NULL;
}

dits_error *object_open(enum chunk_kind kind, struct slice bytes,
                        struct cursor *out)
{
    if (bytes.size < OBJECT_HEADER_SIZE)
        return error_new(DITS_E_CORRUPT, "an object of %zu bytes", bytes.size);
    if (memcmp(bytes.data, magic, sizeof(magic)) != 0)
        return wrong_magic(bytes);
    if (bytes.data[KIND_AT] != kind)
        return error_new(DITS_E_CORRUPT, "an object of kind %u is not a %s",
                         bytes.data[KIND_AT], chunk_kind_name(kind));
    TRY(check_version(kind, bytes.data[VERSION_AT]));

    struct cursor in =
        cursor_over(bytes.data + RESERVED_AT, bytes.size - RESERVED_AT);
    uint16_t reserved = 0;
    uint32_t length = 0;
    TRY(cursor_le16(&in, &reserved));
    TRY(cursor_le32(&in, &length));
    if (reserved != 0)
        return error_new(DITS_E_CORRUPT, "reserved bytes of a %s are in use",
                         chunk_kind_name(kind));
    if (length != cursor_left(&in))
        return error_new(DITS_E_CORRUPT, "a %s says %u bytes and has %zu",
                         chunk_kind_name(kind), length, cursor_left(&in));
    *out = in;
    return NULL;
}

dits_error *object_put_bytes(struct buf *out, const void *data, size_t size)
{
    TRY(buf_put_varint(out, size));
    return size == 0 ? NULL : buf_put(out, data, size);
}

dits_error *object_take_bytes(struct cursor *in, size_t max, struct slice *out)
{
    uint64_t size = 0;
    TRY(cursor_varint(in, &size));
    if (size > max)
        return error_new(DITS_E_CORRUPT, "a field of more than %zu bytes", max);
    return cursor_slice(in, (size_t)size, out);
}
