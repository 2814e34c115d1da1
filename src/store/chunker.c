#include "store/chunker.h"

#include <string.h>

#include "base/le.h"
#include "store/chunker_scan.h"

enum { KIB = 1024, FILTER_BITS = 12 };

static const struct chunker table[] = {
    {1, "small", 16 * KIB, 64 * KIB, 256 * KIB, true},
    {2, "media", 64 * KIB, 256 * KIB, 1024 * KIB, false},
    {3, "large", 256 * KIB, 1024 * KIB, 4096 * KIB, false},
};

const struct chunker *chunker_table(size_t *out_count)
{
    *out_count = sizeof(table) / sizeof(table[0]);
    return table;
}

const struct chunker *chunker_by_id(uint8_t id)
{
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
        if (table[i].id == id)
            return &table[i];
    return NULL;
}

const struct chunker *chunker_by_name(const char *name)
{
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
        if (strcmp(table[i].name, name) == 0)
            return &table[i];
    return NULL;
}

/* Strength that is asked for past the average size; before it, 2 more. */
static unsigned loose_bits(const struct chunker *chunker)
{
    unsigned bits = (unsigned)__builtin_ctz(chunker->average_size);
    return bits - FILTER_BITS - 1;
}

/* The second test: the leading zero bits of a hash of the window. */
static unsigned window_strength(const uint8_t *window)
{
    uint64_t hash = 0x9e3779b97f4a7c15u;
    for (size_t i = 0; i < CHUNKER_WINDOW; i += 8) {
        hash = (hash ^ le64_load(window + i)) * 0xbf58476d1ce4e5b9u;
        hash ^= hash >> 32;
    }
    return hash == 0 ? 64 : (unsigned)__builtin_clzll(hash);
}

size_t chunker_scan(const struct chunker *chunker, const uint8_t *data,
                    size_t from, size_t to, struct candidates *out)
{
    scan_fn *scan = scan_best();
    unsigned needed = loose_bits(chunker);
    for (size_t i = from; (i = scan(data, i, to)) < to; i++) {
        unsigned strength = window_strength(data + i + 1 - CHUNKER_WINDOW);
        if (strength < needed)
            continue;
        if (out->count == CANDIDATES_MAX)
            return i;
        out->list[out->count++] =
            (struct candidate){.at = (uint32_t)(i + 1), .strength = strength};
    }
    return to;
}

size_t chunker_cut(const struct chunker *chunker,
                   const struct candidates *candidates, size_t *next,
                   int64_t start, size_t end)
{
    unsigned strict = loose_bits(chunker) + 2;
    int64_t longest = start + chunker->max_size;
    for (; *next < candidates->count; (*next)++) {
        const struct candidate *candidate = &candidates->list[*next];
        int64_t size = candidate->at - start;
        if (candidate->at > longest)
            break;
        bool wanted = size >= chunker->average_size ||
                      candidate->strength >= strict;
        if (size >= chunker->min_size && wanted) {
            (*next)++;
            return candidate->at;
        }
    }
    return longest <= (int64_t)end ? (size_t)longest : 0;
}
