#include "media/codec/nal.h"

#include <string.h>

enum nal_codec nal_codec_of(const char *codec)
{
    static const struct {
        const char *name;
        enum nal_codec codec;
    } names[] = {{"h264", NAL_AVC}, {"hevc", NAL_HEVC}, {"vvc", NAL_VVC}};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (strcmp(codec, names[i].name) == 0)
            return names[i].codec;
    return NAL_NONE;
}

size_t nal_header_size(enum nal_codec codec)
{
    return codec == NAL_AVC ? 1 : 2;
}

unsigned nal_type(enum nal_codec codec, const uint8_t *header)
{
    if (codec == NAL_AVC)
        return header[0] & 0x1f;
    return codec == NAL_HEVC ? header[0] >> 1 & 0x3f : header[1] >> 3;
}

unsigned nal_layer(enum nal_codec codec, const uint8_t *header)
{
    if (codec == NAL_AVC)
        return 0;
    return codec == NAL_HEVC ? (header[0] & 1u) << 5 | header[1] >> 3
                             : header[0] & 0x3f;
}

bool nal_is_forbidden(enum nal_codec codec, const uint8_t *header)
{
    (void)codec; /* the first bit in each of them */
    return header[0] >> 7;
}

bool nal_is_header(enum nal_codec codec, unsigned type)
{
    switch (codec) {
    case NAL_AVC: /* SPS to end of stream; SPS extension; subset SPS */
        return (type >= AVC_SPS && type <= 11) || type == 13 || type == 15;
    case NAL_HEVC: /* VPS to end of bitstream */
        return type >= HEVC_VPS && type <= 37;
    case NAL_VVC: /* operating points to PPS; AUD to end of bitstream */
        return (type >= 12 && type <= 16) || (type >= VVC_AUD && type <= 22);
    case NAL_NONE:
        break;
    }
    return false;
}

bool nal_is_picture(enum nal_codec codec, unsigned type)
{
    switch (codec) {
    case NAL_AVC:
        return type >= AVC_SLICE && type <= AVC_IDR;
    case NAL_HEVC:
        return type <= HEVC_VCL_LAST;
    case NAL_VVC:
        return type <= VVC_VCL_LAST;
    case NAL_NONE:
        break;
    }
    return false;
}

bool nal_is_sei(enum nal_codec codec, unsigned type)
{
    switch (codec) {
    case NAL_AVC:
        return type == AVC_SEI;
    case NAL_HEVC:
        return type == HEVC_SEI_PREFIX || type == HEVC_SEI_SUFFIX;
    case NAL_VVC:
        return type == VVC_SEI_PREFIX || type == VVC_SEI_SUFFIX;
    case NAL_NONE:
        break;
    }
    return false;
}

struct nal_walk nal_walk_over(struct slice bytes, unsigned length_size)
{
    return (struct nal_walk){.rest = bytes, .length_size = length_size};
}

static void step(struct slice *bytes, size_t size)
{
    bytes->data += size;
    bytes->size -= size;
}

/* A run of zeros is looked for, not the one: it is rarer in coded pictures. */
size_t nal_find_start_code(struct slice bytes)
{
    size_t at = 0;
    while (at + 3 <= bytes.size) {
        const uint8_t *zero = memchr(bytes.data + at, 0, bytes.size - at - 2);
        if (zero == NULL)
            break;
        if (zero[1] == 0 && zero[2] == 1)
            return (size_t)(zero - bytes.data);
        at = (size_t)(zero - bytes.data) + 1;
    }
    return bytes.size;
}

static struct slice without_trailing_zeros(struct slice unit)
{
    while (unit.size > 0 && unit.data[unit.size - 1] == 0)
        unit.size--;
    return unit;
}

static bool next_behind_start_code(struct nal_walk *walk, struct slice *out)
{
    for (;;) {
        size_t at = nal_find_start_code(walk->rest);
        if (at == walk->rest.size)
            return false;
        step(&walk->rest, at + 3);
        size_t end = nal_find_start_code(walk->rest);
        walk->is_cut = end == walk->rest.size;
        *out = without_trailing_zeros(slice_of(walk->rest.data, end));
        step(&walk->rest, end);
        if (out->size > 0)
            return true;
    }
}

static bool next_behind_length(struct nal_walk *walk, struct slice *out)
{
    while (walk->rest.size > walk->length_size) {
        uint64_t length = 0;
        for (unsigned i = 0; i < walk->length_size; i++)
            length = length << 8 | walk->rest.data[i];
        step(&walk->rest, walk->length_size);
        walk->is_cut = length > walk->rest.size;
        size_t size = walk->is_cut ? walk->rest.size : (size_t)length;
        *out = slice_of(walk->rest.data, size);
        step(&walk->rest, size);
        *out = without_trailing_zeros(*out);
        if (out->size > 0)
            return true;
    }
    return false;
}

bool nal_next(struct nal_walk *walk, struct slice *out)
{
    if (walk->rest.size == 0)
        return false;
    return walk->length_size == 0 ? next_behind_start_code(walk, out)
                                  : next_behind_length(walk, out);
}

size_t nal_unescape(struct slice unit, uint8_t *out, size_t max)
{
    size_t size = 0;
    unsigned zeros = 0;
    for (size_t i = 0; i < unit.size && size < max; i++) {
        uint8_t byte = unit.data[i];
        if (zeros >= 2 && byte == 3) {
            zeros = 0;
            continue;
        }
        zeros = byte == 0 ? zeros + 1 : 0;
        out[size++] = byte;
    }
    return size;
}
