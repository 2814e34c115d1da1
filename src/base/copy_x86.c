/*
 * x86-64: stores past the cache. The C library's memcpy() takes the "rep movs"
 * path for large pieces, which is half as fast when source and target are not
 * aligned alike.
 */
#include <emmintrin.h>
#include <stdint.h>
#include <string.h>

#include "base/copy.h"

enum { LINE = 64, SMALL = 4096 };

static void copy_line(uint8_t *to, const uint8_t *from)
{
    const __m128i *in = (const __m128i *)(const void *)from;
    __m128i *out = (__m128i *)(void *)to;
    __m128i a = _mm_loadu_si128(in);
    __m128i b = _mm_loadu_si128(in + 1);
    __m128i c = _mm_loadu_si128(in + 2);
    __m128i d = _mm_loadu_si128(in + 3);
    _mm_stream_si128(out, a);
    _mm_stream_si128(out + 1, b);
    _mm_stream_si128(out + 2, c);
    _mm_stream_si128(out + 3, d);
}

void copy_out(void *to, const void *from, size_t size)
{
    uint8_t *out = to;
    const uint8_t *in = from;
    if (size < SMALL) {
        memcpy(out, in, size);
        return;
    }
    size_t head = (LINE - (uintptr_t)out % LINE) % LINE;
    memcpy(out, in, head);
    size_t at = head;
    for (; at + LINE <= size; at += LINE)
        copy_line(out + at, in + at);
    _mm_sfence(); /* other threads see them before what is stored next */
    memcpy(out + at, in + at, size - at);
}
