#include "support/ts_builder.h"

#include <string.h>

enum { PACKET = 188, ROOM = 184 };

static dits_error *put_be(struct buf *out, uint64_t value, unsigned bytes)
{
    while (bytes-- > 0)
        TRY(buf_put_u8(out, (uint8_t)(value >> (8 * bytes))));
    return NULL;
}

static dits_error *put_fill(struct buf *out, size_t size)
{
    for (size_t i = 0; i < size; i++)
        TRY(buf_put_u8(out, 0xff));
    return NULL;
}

static dits_error *put_adaptation(struct buf *out,
                                  const struct ts_test_packet *packet,
                                  size_t size)
{
    size_t needed = packet->pcr > 0 ? 8 : 2;
    TRY(buf_put_u8(out, (uint8_t)(size - 1)));
    if (size == 1)
        return NULL;
    TRY(buf_put_u8(out, (uint8_t)((packet->is_random_access ? 0x40 : 0) |
                                  (packet->pcr > 0 ? 0x10 : 0))));
    if (packet->pcr > 0) {
        TRY(put_be(out, packet->pcr >> 1, 4));
        TRY(put_be(out, (packet->pcr & 1) << 15 | 0x7e00, 2));
    }
    return put_fill(out, size - needed);
}

dits_error *ts_put_packet(struct buf *out, const struct ts_test_packet *packet,
                          struct slice *payload)
{
    size_t needed = packet->pcr > 0 ? 8 : packet->is_random_access ? 2 : 0;
    size_t size = payload->size < ROOM - needed ? payload->size : ROOM - needed;
    size_t adaptation = ROOM - size;
    TRY(buf_put_u8(out, 0x47));
    TRY(put_be(out, (packet->is_start ? 0x4000u : 0u) | packet->pid, 2));
    TRY(buf_put_u8(out,
                   (uint8_t)((packet->is_scrambled ? 0x80 : 0) |
                             (adaptation > 0 ? 0x20 : 0) |
                             (size > 0 ? 0x10 : 0) | (packet->counter & 15))));
    if (adaptation > 0)
        TRY(put_adaptation(out, packet, adaptation));
    if (size > 0)
        TRY(buf_put(out, payload->data, size));
    *payload = slice_of(payload->data + size, payload->size - size);
    return NULL;
}

static uint32_t checksum(struct slice bytes)
{
    uint32_t crc = 0xffffffff;
    for (size_t i = 0; i < 8 * bytes.size; i++) {
        uint32_t bit = bytes.data[i / 8] >> (7 - i % 8) & 1;
        crc = crc << 1 ^ ((crc >> 31 ^ bit) != 0 ? 0x04c11db7u : 0);
    }
    return crc;
}

static dits_error *put_packets(struct buf *out, uint16_t pid,
                               struct slice payload)
{
    struct ts_test_packet packet = {.pid = pid, .is_start = true};
    while (payload.size > 0) {
        TRY(ts_put_packet(out, &packet, &payload));
        packet.is_start = false;
        packet.counter++;
    }
    return NULL;
}

dits_error *ts_put_section(struct buf *out, uint16_t pid, struct slice section)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    TRY(buf_put_u8(&bytes, 0)); /* pointer field */
    TRY(buf_put(&bytes, section.data, section.size));
    TRY(put_be(&bytes, checksum(section), 4));
    return put_packets(out, pid, buf_slice(&bytes));
}

static dits_error *put_time(struct buf *out, unsigned mark, uint64_t time)
{
    TRY(buf_put_u8(out, (uint8_t)(mark << 4 | (time >> 30 & 7) << 1 | 1)));
    TRY(put_be(out, (time >> 15 & 0x7fff) << 1 | 1, 2));
    return put_be(out, (time & 0x7fff) << 1 | 1, 2);
}

dits_error *ts_put_pes(struct buf *out, uint16_t pid,
                       const struct ts_test_pes *pes, struct slice payload)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    size_t times = pes->pts == 0 ? 0 : pes->dts == 0 ? 5 : 10;
    struct ts_test_packet packet = {.pid = pid, .is_start = true};
    TRY(put_be(&bytes, 0x100u | pes->stream_id, 4));
    TRY(put_be(&bytes, pes->is_bounded ? 3 + times + payload.size : 0, 2));
    TRY(buf_put_u8(&bytes, 0x80));
    TRY(buf_put_u8(&bytes, times == 0 ? 0 : times == 5 ? 0x80 : 0xc0));
    TRY(buf_put_u8(&bytes, (uint8_t)times));
    if (times > 0)
        TRY(put_time(&bytes, times == 5 ? 2 : 3, pes->pts));
    if (times == 10)
        TRY(put_time(&bytes, 1, pes->dts));
    TRY(buf_put(&bytes, payload.data, payload.size));
    struct slice rest = buf_slice(&bytes);
    packet.is_random_access = pes->is_random_access;
    packet.pcr = pes->is_random_access ? pes->dts : 0;
    while (rest.size > 0) {
        TRY(ts_put_packet(out, &packet, &rest));
        packet = (struct ts_test_packet){
            .pid = pid, .counter = (uint8_t)(packet.counter + 1)};
    }
    return NULL;
}

static const uint8_t association[] = {0x00, 0xb0, 0x0d, 0x00, 0x01, 0xc1,
                                      0x00, 0x00, 0x00, 0x07, 0xf0, 0x00};
/* H.264; AAC in French; cues with their registration. */
static const uint8_t map[] = {0x02, 0xb0, 0x28, 0x00, 0x07, 0xc1, 0x00, 0x00,
                              0xe1, 0x00, 0xf0, 0x00, 0x1b, 0xe1, 0x00, 0xf0,
                              0x00, 0x0f, 0xe1, 0x01, 0xf0, 0x06, 0x0a, 0x04,
                              'f',  'r',  'a',  0x00, 0x86, 0xe1, 0x02, 0xf0,
                              0x06, 0x05, 0x04, 'C',  'U',  'E',  'I'};
static const uint8_t services[] = {0x42, 0xf0, 0x1d, 0x00, 0x01, 0xc1, 0x00,
                                   0x00, 0xff, 0x01, 0xff, 0x00, 0x07, 0xfc,
                                   0x80, 0x0c, 0x48, 0x0a, 0x01, 0x03, 'A',
                                   'B',  'C',  0x04, 'N',  'e',  'w',  's'};

/* Ahead of its data, the start of an access unit: IDR or not. */
static dits_error *put_picture(struct buf *out, unsigned number)
{
    static const unsigned times[][2] = {
        {9000, 6000}, {15000, 9000}, {12000, 12000}};
    uint8_t unit[300] = {0, 0, 0, 1, number == 0 ? 0x65 : 0x41};
    struct ts_test_pes pes = {
        .stream_id = 0xe0,
        .pts = times[number][0],
        .dts = times[number][1],
        .is_random_access = number == 0,
    };
    memset(unit + 5, 0x30 + (int)number, sizeof(unit) - 5);
    return ts_put_pes(out, TS_TEST_VIDEO, &pes, slice_of(unit, sizeof(unit)));
}

static dits_error *put_sound(struct buf *out, unsigned number)
{
    uint8_t unit[100] = {0xff, 0xf1};
    struct ts_test_pes pes = {
        .stream_id = 0xc0,
        .pts = 8000 + 1920 * (uint64_t)number,
        .is_bounded = true,
    };
    return ts_put_pes(out, TS_TEST_AUDIO, &pes, slice_of(unit, sizeof(unit)));
}

dits_error *ts_build(struct buf *out)
{
    static const uint8_t cue[] = {0xfc, 0x30, 0x0a, 1, 2, 3, 4, 5, 6};
    static const struct ts_test_packet null = {.pid = 0x1fff};
    struct slice nothing = {0};
    TRY(ts_put_section(out, 0, slice_of(association, sizeof(association))));
    TRY(ts_put_section(out, 0x1000, slice_of(map, sizeof(map))));
    TRY(ts_put_section(out, 0x11, slice_of(services, sizeof(services))));
    for (unsigned i = 0; i < 3; i++) {
        TRY(put_picture(out, i));
        TRY(put_sound(out, i));
    }
    TRY(ts_put_packet(out, &null, &nothing));
    return ts_put_section(out, TS_TEST_CUES, slice_of(cue, sizeof(cue)));
}

dits_error *ts_spread(struct slice packets, size_t lead, size_t trail,
                      struct buf *out)
{
    for (size_t at = 0; at + PACKET <= packets.size; at += PACKET) {
        TRY(put_fill(out, lead));
        TRY(buf_put(out, packets.data + at, PACKET));
        TRY(put_fill(out, trail));
    }
    return NULL;
}
