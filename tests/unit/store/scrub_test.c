#include "store/scrub.h"

#include <string.h>

#include "base/fs.h"
#include "support/store_fixture.h"
#include "support/test.h"

enum { CHUNKS = 24, PER_PACK = 6, CHUNK_BYTES = 5000 };

struct setting {
    struct store_fixture f;
    struct dits_oid ids[CHUNKS];
    /* Of a scrub that is watched: */
    uint64_t stop_after; /* chunks; 0: never */
    uint64_t damages;
    struct dits_oid damaged;
};

static void setting_release(struct setting *s)
{
    store_fixture_release(&s->f);
}

static dits_error *make(struct setting *s)
{
    uint8_t data[CHUNK_BYTES];
    TRY(store_fixture_make(&s->f));
    for (size_t i = 0; i < CHUNKS; i += PER_PACK) {
        CLEANUP(store_writer_freep) struct store_writer *writer = NULL;
        TRY(store_writer_begin(s->f.store, &writer));
        for (size_t k = i; k < i + PER_PACK; k++) {
            fill_random(data, sizeof(data), 900 + k);
            TRY(store_writer_put(writer, CHUNK_DATA, data, sizeof(data),
                                 &s->ids[k]));
        }
        TRY(store_writer_commit(writer));
    }
    return NULL;
}

static dits_error *on_damage(const struct store_damage *damage, void *payload)
{
    struct setting *s = payload;
    s->damages++;
    s->damaged = damage->id;
    return NULL;
}

static dits_error *on_pause(const struct store_scrub_place *place,
                            const struct store_scrub_totals *totals, bool *stop,
                            void *payload)
{
    const struct setting *s = payload;
    *stop = s->stop_after != 0 && totals->chunks >= s->stop_after;
    return place->pack[0] == '\0' ? error_new(DITS_E_INTERNAL, "no place")
                                  : NULL;
}

static dits_error *scrub(struct setting *s, uint64_t stop_after,
                         struct store_scrub_place *place,
                         struct store_scrub_totals *totals, bool *out_ended)
{
    const struct store_scrub_options options = {
        .on_damage = on_damage, .on_pause = on_pause, .payload = s};
    s->stop_after = stop_after;
    *totals = (struct store_scrub_totals){0};
    return store_scrub(s->f.store, &options, place, totals, out_ended);
}

/* Change a byte in the pack that holds the chunk, `at` behind its start. */
static dits_error *damage(struct setting *s, const struct dits_oid *id,
                          uint64_t at)
{
    CLEANUP(buf_release) struct buf path = {0};
    CLEANUP(fs_close) struct fs_file file = {0};
    struct chunk_place place = {0};
    bool found = false;
    uint8_t byte = 0;
    TRY(store_find(s->f.store, id, &found, &place));
    TRY(buf_printf(&path, "%s/packs/%s.pack", s->f.folder, place.pack));
    TRY(fs_open(buf_text(&path), FS_WRITE, &file));
    TRY(fs_read_at(&file, place.offset + at, 1, &byte));
    byte ^= 1;
    return fs_write_at(&file, place.offset + at, &byte, 1);
}

TEST(all_chunks_are_read_once_wherever_it_stops)
{
    CLEANUP(setting_release) struct setting s = {0};
    CHECK_OK(make(&s));
    for (uint64_t step = 1; step <= CHUNKS + 1; step++) {
        struct store_scrub_place place = {0};
        struct store_scrub_totals totals = {0};
        uint64_t chunks = 0;
        uint64_t packs = 0;
        bool ended = false;
        while (!ended) {
            CHECK_OK(scrub(&s, step, &place, &totals, &ended));
            CHECK(ended || totals.chunks == step);
            chunks += totals.chunks;
            packs += totals.packs;
        }
        CHECK(chunks == CHUNKS && packs == CHUNKS / PER_PACK);
    }
    CHECK(s.damages == 0);
}

TEST(a_damaged_chunk_goes_to_quarantine_and_is_told_once)
{
    CLEANUP(setting_release) struct setting s = {0};
    struct store_scrub_place place = {0};
    struct store_scrub_totals totals = {0};
    bool ended = false;
    bool found = true;
    CHECK_OK(make(&s));
    CHECK_OK(damage(&s, &s.ids[8], 2000));
    CHECK_OK(scrub(&s, 0, &place, &totals, &ended));
    CHECK(ended && totals.damages == 1 && s.damages == 1);
    CHECK(dits_oid_equal(&s.damaged, &s.ids[8]));
    CHECK_OK(store_find(s.f.store, &s.ids[8], &found, NULL));
    CHECK(!found && store_fixture_count(&s.f, "quarantine") == 1);

    place = (struct store_scrub_place){0};
    CHECK_OK(scrub(&s, 0, &place, &totals, &ended));
    CHECK(ended && totals.damages == 0);
}

TEST(damage_between_the_chunks_is_told)
{
    CLEANUP(setting_release) struct setting s = {0};
    struct store_scrub_place place = {0};
    struct store_scrub_totals totals = {0};
    bool ended = false;
    CHECK_OK(make(&s));
    CHECK_OK(damage(&s, &s.ids[3], 0)); /* a frame's header */
    CHECK_OK(scrub(&s, 0, &place, &totals, &ended));
    CHECK(ended && totals.damages > 0);
}

TEST(a_pack_that_is_gone_is_passed_over)
{
    CLEANUP(setting_release) struct setting s = {0};
    struct store_scrub_place place = {0};
    struct store_scrub_totals totals = {0};
    uint64_t done = 0;
    uint64_t total = 0;
    bool ended = false;
    CHECK_OK(make(&s));
    CHECK_OK(scrub(&s, 2, &place, &totals, &ended));
    CHECK_OK(store_scrub_measure(s.f.store, &place, &done, &total));
    CHECK(done > 2 * CHUNK_BYTES && done < 3 * CHUNK_BYTES);
    CHECK(total > CHUNKS * CHUNK_BYTES);
    CHECK_OK(store_fixture_empty(&s.f, "packs"));
    CHECK_OK(scrub(&s, 0, &place, &totals, &ended));
    CHECK(ended && totals.chunks == 0);
}

TEST(the_rate_is_kept)
{
    CLEANUP(setting_release) struct setting s = {0};
    struct store_scrub_place place = {0};
    struct store_scrub_totals totals = {0};
    const struct store_scrub_options options = {.bytes_per_second = 400000};
    bool ended = false;
    CHECK_OK(make(&s));
    int64_t start = fs_now_ns();
    CHECK_OK(store_scrub(s.f.store, &options, &place, &totals, &ended));
    double seconds = (double)(fs_now_ns() - start) / 1e9;
    CHECK(ended && seconds > (double)totals.bytes / 400000 * 0.9);
}
