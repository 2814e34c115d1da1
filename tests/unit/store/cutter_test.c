#include "store/cutter.h"

#include <string.h>

#include "base/mem.h"
#include "support/store_fixture.h"
#include "support/test.h"

enum { MAX_CUTS = 4096 };

/* Where a stream was cut, and its bytes. */
struct cuts {
    size_t count;
    uint64_t at[MAX_CUTS];
    struct buf bytes;
    struct candidates candidates;
};

static void free_memory(struct cutter_memory *memory)
{
    mem_free(memory->bytes - CHUNKER_WINDOW);
    mem_free(memory);
}

static dits_error *get_memory(void *payload, size_t capacity,
                              struct cutter_memory **out)
{
    (void)payload;
    uint8_t *bytes = mem_new_array(uint8_t, capacity + CHUNKER_WINDOW);
    struct cutter_memory *memory = mem_new(struct cutter_memory);
    if (bytes == NULL || memory == NULL) {
        mem_free(bytes);
        mem_free(memory);
        return error_nomem();
    }
    memory->bytes = bytes + CHUNKER_WINDOW;
    memory->capacity = capacity;
    *out = memory;
    return NULL;
}

static dits_error *take_chunk(void *payload, unsigned stream,
                              struct cutter_memory *chunk)
{
    struct cuts *cuts = payload;
    (void)stream;
    dits_error *err = buf_put(&cuts->bytes, chunk->bytes, chunk->size);
    if (cuts->count < MAX_CUTS)
        cuts->at[cuts->count++] = cuts->bytes.size;
    free_memory(chunk);
    return err;
}

static void cuts_freep(struct cuts **cuts)
{
    if (*cuts != NULL)
        buf_release(&(*cuts)->bytes);
    mem_free(*cuts);
}

/* Samples of these sizes; every `group` of them begins a group. */
struct samples {
    const uint8_t *bytes;
    size_t count;
    size_t size;
    size_t group;
};

/* Cut what is there from sample `first` on, handed on in pieces of `piece`. */
static dits_error *cut_samples(struct stream_kind kind, struct samples samples,
                               size_t first, size_t piece, struct cuts *out)
{
    struct cutter_host host = {get_memory, take_chunk, out, &out->candidates};
    struct cutter cutter = {.kind = kind, .host = &host};
    dits_error *err = NULL;
    for (size_t i = first; err == NULL && i < samples.count; i++) {
        const uint8_t *at = samples.bytes + i * samples.size;
        unsigned flags = i % samples.group == 0 ? CUT_UNIT | CUT_GROUP
                                                : CUT_UNIT;
        for (size_t done = 0; err == NULL && done < samples.size;) {
            size_t left = samples.size - done;
            size_t some = piece < left ? piece : left;
            err = cutter_add(&cutter, done == 0 ? flags : 0, at + done, some);
            done += some;
        }
    }
    if (err == NULL)
        err = cutter_finish(&cutter);
    cutter_release(&cutter, free_memory);
    return err;
}

static struct stream_kind kind_of(const char *chunker, bool by_units)
{
    return (struct stream_kind){.chunker = chunker_by_name(chunker),
                                .by_units = by_units};
}

static bool same_cuts(const struct cuts *a, const struct cuts *b)
{
    return a->count == b->count &&
           memcmp(a->at, b->at, a->count * sizeof(a->at[0])) == 0;
}

static bool cuts_at(const struct cuts *cuts, uint64_t at)
{
    for (size_t i = 0; i < cuts->count; i++)
        if (cuts->at[i] == at)
            return true;
    return false;
}

static void free_bytes(uint8_t **bytes)
{
    mem_free(*bytes);
}

static uint8_t *some_bytes(size_t size)
{
    uint8_t *bytes = mem_new_array(uint8_t, size);
    if (bytes != NULL)
        fill_random(bytes, size, 5);
    return bytes;
}

TEST(cuts_do_not_depend_on_the_pieces)
{
    static const size_t pieces[] = {997, 65536, 1 << 20};
    CLEANUP(free_bytes) uint8_t *bytes = some_bytes(300 * 40000);
    struct samples samples = {bytes, 300, 40000, 12};
    CHECK(bytes != NULL);
    for (int by_units = 0; by_units < 2; by_units++) {
        CLEANUP(cuts_freep) struct cuts *whole = mem_new(struct cuts);
        struct stream_kind kind = kind_of("media", by_units != 0);
        CHECK(whole != NULL);
        CHECK_OK(cut_samples(kind, samples, 0, SIZE_MAX, whole));
        CHECK(whole->bytes.size == 300 * 40000);
        CHECK(memcmp(whole->bytes.data, bytes, whole->bytes.size) == 0);
        CHECK(whole->count > 12 && whole->count < 160);
        for (size_t i = 0; i < 3; i++) {
            CLEANUP(cuts_freep) struct cuts *cut = mem_new(struct cuts);
            CHECK(cut != NULL);
            CHECK_OK(cut_samples(kind, samples, 0, pieces[i], cut));
            CHECK(same_cuts(whole, cut));
        }
    }
}

TEST(units_are_cut_where_samples_start)
{
    CLEANUP(free_bytes) uint8_t *bytes = some_bytes(300 * 40000);
    CLEANUP(cuts_freep) struct cuts *cuts = mem_new(struct cuts);
    struct samples samples = {bytes, 300, 40000, 12};
    CHECK(bytes != NULL && cuts != NULL);
    CHECK_OK(cut_samples(kind_of("media", true), samples, 0, SIZE_MAX, cuts));
    for (size_t i = 0; i < cuts->count; i++)
        CHECK(cuts->at[i] % 40000 == 0);
}

TEST(a_long_group_always_starts_a_chunk)
{
    CLEANUP(free_bytes) uint8_t *bytes = some_bytes(300 * 40000);
    CLEANUP(cuts_freep) struct cuts *whole = mem_new(struct cuts);
    CLEANUP(cuts_freep) struct cuts *trimmed = mem_new(struct cuts);
    struct samples samples = {bytes, 300, 40000, 12};
    struct stream_kind kind = kind_of("media", true);
    const uint64_t gone = 60 * 40000;
    CHECK(bytes != NULL && whole != NULL && trimmed != NULL);
    CHECK_OK(cut_samples(kind, samples, 0, SIZE_MAX, whole));
    for (uint64_t i = 12; i < 300; i += 12)
        CHECK(cuts_at(whole, i * 40000));
    CHECK_OK(cut_samples(kind, samples, 60, SIZE_MAX, trimmed));
    for (size_t i = 0; i < trimmed->count; i++)
        CHECK(cuts_at(whole, trimmed->at[i] + gone));
}

TEST(short_groups_give_chunks_of_about_the_average)
{
    CLEANUP(free_bytes) uint8_t *bytes = some_bytes(30000 * 400);
    CLEANUP(cuts_freep) struct cuts *cuts = mem_new(struct cuts);
    struct samples samples = {bytes, 30000, 400, 1};
    CHECK(bytes != NULL && cuts != NULL);
    CHECK_OK(cut_samples(kind_of("small", true), samples, 0, SIZE_MAX, cuts));
    size_t average = 30000 * 400 / cuts->count;
    CHECK(average > 48 * 1024 && average < 80 * 1024);
}

TEST(units_that_end_in_the_same_padding_are_told_apart)
{
    CLEANUP(free_bytes) uint8_t *bytes = some_bytes(600 * 40000);
    CLEANUP(cuts_freep) struct cuts *whole = mem_new(struct cuts);
    CLEANUP(cuts_freep) struct cuts *rest = mem_new(struct cuts);
    struct samples samples = {bytes, 600, 40000, 1};
    size_t shared = 0;
    CHECK(bytes != NULL && whole != NULL && rest != NULL);
    for (size_t i = 0; i < samples.count; i++)
        memset(bytes + (i + 1) * samples.size - 80, 0, 80);
    CHECK_OK(cut_samples(kind_of("media", true), samples, 0, 5000, whole));
    CHECK_OK(cut_samples(kind_of("media", true), samples, 101, 5000, rest));
    for (size_t i = 0; i < rest->count; i++)
        shared += cuts_at(whole, rest->at[i] + 101 * samples.size);
    CHECK(rest->count > 40 && shared + 2 >= rest->count);
}

TEST(a_unit_longer_than_any_chunk_is_cut_inside)
{
    CLEANUP(free_bytes) uint8_t *bytes = some_bytes(3 * 4000000);
    CLEANUP(cuts_freep) struct cuts *cuts = mem_new(struct cuts);
    struct samples samples = {bytes, 3, 4000000, 1};
    CHECK(bytes != NULL && cuts != NULL);
    CHECK_OK(cut_samples(kind_of("media", true), samples, 0, SIZE_MAX, cuts));
    CHECK(cuts->bytes.size == 3 * 4000000 && cuts->count >= 12);
    for (size_t i = 0; i < cuts->count; i++)
        CHECK(cuts->at[i] - (i == 0 ? 0 : cuts->at[i - 1]) <= 1 << 20);
    CHECK(cuts_at(cuts, 4000000) && cuts_at(cuts, 8000000));
}

TEST(units_of_swapped_bytes_come_the_other_way_round)
{
    static const uint8_t given[] = {1, 2, 3, 4, 5, 6, 7, 8};
    static const uint8_t kept[] = {3, 2, 1, 6, 5, 4, 7, 8};
    for (size_t piece = 1; piece <= 8; piece++) {
        CLEANUP(cuts_freep) struct cuts *cuts = mem_new(struct cuts);
        struct stream_kind kind = kind_of("small", false);
        struct samples samples = {given, 1, sizeof(given), 1};
        CHECK(cuts != NULL);
        kind.swapped = 3;
        CHECK_OK(cut_samples(kind, samples, 0, piece, cuts));
        CHECK(cuts->bytes.size == sizeof(kept));
        CHECK(memcmp(cuts->bytes.data, kept, sizeof(kept)) == 0);
    }
}
