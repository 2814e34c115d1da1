/*
 * base/compress.h - zstd, and the guess whether it pays
 */
#ifndef BASE_COMPRESS_H
#define BASE_COMPRESS_H

#include <stdbool.h>

#include "base/buf.h"

/*
 * Whether `data` looks compressible, judged by a few samples of it. Cheap
 * enough to ask for every chunk: encoded media says no at 30 GB/s.
 */
bool compress_pays(const void *data, size_t size);

/* Append the compressed bytes to `out`. */
MUST_USE dits_error *compress_bytes(const void *data, size_t size,
                                    struct buf *out);

/* The start of compressed bytes that compress_claims() needs. */
#define COMPRESS_HEAD_BYTES 18u

/*
 * Whether compressed bytes, of which `head` is the start, say themselves that
 * they unpack to `size` bytes: to be asked before memory is made for them.
 */
bool compress_claims(const void *head, size_t head_size, size_t size);

/*
 * Decompress into the `size` bytes at `out`. CORRUPT when the bytes are
 * damaged or give another size; never writes past `size`.
 */
MUST_USE dits_error *decompress_bytes(const void *data, size_t data_size,
                                      void *out, size_t size);

#endif
