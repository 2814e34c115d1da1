/*
 * base/cursor.h - reading untrusted bytes, in bounds
 *
 * Every parser in Dits reads through a cursor. Reading past the end fails with
 * DITS_E_CORRUPT and leaves the cursor where it was.
 */
#ifndef BASE_CURSOR_H
#define BASE_CURSOR_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/oid.h"

/* Borrows the bytes. The fields are for cursor.c alone. */
struct cursor {
    const uint8_t *at;
    const uint8_t *end;
};

struct cursor cursor_over(const void *data, size_t size);

size_t cursor_left(const struct cursor *cursor);

MUST_USE dits_error *cursor_bytes(struct cursor *cursor, size_t size,
                                  void *out);

/* The next `size` bytes without a copy: borrowed from what is read. */
MUST_USE dits_error *cursor_slice(struct cursor *cursor, size_t size,
                                  struct slice *out);
MUST_USE dits_error *cursor_u8(struct cursor *cursor, uint8_t *out);
MUST_USE dits_error *cursor_le16(struct cursor *cursor, uint16_t *out);
MUST_USE dits_error *cursor_le32(struct cursor *cursor, uint32_t *out);
MUST_USE dits_error *cursor_le64(struct cursor *cursor, uint64_t *out);

/* Big-endian, as media containers write them. */
MUST_USE dits_error *cursor_be16(struct cursor *cursor, uint16_t *out);
MUST_USE dits_error *cursor_be24(struct cursor *cursor, uint32_t *out);
MUST_USE dits_error *cursor_be32(struct cursor *cursor, uint32_t *out);
MUST_USE dits_error *cursor_be64(struct cursor *cursor, uint64_t *out);

MUST_USE dits_error *cursor_skip(struct cursor *cursor, size_t size);
MUST_USE dits_error *cursor_oid(struct cursor *cursor, struct dits_oid *out);

/* Unsigned LEB128. A longer form than needed is CORRUPT. */
MUST_USE dits_error *cursor_varint(struct cursor *cursor, uint64_t *out);

/* CORRUPT unless everything was read. */
MUST_USE dits_error *cursor_end(const struct cursor *cursor);

#endif
