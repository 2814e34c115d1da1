/*
 * base/buf.h - borrowed and growing bytes
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* A borrowed view. */
struct slice {
    const uint8_t *data;
    size_t size;
};

struct slice slice_of(const void *data, size_t size);
struct slice slice_of_text(const char *text);
bool slice_equal(struct slice a, struct slice b);

/*
 * Bytes that grow as they are written. The zero value is empty and has no
 * maximum; buf_limited() gives one. Beyond `size` there is always a NUL once
 * anything was written, so that text may be read from `data`.
 *
 * Errors of all writers: NOMEM, and LIMIT past the maximum.
 */
struct buf {
    uint8_t *data;
    size_t size;
    size_t capacity; /* without the NUL */
    size_t max;      /* 0: none */
};

struct buf buf_limited(size_t max);

/* Frees the bytes; the buffer is empty and usable again. */
void buf_release(struct buf *buf);

/* Forget the bytes, keep the memory. */
void buf_clear(struct buf *buf);

/* Make room for `size` more bytes. */
MUST_USE dits_error *buf_reserve(struct buf *buf, size_t size);

/* Grow by `size` bytes that the caller fills through `*out`. */
MUST_USE dits_error *buf_extend(struct buf *buf, size_t size, void **out);

MUST_USE dits_error *buf_put(struct buf *buf, const void *data, size_t size);
MUST_USE dits_error *buf_put_u8(struct buf *buf, uint8_t value);
MUST_USE dits_error *buf_put_le16(struct buf *buf, uint16_t value);
MUST_USE dits_error *buf_put_le32(struct buf *buf, uint32_t value);
MUST_USE dits_error *buf_put_le64(struct buf *buf, uint64_t value);

/* Big-endian, as media containers have them. */
MUST_USE dits_error *buf_put_be32(struct buf *buf, uint32_t value);
MUST_USE dits_error *buf_put_be64(struct buf *buf, uint64_t value);

/* Unsigned LEB128, shortest form: at most 10 bytes. */
MUST_USE dits_error *buf_put_varint(struct buf *buf, uint64_t value);

MUST_USE dits_error *buf_put_text(struct buf *buf, const char *text);
MUST_USE dits_error *buf_printf(struct buf *buf, const char *fmt, ...)
    PRINTF_LIKE(2, 3);
MUST_USE dits_error *buf_vprintf(struct buf *buf, const char *fmt, va_list args)
    PRINTF_LIKE(2, 0);

/* The bytes as text: "" while nothing was written. Borrowed. */
const char *buf_text(const struct buf *buf);

/*
 * Hand the text over: never NULL on success; free with mem_free(). The buffer
 * is empty afterwards.
 */
MUST_USE dits_error *buf_take_text(struct buf *buf, char **out);

struct slice buf_slice(const struct buf *buf);

#endif
