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

/*
 * Decompress into the `size` bytes at `out`. CORRUPT when the bytes are
 * damaged or give another size; never writes past `size`.
 */
MUST_USE dits_error *decompress_bytes(const void *data, size_t data_size,
                                      void *out, size_t size);

#endif
