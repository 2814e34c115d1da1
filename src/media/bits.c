#include "media/bits.h"

struct bits bits_over(struct slice bytes)
{
    return (struct bits){.bytes = bytes};
}

uint64_t bits_left(const struct bits *bits)
{
    return 8 * (uint64_t)bits->bytes.size - bits->at;
}

bool bits_flag(struct bits *bits)
{
    if (bits_left(bits) == 0) {
        bits->over = true;
        return false;
    }
    uint8_t byte = bits->bytes.data[bits->at / 8];
    bool bit = byte >> (7 - bits->at % 8) & 1;
    bits->at++;
    return bit;
}

uint64_t bits_take_long(struct bits *bits, unsigned count)
{
    uint64_t value = 0;
    for (unsigned i = 0; i < count; i++)
        value = value << 1 | bits_flag(bits);
    return value;
}

uint32_t bits_take(struct bits *bits, unsigned count)
{
    return (uint32_t)bits_take_long(bits, count);
}

void bits_skip(struct bits *bits, uint64_t count)
{
    uint64_t left = bits_left(bits);
    if (count > left)
        bits->over = true;
    bits->at += count > left ? left : count;
}

void bits_align(struct bits *bits)
{
    bits_skip(bits, (8 - bits->at % 8) % 8);
}

uint32_t bits_ue(struct bits *bits)
{
    unsigned zeros = 0;
    while (zeros < 32 && !bits->over && !bits_flag(bits))
        zeros++;
    if (bits->over || zeros == 32) {
        bits->over = true; /* no code is that long */
        return 0;
    }
    return (uint32_t)((UINT64_C(1) << zeros) - 1 + bits_take(bits, zeros));
}

int32_t bits_se(struct bits *bits)
{
    int64_t code = bits_ue(bits);
    return (int32_t)(code % 2 == 1 ? (code + 1) / 2 : -(code / 2));
}

bool bits_are_over(const struct bits *bits)
{
    return bits->over;
}
