/*
 * base/be.h - big-endian numbers at fixed places
 *
 * For headers and tables whose size was checked as a whole. Everything else is
 * read through base/cursor.h.
 */
#ifndef BASE_BE_H
#define BASE_BE_H

#include <stdint.h>

static inline uint16_t be16_load(const uint8_t *at)
{
    return (uint16_t)(at[0] << 8 | at[1]);
}

static inline uint32_t be24_load(const uint8_t *at)
{
    return (uint32_t)at[0] << 16 | be16_load(at + 1);
}

static inline uint32_t be32_load(const uint8_t *at)
{
    return (uint32_t)be16_load(at) << 16 | be16_load(at + 2);
}

static inline uint64_t be64_load(const uint8_t *at)
{
    return (uint64_t)be32_load(at) << 32 | be32_load(at + 4);
}

static inline void be32_store(uint8_t *at, uint32_t value)
{
    for (unsigned i = 0; i < 4; i++)
        at[i] = (uint8_t)(value >> (24 - 8 * i));
}

static inline void be64_store(uint8_t *at, uint64_t value)
{
    be32_store(at, (uint32_t)(value >> 32));
    be32_store(at + 4, (uint32_t)value);
}

#endif
