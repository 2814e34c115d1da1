#include "media/matroska/ebml.h"

#include <string.h>

#include "base/be.h"
#include "media/limits.h"

/* The longest header: an id of 4 bytes and a size of 8. */
enum { HEADER_BYTES = 12, ID_BYTES = 4, SIZE_BYTES = 8 };

unsigned ebml_vint(struct slice bytes, bool keep_marker, uint64_t *out)
{
    unsigned length = 1;
    if (bytes.size == 0 || bytes.data[0] == 0)
        return 0;
    while ((bytes.data[0] & 0x80u >> (length - 1)) == 0)
        length++;
    if (length > bytes.size)
        return 0;
    uint64_t value = bytes.data[0];
    if (!keep_marker)
        value &= 0x7fu >> (length - 1);
    for (unsigned i = 1; i < length; i++)
        value = value << 8 | bytes.data[i];
    *out = value;
    return length;
}

/* All data bits are ones: no size is known. */
static bool is_unknown_size(uint64_t size, unsigned length)
{
    return size == (UINT64_C(1) << (7 * length)) - 1;
}

dits_error *ebml_element_at(struct window *window, uint64_t at, uint64_t end,
                            struct ebml_element *out, bool *out_found)
{
    struct slice bytes = {0};
    uint64_t id = 0;
    uint64_t size = 0;
    *out_found = false;
    if (at >= end)
        return NULL;
    size_t want = end - at < HEADER_BYTES ? (size_t)(end - at) : HEADER_BYTES;
    TRY(window_peek(window, at, want, &bytes));
    unsigned id_length = ebml_vint(bytes, true, &id);
    if (id_length == 0 || id_length > ID_BYTES)
        return NULL;
    unsigned size_length = ebml_vint(
        slice_of(bytes.data + id_length, bytes.size - id_length), false, &size);
    if (size_length == 0)
        return NULL;
    uint64_t body = at + id_length + size_length;
    bool is_unknown = is_unknown_size(size, size_length);
    bool is_cut = !is_unknown && size > end - body;
    *out = (struct ebml_element){
        .id = (uint32_t)id,
        .header_size = id_length + size_length,
        .offset = at,
        .body = body,
        .end = is_unknown || is_cut ? end : body + size,
        .is_unknown = is_unknown,
        .is_cut = is_cut,
    };
    *out_found = true;
    return NULL;
}

struct ebml_list ebml_children(struct window *window,
                               const struct ebml_element *element)
{
    return (struct ebml_list){window, element->body, element->end};
}

dits_error *ebml_next(struct ebml_list *list, struct ebml_element *out,
                      bool *out_found)
{
    TRY(ebml_element_at(list->window, list->at, list->end, out, out_found));
    if (*out_found)
        list->at = out->end;
    return NULL;
}

/* The bytes of a number: `*out` is right-aligned in 8 bytes. */
static dits_error *number_bytes(struct window *window,
                                const struct ebml_element *element,
                                uint8_t out[SIZE_BYTES], size_t *out_size)
{
    uint64_t size = element->end - element->body;
    *out_size = 0;
    if (size > SIZE_BYTES)
        return NULL;
    TRY(window_read(window, element->body, (size_t)size,
                    out + SIZE_BYTES - size));
    *out_size = (size_t)size;
    return NULL;
}

dits_error *ebml_uint(struct window *window, const struct ebml_element *element,
                      uint64_t *out)
{
    uint8_t bytes[SIZE_BYTES] = {0};
    size_t size = 0;
    TRY(number_bytes(window, element, bytes, &size));
    *out = be64_load(bytes);
    return NULL;
}

dits_error *ebml_int(struct window *window, const struct ebml_element *element,
                     int64_t *out)
{
    uint8_t bytes[SIZE_BYTES] = {0};
    size_t size = 0;
    TRY(number_bytes(window, element, bytes, &size));
    if (size > 0 && (bytes[SIZE_BYTES - size] & 0x80) != 0)
        memset(bytes, 0xff, SIZE_BYTES - size);
    *out = (int64_t)be64_load(bytes);
    return NULL;
}

dits_error *ebml_float(struct window *window,
                       const struct ebml_element *element, double *out)
{
    uint8_t bytes[SIZE_BYTES] = {0};
    size_t size = 0;
    TRY(number_bytes(window, element, bytes, &size));
    uint64_t whole = be64_load(bytes);
    uint32_t half = (uint32_t)whole;
    float narrow = 0;
    double wide = 0;
    memcpy(&narrow, &half, sizeof(narrow));
    memcpy(&wide, &whole, sizeof(wide));
    double value = size == 8 ? wide : size == 4 ? (double)narrow : 0;
    *out = value - value == 0 ? value : 0;
    return NULL;
}

dits_error *ebml_bytes(struct window *window,
                       const struct ebml_element *element, struct buf *out)
{
    uint64_t size = element->end - element->body;
    buf_clear(out);
    if (size > LIMIT_PAYLOAD)
        return NULL;
    return window_load(window, element->body, size, out);
}
