/*
 * base/le.h - little-endian numbers at fixed places
 *
 * For headers and tables whose size was checked as a whole. Everything else is
 * read through base/cursor.h.
 */
#ifndef BASE_LE_H
#define BASE_LE_H

#include <stdint.h>

static inline void le16_store(uint8_t *at, uint16_t value)
{
    at[0] = (uint8_t)value;
    at[1] = (uint8_t)(value >> 8);
}

static inline void le32_store(uint8_t *at, uint32_t value)
{
    le16_store(at, (uint16_t)value);
    le16_store(at + 2, (uint16_t)(value >> 16));
}

static inline void le64_store(uint8_t *at, uint64_t value)
{
    le32_store(at, (uint32_t)value);
    le32_store(at + 4, (uint32_t)(value >> 32));
}

static inline uint16_t le16_load(const uint8_t *at)
{
    return (uint16_t)(at[0] | at[1] << 8);
}

static inline uint32_t le32_load(const uint8_t *at)
{
    return le16_load(at) | (uint32_t)le16_load(at + 2) << 16;
}

static inline uint64_t le64_load(const uint8_t *at)
{
    return le32_load(at) | (uint64_t)le32_load(at + 4) << 32;
}

#endif
