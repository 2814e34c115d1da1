#include "base/compress.h"

#include <string.h>
#include <zstd.h>
#include <zstd_errors.h>

enum {
    LEVEL = 3,
    SAMPLES = 16,
    SAMPLE_SIZE = 64,
    TRIVIAL = 512,    /* bytes: unpacking costs more than they do */
    TOO_SHORT = 1024, /* bytes: say too little, so try */
};

bool compress_pays(const void *data, size_t size)
{
    const uint8_t *bytes = data;
    uint16_t counts[256] = {0};
    if (size < TRIVIAL)
        return false;
    if (size < TOO_SHORT)
        return true;

    size_t length = size / SAMPLES < SAMPLE_SIZE ? size / SAMPLES : SAMPLE_SIZE;
    size_t step = (size - length) / (SAMPLES - 1);
    for (size_t s = 0; s < SAMPLES; s++)
        for (size_t i = 0; i < length; i++)
            counts[bytes[s * step + i]]++;

    /*
     * Collision entropy: n bytes without structure give a sum of squares near
     * n * n / 256 + n. A quarter more than that is where zstd begins to gain a
     * few percent.
     */
    const uint64_t n = (uint64_t)SAMPLES * length;
    uint64_t squares = 0;
    for (size_t i = 0; i < 256; i++)
        squares += (uint64_t)counts[i] * counts[i];
    return squares * 256 > n * n + n * n / 4 + 256 * n;
}

dits_error *compress_bytes(const void *data, size_t size, struct buf *out)
{
    void *at = NULL;
    size_t before = out->size;
    size_t bound = ZSTD_compressBound(size);
    TRY(buf_extend(out, bound, &at));
    size_t got = ZSTD_compress(at, bound, data, size, LEVEL);
    if (ZSTD_isError(got)) {
        out->size = before;
        return error_new(DITS_E_NOMEM, "cannot compress: %s",
                         ZSTD_getErrorName(got));
    }
    out->size = before + got;
    return NULL;
}

bool compress_claims(const void *head, size_t head_size, size_t size)
{
    return ZSTD_getFrameContentSize(head, head_size) == size;
}

dits_error *decompress_bytes(const void *data, size_t data_size, void *out,
                             size_t size)
{
    size_t got = ZSTD_decompress(out, size, data, data_size);
    if (ZSTD_getErrorCode(got) == ZSTD_error_memory_allocation)
        return error_nomem();
    if (ZSTD_isError(got))
        return error_new(DITS_E_CORRUPT, "cannot decompress: %s",
                         ZSTD_getErrorName(got));
    if (got != size)
        return error_new(DITS_E_CORRUPT, "%zu bytes instead of %zu", got, size);
    return NULL;
}
