/*
 * The vector variants for x86-64. Four loads, one byte apart, put the words
 * that end at every byte into the lanes: lane j of load k ends at i + k + 4 j.
 */
#include <immintrin.h>

#include "store/chunker_scan.h"

/* Bit 4 j + k from bit j of each mask: the places in order. */
static inline size_t first_place(uint32_t m0, uint32_t m1, uint32_t m2,
                                 uint32_t m3)
{
    size_t lane = (size_t)__builtin_ctz(m0 | m1 | m2 | m3);
    uint32_t bit = (uint32_t)1 << lane;
    size_t k = (m0 & bit) != 0   ? 0
               : (m1 & bit) != 0 ? 1
               : (m2 & bit) != 0 ? 2
                                 : 3;
    return 4 * lane + k;
}

__attribute__((target("avx512f"))) static inline uint32_t test_512(
    const uint8_t *at)
{
    const __m512i factor = _mm512_set1_epi32((int)SCAN_FACTOR);
    const __m512i threshold = _mm512_set1_epi32((int)SCAN_THRESHOLD);
    __m512i product = _mm512_mullo_epi32(_mm512_loadu_si512(at), factor);
    return _mm512_cmpge_epu32_mask(product, threshold);
}

__attribute__((target("avx512f"))) static size_t scan_avx512(
    const uint8_t *data, size_t from, size_t to)
{
    size_t i = from;
    for (; i + 64 <= to; i += 64) {
        uint32_t m0 = test_512(data + i - 3);
        uint32_t m1 = test_512(data + i - 2);
        uint32_t m2 = test_512(data + i - 1);
        uint32_t m3 = test_512(data + i);
        if (__builtin_expect((m0 | m1 | m2 | m3) != 0, 0))
            return i + first_place(m0, m1, m2, m3);
    }
    return scan_portable(data, i, to);
}

__attribute__((target("avx2"))) static inline uint32_t test_256(
    const uint8_t *at)
{
    const __m256i factor = _mm256_set1_epi32((int)SCAN_FACTOR);
    const __m256i ones = _mm256_set1_epi32(-1);
    __m256i word = _mm256_loadu_si256((const __m256i *)(const void *)at);
    __m256i product = _mm256_mullo_epi32(word, factor);
    /* At the threshold or above: the upper 12 bits are all ones. */
    __m256i passes = _mm256_cmpeq_epi32(_mm256_srai_epi32(product, 20), ones);
    return (uint32_t)_mm256_movemask_ps(_mm256_castsi256_ps(passes));
}

__attribute__((target("avx2"))) static size_t scan_avx2(const uint8_t *data,
                                                        size_t from, size_t to)
{
    size_t i = from;
    for (; i + 32 <= to; i += 32) {
        uint32_t m0 = test_256(data + i - 3);
        uint32_t m1 = test_256(data + i - 2);
        uint32_t m2 = test_256(data + i - 1);
        uint32_t m3 = test_256(data + i);
        if (__builtin_expect((m0 | m1 | m2 | m3) != 0, 0))
            return i + first_place(m0, m1, m2, m3);
    }
    return scan_portable(data, i, to);
}

static int has_avx512(void)
{
    return __builtin_cpu_supports("avx512f");
}

static int has_avx2(void)
{
    return __builtin_cpu_supports("avx2");
}

static int always(void)
{
    return 1;
}

const struct scan_variant *scan_variants(size_t *out_count)
{
    static const struct scan_variant variants[] = {
        {"avx512", scan_avx512, has_avx512},
        {"avx2", scan_avx2, has_avx2},
        {"portable", scan_portable, always},
    };
    *out_count = sizeof(variants) / sizeof(variants[0]);
    return variants;
}
