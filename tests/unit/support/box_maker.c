#include "support/box_maker.h"

#include <stdlib.h>

static void must(dits_error *err)
{
    if (err != NULL)
        abort();
}

void boxes_put(struct buf *out, const void *data, size_t size)
{
    must(buf_put(out, data, size));
}

void boxes_zeros(struct buf *out, size_t size)
{
    void *bytes = NULL;
    must(buf_extend(out, size, &bytes));
    for (size_t i = 0; i < size; i++)
        ((uint8_t *)bytes)[i] = 0;
}

void boxes_be16(struct buf *out, uint32_t value)
{
    must(buf_put_u8(out, (uint8_t)(value >> 8)));
    must(buf_put_u8(out, (uint8_t)value));
}

void boxes_be32(struct buf *out, uint32_t value)
{
    boxes_be16(out, value >> 16);
    boxes_be16(out, value);
}

size_t boxes_begin(struct buf *out, const char *type)
{
    size_t at = out->size;
    boxes_be32(out, 0);
    boxes_put(out, type, 4);
    return at;
}

void boxes_end(struct buf *out, size_t at)
{
    size_t size = out->size - at;
    for (unsigned i = 0; i < 4; i++)
        out->data[at + i] = (uint8_t)(size >> (24 - 8 * i));
}

void boxes_whole(struct buf *out, const char *type, const void *payload,
                 size_t size)
{
    size_t at = boxes_begin(out, type);
    if (size > 0)
        boxes_put(out, payload, size);
    boxes_end(out, at);
}
