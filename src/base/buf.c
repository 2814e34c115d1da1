#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/be.h"
#include "base/mem.h"

enum { FIRST_CAPACITY = 63 };

struct slice slice_of(const void *data, size_t size)
{
    return (struct slice){.data = data, .size = size};
}

struct slice slice_of_text(const char *text)
{
    return slice_of(text, strlen(text));
}

bool slice_equal(struct slice a, struct slice b)
{
    return a.size == b.size &&
           (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

struct buf buf_limited(size_t max)
{
    return (struct buf){.max = max};
}

void buf_release(struct buf *buf)
{
    mem_free(buf->data);
    *buf = (struct buf){.max = buf->max};
}

void buf_clear(struct buf *buf)
{
    buf->size = 0;
    if (buf->data != NULL)
        buf->data[0] = 0;
}

dits_error *buf_reserve(struct buf *buf, size_t size)
{
    if (size > SIZE_MAX / 4 - buf->size)
        return error_nomem();
    size_t wanted = buf->size + size;
    if (buf->max != 0 && wanted > buf->max)
        return error_new(DITS_E_LIMIT, "more than %zu bytes", buf->max);
    if (buf->data != NULL && wanted <= buf->capacity)
        return NULL;

    size_t capacity = buf->capacity == 0 ? FIRST_CAPACITY : buf->capacity;
    while (capacity < wanted)
        capacity = 2 * capacity + 1;
    if (buf->max != 0 && capacity > buf->max)
        capacity = buf->max;
    uint8_t *data = mem_resize_bytes(buf->data, capacity + 1);
    if (data == NULL)
        return error_nomem();
    data[buf->size] = 0;
    buf->data = data;
    buf->capacity = capacity;
    return NULL;
}

dits_error *buf_extend(struct buf *buf, size_t size, void **out)
{
    TRY(buf_reserve(buf, size));
    *out = buf->data + buf->size;
    buf->size += size;
    buf->data[buf->size] = 0;
    return NULL;
}

dits_error *buf_put(struct buf *buf, const void *data, size_t size)
{
    void *at = NULL;
    TRY(buf_extend(buf, size, &at));
    if (size > 0)
        memcpy(at, data, size);
    return NULL;
}

static dits_error *put_le(struct buf *buf, uint64_t value, size_t size)
{
    uint8_t bytes[8] = {0};
    for (size_t i = 0; i < size; i++)
        bytes[i] = (uint8_t)(value >> (8 * i));
    return buf_put(buf, bytes, size);
}

dits_error *buf_put_u8(struct buf *buf, uint8_t value)
{
    return put_le(buf, value, 1);
}

dits_error *buf_put_le16(struct buf *buf, uint16_t value)
{
    return put_le(buf, value, 2);
}

dits_error *buf_put_le32(struct buf *buf, uint32_t value)
{
    return put_le(buf, value, 4);
}

dits_error *buf_put_le64(struct buf *buf, uint64_t value)
{
    return put_le(buf, value, 8);
}

dits_error *buf_put_be32(struct buf *buf, uint32_t value)
{
    uint8_t bytes[4] = {0};
    be32_store(bytes, value);
    return buf_put(buf, bytes, sizeof(bytes));
}

dits_error *buf_put_be64(struct buf *buf, uint64_t value)
{
    uint8_t bytes[8] = {0};
    be64_store(bytes, value);
    return buf_put(buf, bytes, sizeof(bytes));
}

dits_error *buf_put_varint(struct buf *buf, uint64_t value)
{
    uint8_t bytes[10] = {0};
    size_t size = 0;
    while (value >= 0x80) {
        bytes[size++] = (uint8_t)(value | 0x80);
        value >>= 7;
    }
    bytes[size++] = (uint8_t)value;
    return buf_put(buf, bytes, size);
}

dits_error *buf_put_text(struct buf *buf, const char *text)
{
    return buf_put(buf, text, strlen(text));
}

dits_error *buf_vprintf(struct buf *buf, const char *fmt, va_list args)
{
    va_list measure;
    va_copy(measure, args);
    int length = vsnprintf(NULL, 0, fmt, measure);
    va_end(measure);
    if (length < 0)
        return error_new(DITS_E_INTERNAL, "cannot format a message");

    TRY(buf_reserve(buf, (size_t)length));
    (void)vsnprintf((char *)buf->data + buf->size, (size_t)length + 1, fmt,
                    args);
    buf->size += (size_t)length;
    return NULL;
}

dits_error *buf_printf(struct buf *buf, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    dits_error *err = buf_vprintf(buf, fmt, args);
    va_end(args);
    return err;
}

const char *buf_text(const struct buf *buf)
{
    return buf->data != NULL ? (const char *)buf->data : "";
}

dits_error *buf_take_text(struct buf *buf, char **out)
{
    TRY(buf_reserve(buf, 0));
    buf->data[buf->size] = 0;
    *out = (char *)buf->data;
    *buf = (struct buf){.max = buf->max};
    return NULL;
}

struct slice buf_slice(const struct buf *buf)
{
    return slice_of(buf->data, buf->size);
}
