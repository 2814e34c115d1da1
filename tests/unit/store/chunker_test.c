#include "store/chunker.h"

#include <string.h>

#include "base/mem.h"
#include "store/chunker_scan.h"
#include "support/store_fixture.h"
#include "support/test.h"

enum { SIZE = 3 << 20 };

static void free_bytes(uint8_t **bytes)
{
    mem_free(*bytes);
}

static void free_candidates(struct candidates **candidates)
{
    mem_free(*candidates);
}

TEST(all_variants_find_the_same_places)
{
    CLEANUP(free_bytes) uint8_t *data = mem_new_array(uint8_t, 70000);
    size_t count = 0;
    const struct scan_variant *variants = scan_variants(&count);
    fill_random(data, 70000, 3);
    CHECK(variants[count - 1].scan == scan_portable);
    for (size_t v = 0; v < count; v++) {
        if (!variants[v].supported())
            continue;
        for (size_t from = 3; from < 200; from++) {
            size_t to = 70000 - from;
            CHECK(variants[v].scan(data, from, to) ==
                  scan_portable(data, from, to));
        }
        for (size_t i = 3; i < 70000; i++) {
            size_t found = variants[v].scan(data, i, 70000);
            CHECK(found == scan_portable(data, i, 70000));
            i = found;
        }
    }
}

TEST(bytes_that_are_all_alike_are_no_candidates)
{
    CLEANUP(free_bytes) uint8_t *data = mem_new_array(uint8_t, SIZE);
    for (unsigned value = 0; value < 256; value++) {
        memset(data, (int)value, 4096);
        CHECK(scan_portable(data, 3, 4096) == 4096);
    }
}

TEST(candidates_do_not_depend_on_how_the_data_is_split)
{
    CLEANUP(free_bytes) uint8_t *data = mem_new_array(uint8_t, SIZE);
    CLEANUP(free_candidates)
    struct candidates *whole = mem_new(struct candidates);
    CLEANUP(free_candidates)
    struct candidates *parts = mem_new(struct candidates);
    const struct chunker *chunker = chunker_by_name("small");
    static const size_t steps[] = {1, 61, 4096, 1000003};
    fill_random(data, SIZE, 4);
    CHECK(chunker_scan(chunker, data, 63, SIZE, whole) == SIZE);
    CHECK(whole->count > 50);
    for (size_t s = 0; s < sizeof(steps) / sizeof(steps[0]); s++) {
        parts->count = 0;
        for (size_t at = 63; at < SIZE; at += steps[s]) {
            size_t end = at + steps[s] < SIZE ? at + steps[s] : SIZE;
            CHECK(chunker_scan(chunker, data, at, end, parts) == end);
        }
        CHECK(parts->count == whole->count);
        CHECK(memcmp(parts->list, whole->list,
                     whole->count * sizeof(whole->list[0])) == 0);
    }
}

TEST(every_profile_cuts_near_its_average)
{
    size_t count = 0;
    const struct chunker *table = chunker_table(&count);
    CLEANUP(free_bytes)
    uint8_t *data = mem_new_array(uint8_t, (size_t)64 << 20);
    CLEANUP(free_candidates)
    struct candidates *found = mem_new(struct candidates);
    fill_random(data, (size_t)64 << 20, 5);
    for (size_t i = 0; i < count; i++) {
        size_t size = (size_t)table[i].average_size * 64;
        size_t start = 0;
        size_t cuts = 0;
        size_t next = 0;
        found->count = 0;
        CHECK(chunker_scan(&table[i], data, 63, size, found) == size);
        for (;;) {
            size_t cut =
                chunker_cut(&table[i], found, &next, (int64_t)start, size);
            if (cut == 0)
                break;
            CHECK(cut - start >= table[i].min_size);
            CHECK(cut - start <= table[i].max_size);
            start = cut;
            cuts++;
        }
        CHECK(cuts > 38 && cuts < 80);
        CHECK(chunker_by_id(table[i].id) == &table[i]);
        CHECK(chunker_by_name(table[i].name) == &table[i]);
    }
    CHECK(chunker_by_id(0) == NULL && chunker_by_name("huge") == NULL);
}
