#include "media/codec/sound_frame.h"

#include <string.h>

#include "base/be.h"
#include "media/bits.h"

/* ISO/IEC 14496-3, table 1.18; 0: reserved, or said elsewhere. */
static const uint32_t aac_rates[16] = {96000, 88200, 64000, 48000, 44100,
                                       32000, 24000, 22050, 16000, 12000,
                                       11025, 8000,  7350};
static const uint32_t ac3_rates[4] = {48000, 44100, 32000};

struct sound_frame sound_frame_adts(struct slice head)
{
    const uint8_t *at = head.data;
    if (head.size < 7 || at[0] != 0xff || (at[1] & 0xf6) != 0xf0 ||
        (at[2] >> 2 & 15) > 12)
        return (struct sound_frame){0};
    uint64_t size = be32_load(at + 3) >> 13 & 0x1fff;
    unsigned header = at[1] & 1 ? 7 : 9;
    if (size <= header)
        return (struct sound_frame){0};
    return (struct sound_frame){size, INT64_C(1024) * ((at[6] & 3) + 1),
                                aac_rates[at[2] >> 2 & 15]};
}

/*
 * The rate stands in the configuration, which a frame may leave out; then the
 * one before says it. Newer versions of the configuration are not read.
 */
struct sound_frame sound_frame_loas(struct slice head)
{
    enum { LENGTH_BYTES = 3 };
    if (head.size < LENGTH_BYTES || head.data[0] != 0x56 ||
        head.data[1] >> 5 != 7)
        return (struct sound_frame){0};
    struct sound_frame frame = {.size = (be16_load(head.data + 1) & 0x1fffu) +
                                        LENGTH_BYTES,
                                .samples = 1024};
    struct bits bits = bits_over(head);
    bits_skip(&bits, UINT64_C(8) * LENGTH_BYTES);
    unsigned same_or_newer = bits_take(&bits, 2);
    if (head.size < SOUND_FRAME_HEAD || same_or_newer != 0)
        return frame;
    bits_skip(&bits, 1);
    frame.samples *= (int64_t)bits_take(&bits, 6) + 1;
    bits_skip(&bits, 4 + 3);
    if (bits_take(&bits, 5) != 31)
        frame.rate = aac_rates[bits_take(&bits, 4)];
    return frame;
}

/* Table 4.13: words by rate. */
static uint64_t ac3_size(unsigned rate, unsigned code)
{
    static const uint16_t kilobits[] = {32,  40,  48,  56,  64,  80,  96,
                                        112, 128, 160, 192, 224, 256, 320,
                                        384, 448, 512, 576, 640};
    if (rate > 2 || code >= 38)
        return 0;
    uint64_t bits = kilobits[code / 2];
    return rate == 0   ? bits * 4
           : rate == 1 ? (bits * 320 / 147 + code % 2) * 2
                       : bits * 6;
}

struct sound_frame sound_frame_ac3(struct slice head)
{
    const uint8_t *at = head.data;
    if (head.size < 7 || be16_load(at) != 0x0b77 || at[5] >> 3 > 10)
        return (struct sound_frame){0};
    return (struct sound_frame){ac3_size(at[4] >> 6, at[4] & 0x3f), 1536,
                                ac3_rates[at[4] >> 6]};
}

struct sound_frame sound_frame_eac3(struct slice head)
{
    static const uint8_t blocks[] = {1, 2, 3, 6};
    const uint8_t *at = head.data;
    if (head.size < 7 || be16_load(at) != 0x0b77 || at[5] >> 3 <= 10 ||
        at[5] >> 3 > 16 || at[2] >> 6 == 3)
        return (struct sound_frame){0};
    bool is_halved = at[4] >> 6 == 3;
    uint64_t size = 2 * ((uint64_t)(be16_load(at + 2) & 0x7ff) + 1);
    unsigned count = is_halved ? 6 : blocks[at[4] >> 4 & 3];
    uint32_t rate = is_halved ? ac3_rates[at[4] >> 4 & 3] / 2
                              : ac3_rates[at[4] >> 6];
    /* A dependent substream adds nothing to the time. */
    return (struct sound_frame){
        size, at[2] >> 6 == 1 ? 0 : 256 * (int64_t)count, rate};
}

struct sound_frame sound_frame_ac4(struct slice head)
{
    const uint8_t *at = head.data;
    if (head.size < 7 || (be16_load(at) & 0xfffe) != 0xac40)
        return (struct sound_frame){0};
    bool is_long = be16_load(at + 2) == 0xffff;
    uint64_t size = is_long ? be24_load(at + 4) + 7 : be16_load(at + 2) + 4u;
    return (struct sound_frame){size + (at[1] & 1 ? 2 : 0), 1, 0};
}

/* In kbit/s: MPEG-1 by layer, then MPEG-2, whose layers II and III are alike.
 */
static uint32_t mpeg_bits(bool is_first, unsigned layer, unsigned index)
{
    static const uint16_t rates[5][15] = {
        {0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448},
        {0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384},
        {0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320},
        {0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256},
        {0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160},
    };
    unsigned row = is_first ? layer - 1 : layer == 1 ? 3 : 4;
    return index < 15 ? rates[row][index] * 1000u : 0;
}

struct sound_frame sound_frame_mpeg(struct slice head)
{
    static const uint32_t rates[] = {44100, 48000, 32000, 0};
    const uint8_t *at = head.data;
    if (head.size < 4 || at[0] != 0xff || at[1] >> 5 != 7)
        return (struct sound_frame){0};
    unsigned version = at[1] >> 3 & 3; /* 3: MPEG-1, 2: MPEG-2, 0: 2.5 */
    unsigned layer = 4 - (at[1] >> 1 & 3);
    bool is_first = version == 3;
    uint32_t rate = rates[at[2] >> 2 & 3] >> (is_first       ? 0
                                              : version == 2 ? 1
                                                             : 2);
    uint32_t bits = layer == 4 ? 0 : mpeg_bits(is_first, layer, at[2] >> 4);
    if (version == 1 || rate == 0 || bits == 0)
        return (struct sound_frame){0};
    uint32_t padding = at[2] >> 1 & 1;
    uint32_t samples = layer == 1 ? 384 : layer == 3 && !is_first ? 576 : 1152;
    uint32_t slot = layer == 1 ? 4 : 1;
    uint32_t size = (samples / 8 / slot * bits / rate + padding) * slot;
    return (struct sound_frame){size, samples, rate};
}

sound_frame_fn *sound_frame_reader(const char *codec)
{
    static const struct {
        const char *codec;
        sound_frame_fn *read;
    } rows[] = {
        {"aac", sound_frame_adts}, {"aac_latm", sound_frame_loas},
        {"ac3", sound_frame_ac3},  {"eac3", sound_frame_eac3},
        {"mp1", sound_frame_mpeg}, {"mp2", sound_frame_mpeg},
        {"mp3", sound_frame_mpeg},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (strcmp(rows[i].codec, codec) == 0)
            return rows[i].read;
    return NULL;
}
