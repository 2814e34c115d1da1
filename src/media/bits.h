/*
 * media/bits.h - reading codec headers bit by bit
 *
 * Most significant bit first. Reading past the end gives zeros and is
 * remembered: check bits_are_over() once, at the end, before anything that was
 * read is believed. Counts that were read bound loops only after a check.
 */
#ifndef MEDIA_BITS_H
#define MEDIA_BITS_H

#include <stdbool.h>

#include "base/buf.h"

/* The fields are for bits.c alone. */
struct bits {
    struct slice bytes;
    uint64_t at; /* in bits */
    bool over;
};

struct bits bits_over(struct slice bytes);

/* At most 32 (64) bits. */
uint32_t bits_take(struct bits *bits, unsigned count);
uint64_t bits_take_long(struct bits *bits, unsigned count);
bool bits_flag(struct bits *bits);
void bits_skip(struct bits *bits, uint64_t count);
uint64_t bits_left(const struct bits *bits);

/* To the next whole byte. */
void bits_align(struct bits *bits);

/* Exp-Golomb codes (ISO/IEC 14496-10, 9.1). */
uint32_t bits_ue(struct bits *bits);
int32_t bits_se(struct bits *bits);

/* Whether more was read than there is. */
bool bits_are_over(const struct bits *bits);

#endif
