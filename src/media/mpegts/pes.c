#include "media/mpegts/pes.h"

#include "base/be.h"

enum {
    START_BYTES = 6, /* start code, stream id, length */
    FIXED_BYTES = 9, /* with the flags and the count of what follows */
    STUFFING_MAX = 16,
};

/* Streams whose packets have nothing but payload (table 2-21). */
static bool is_bare(uint8_t stream_id)
{
    static const uint8_t bare[] = {0xbc, 0xbe, 0xbf, 0xf0,
                                   0xf1, 0xf2, 0xf8, 0xff};
    for (size_t i = 0; i < sizeof(bare); i++)
        if (bare[i] == stream_id)
            return true;
    return false;
}

static bool is_mpeg2(struct slice bytes)
{
    return (bytes.data[START_BYTES] & 0xc0) == 0x80;
}

/* Past the stuffing and the buffer size of MPEG-1. */
static size_t skip_stuffing(struct slice bytes)
{
    size_t at = START_BYTES;
    while (at < bytes.size && at < START_BYTES + STUFFING_MAX &&
           bytes.data[at] == 0xff)
        at++;
    if (at < bytes.size && (bytes.data[at] & 0xc0) == 0x40)
        at += 2;
    return at;
}

static size_t mpeg1_size(struct slice bytes)
{
    size_t at = skip_stuffing(bytes);
    if (at >= bytes.size)
        return at + 1;
    switch (bytes.data[at] >> 4) {
    case 2:
        return at + 5;
    case 3:
        return at + 10;
    default:
        return bytes.data[at] == 0x0f ? at + 1 : at;
    }
}

size_t pes_header_size(struct slice bytes)
{
    static const uint8_t start_code[] = {0, 0, 1};
    for (size_t i = 0; i < sizeof(start_code) && i < bytes.size; i++)
        if (bytes.data[i] != start_code[i])
            return 0;
    if (bytes.size < START_BYTES)
        return START_BYTES;
    if (bytes.data[3] < 0xbc)
        return 0;
    if (is_bare(bytes.data[3]))
        return START_BYTES;
    if (bytes.size == START_BYTES)
        return START_BYTES + 1;
    if (!is_mpeg2(bytes))
        return mpeg1_size(bytes);
    if (bytes.size < FIXED_BYTES)
        return FIXED_BYTES;
    return FIXED_BYTES + bytes.data[FIXED_BYTES - 1];
}

static uint64_t time_at(const uint8_t *at)
{
    return (uint64_t)(at[0] >> 1 & 7) << 30 |
           (uint64_t)(be16_load(at + 1) >> 1) << 15 | be16_load(at + 3) >> 1;
}

static void take_times(struct slice bytes, size_t at, unsigned which,
                       struct pes_header *out)
{
    out->has_pts = which >= 2 && bytes.size >= at + 5;
    out->has_dts = which == 3 && bytes.size >= at + 10;
    out->pts = out->has_pts ? time_at(bytes.data + at) : 0;
    out->dts = out->has_dts ? time_at(bytes.data + at + 5) : out->pts;
}

struct pes_header pes_header_parse(struct slice bytes)
{
    struct pes_header header = {.stream_id = bytes.data[3]};
    uint32_t length = be16_load(bytes.data + 4);
    size_t behind = bytes.size - START_BYTES;
    header.is_bounded = length > 0;
    header.payload_size = length > behind ? length - (uint32_t)behind : 0;
    if (is_bare(header.stream_id))
        return header;
    if (!is_mpeg2(bytes)) {
        size_t at = skip_stuffing(bytes);
        if (at < bytes.size)
            take_times(bytes, at, bytes.data[at] >> 4, &header);
        return header;
    }
    header.is_scrambled = bytes.data[START_BYTES] & 0x30;
    take_times(bytes, FIXED_BYTES, bytes.data[7] >> 6, &header);
    return header;
}

int64_t pes_time_unwrap(int64_t near, uint64_t raw)
{
    uint64_t span = UINT64_C(1) << PES_TIME_BITS;
    uint64_t ahead = (raw - (uint64_t)near) & (span - 1);
    int64_t step = ahead < span / 2 ? (int64_t)ahead
                                    : (int64_t)ahead - (int64_t)span;
    return near + step;
}
