#include "media/matroska/lacing.h"

#include "base/be.h"
#include "media/matroska/ebml.h"

enum { NO_LACING = 0, XIPH = 1, FIXED = 2, EBML = 3 };

/* Number of the track, time, flags: what each block begins with. */
enum { PLAIN_BYTES = 8 + 2 + 1 };

static unsigned lacing_of(uint8_t flags)
{
    return flags >> 1 & 3;
}

static bool parse_plain(struct slice head, struct lace *out, uint8_t *out_flags)
{
    unsigned length = ebml_vint(head, false, &out->track);
    if (length == 0 || head.size - length < 3)
        return false;
    const uint8_t *at = head.data + length;
    out->time = (int16_t)be16_load(at);
    out->is_key = (at[2] & 0x80) != 0;
    out->is_discardable = (at[2] & 1) != 0;
    out->header = length + 3;
    *out_flags = at[2];
    return true;
}

size_t lace_wants(struct slice head, uint64_t size)
{
    struct lace lace = {0};
    uint8_t flags = 0;
    uint64_t most = PLAIN_BYTES;
    if (parse_plain(head, &lace, &flags) && lacing_of(flags) != NO_LACING)
        most = WINDOW_BYTES;
    return (size_t)(size < most ? size : most);
}

/* The last frame takes what the others leave of `left`. */
static bool finish(struct lace *out, uint64_t left)
{
    for (unsigned i = 0; i + 1 < out->count; i++) {
        if (out->sizes[i] > left)
            return false;
        left -= out->sizes[i];
    }
    out->sizes[out->count - 1] = left;
    return true;
}

/* Sizes as in Ogg: bytes are added up until one is not 255. */
static bool xiph_sizes(struct slice bytes, struct lace *out, size_t *out_used)
{
    size_t at = 0;
    for (unsigned i = 0; i + 1 < out->count; i++) {
        uint8_t byte = 255;
        while (byte == 255) {
            if (at == bytes.size)
                return false;
            byte = bytes.data[at++];
            out->sizes[i] += byte;
        }
    }
    *out_used = at;
    return true;
}

/* The first size, then differences: numbers around the middle of the range. */
static bool ebml_sizes(struct slice bytes, struct lace *out, size_t *out_used)
{
    size_t at = 0;
    int64_t size = 0;
    for (unsigned i = 0; i + 1 < out->count; i++) {
        uint64_t value = 0;
        unsigned length = ebml_vint(slice_of(bytes.data + at, bytes.size - at),
                                    false, &value);
        if (length == 0)
            return false;
        int64_t middle = i == 0 ? 0 : (INT64_C(1) << (7 * length - 1)) - 1;
        size += (int64_t)value - middle; /* each below 2^56: 256 fit */
        if (size < 0)
            return false;
        out->sizes[i] = (uint64_t)size;
        at += length;
    }
    *out_used = at;
    return true;
}

static bool fixed_sizes(uint64_t left, struct lace *out)
{
    if (left % out->count != 0)
        return false;
    for (unsigned i = 0; i < out->count; i++)
        out->sizes[i] = left / out->count;
    return true;
}

bool lace_parse(struct slice head, uint64_t size, struct lace *out)
{
    uint8_t flags = 0;
    size_t used = 0;
    *out = (struct lace){.count = 1};
    if (!parse_plain(head, out, &flags) || out->header > size)
        return false;
    unsigned lacing = lacing_of(flags);
    if (lacing == NO_LACING)
        return finish(out, size - out->header);
    if (out->header == head.size || out->header == size)
        return false;
    out->count = head.data[out->header] + 1u;
    out->header++;
    struct slice bytes =
        slice_of(head.data + out->header, head.size - out->header);
    if (lacing == FIXED)
        return fixed_sizes(size - out->header, out);
    bool is_good = lacing == XIPH ? xiph_sizes(bytes, out, &used)
                                  : ebml_sizes(bytes, out, &used);
    if (!is_good || used > size - out->header)
        return false;
    out->header += used;
    return finish(out, size - out->header);
}
