#include "store/sweep.h"

#include <string.h>

#include "base/fs.h"
#include "base/mem.h"
#include "base/text.h"
#include "store/maintain.h"
#include "support/store_fixture.h"
#include "support/test.h"

enum { CHUNKS = 40, CHUNK_BYTES = 3000 };

/* A store with chunks of random bytes, and which of them are needed. */
struct setting {
    struct store_fixture f;
    uint8_t data[CHUNKS][CHUNK_BYTES];
    struct dits_oid ids[CHUNKS];
    bool live[CHUNKS];
};

static void setting_release(struct setting **self)
{
    if (*self != NULL)
        store_fixture_release(&(*self)->f);
    mem_free(*self);
}

/* One pack of the chunks first, first + 1, … before `end`. */
static dits_error *put_pack(struct setting *s, size_t first, size_t end)
{
    CLEANUP(store_writer_freep) struct store_writer *writer = NULL;
    TRY(store_writer_begin(s->f.store, &writer));
    for (size_t i = first; i < end; i++)
        TRY(store_writer_put(writer, CHUNK_DATA, s->data[i], CHUNK_BYTES,
                             &s->ids[i]));
    return store_writer_commit(writer);
}

static dits_error *setting_make(struct setting **out)
{
    struct setting *s = mem_new(struct setting);
    if (s == NULL)
        return error_nomem();
    *out = s;
    for (size_t i = 0; i < CHUNKS; i++)
        fill_random(s->data[i], CHUNK_BYTES, 100 + i);
    return store_fixture_make(&s->f);
}

static bool is_live(const struct dits_oid *id, void *payload)
{
    const struct setting *s = payload;
    for (size_t i = 0; i < CHUNKS; i++)
        if (dits_oid_equal(&s->ids[i], id))
            return s->live[i];
    return false;
}

/* The live ones are there and whole; how many of the others are there? */
static dits_error *check_all(struct setting *s, size_t *out_dead)
{
    CLEANUP(buf_release) struct buf back = {0};
    *out_dead = 0;
    for (size_t i = 0; i < CHUNKS; i++) {
        bool found = false;
        TRY(store_find(s->f.store, &s->ids[i], &found, NULL));
        if (!s->live[i]) {
            *out_dead += found;
            continue;
        }
        TRY(store_read(s->f.store, CHUNK_DATA, &s->ids[i], &back));
        if (back.size != CHUNK_BYTES ||
            memcmp(back.data, s->data[i], CHUNK_BYTES) != 0)
            return error_new(DITS_E_INTERNAL, "other bytes");
    }
    return NULL;
}

static dits_error *sweep(struct setting *s, bool dry_run, int64_t before,
                         struct store_sweep_result *out)
{
    CLEANUP(store_sweep_freep) struct store_sweep *sweep = NULL;
    struct store_sweep_options options = {
        .is_live = is_live, .payload = s, .before = before, .dry_run = dry_run};
    TRY(store_sweep_begin(s->f.store, &sweep));
    return store_sweep_run(sweep, &options, out);
}

TEST(dead_chunks_go_and_live_ones_stay)
{
    CLEANUP(setting_release) struct setting *s = NULL;
    struct store_sweep_result result = {0};
    size_t dead = 0;
    CHECK_OK(setting_make(&s));
    CHECK_OK(put_pack(s, 0, 10));  /* stays */
    CHECK_OK(put_pack(s, 10, 20)); /* goes */
    CHECK_OK(put_pack(s, 20, 40)); /* half of it */
    for (size_t i = 0; i < CHUNKS; i++)
        s->live[i] = i < 10 || (i >= 20 && i % 2 == 0);

    CHECK_OK(sweep(s, true, INT64_MAX, &result));
    CHECK(result.live_chunks == 20 && result.removed_chunks == 20);
    CHECK(result.packs_before == 3 && result.packs_after == 2);
    CHECK_OK(check_all(s, &dead));
    CHECK(dead == 20);

    CHECK_OK(sweep(s, false, 0, &result));
    CHECK(result.live_chunks == 40 && result.removed_chunks == 0);

    CHECK_OK(sweep(s, false, INT64_MAX, &result));
    CHECK(result.live_chunks == 20 && result.removed_chunks == 20);
    CHECK(result.packs_after == 2 && store_fixture_count(&s->f, "packs") == 2);
    CHECK_OK(check_all(s, &dead));
    CHECK(dead == 0);
    CHECK_OK(store_fixture_reopen(&s->f));
    CHECK_OK(check_all(s, &dead));
    CHECK(dead == 0);
    CHECK_OK(sweep(s, false, INT64_MAX, &result));
    CHECK(result.removed_chunks == 0 && result.packs_after == 2);
}

/* What a killed sweep leaves: the new pack, and the old one back. */
static dits_error *put_back(struct setting *s, const char *name)
{
    CLEANUP(buf_release) struct buf from = {0};
    CLEANUP(buf_release) struct buf to = {0};
    TRY(buf_printf(&from, "%s/kept", s->f.folder));
    TRY(buf_printf(&to, "%s/packs/%s.pack", s->f.folder, name));
    return fs_rename(buf_text(&from), buf_text(&to));
}

static dits_error *set_aside(struct setting *s, const char *name)
{
    CLEANUP(buf_release) struct buf from = {0};
    CLEANUP(buf_release) struct buf to = {0};
    CLEANUP(buf_release) struct buf bytes = {0};
    TRY(buf_printf(&from, "%s/packs/%s.pack", s->f.folder, name));
    TRY(buf_printf(&to, "%s/kept", s->f.folder));
    TRY(fs_read_all(buf_text(&from), 1 << 20, &bytes));
    return fs_replace(buf_text(&to), bytes.data, bytes.size);
}

TEST(a_killed_sweep_is_finished_by_the_next)
{
    CLEANUP(setting_release) struct setting *s = NULL;
    struct store_sweep_result result = {0};
    struct chunk_place place = {0};
    size_t dead = 0;
    bool found = false;
    CHECK_OK(setting_make(&s));
    CHECK_OK(put_pack(s, 0, CHUNKS));
    for (size_t i = 0; i < CHUNKS; i++)
        s->live[i] = i % 3 == 0;
    CHECK_OK(store_find(s->f.store, &s->ids[0], &found, &place));
    CHECK_OK(set_aside(s, place.pack));
    CHECK_OK(sweep(s, false, INT64_MAX, &result));
    CHECK_OK(put_back(s, place.pack));
    CHECK_OK(store_fixture_reopen(&s->f));
    CHECK(store_fixture_count(&s->f, "packs") == 2);

    CHECK_OK(sweep(s, false, INT64_MAX, &result));
    CHECK(store_fixture_count(&s->f, "packs") == 1);
    CHECK_OK(check_all(s, &dead));
    CHECK(dead == 0);
}

TEST(overlapping_packs_lose_nothing)
{
    CLEANUP(setting_release) struct setting *s = NULL;
    struct store_sweep_result result = {0};
    struct chunk_place place = {0};
    size_t dead = 0;
    bool found = false;
    CHECK_OK(setting_make(&s));
    /* Two packs that both have 10 to 30, each with something dead. */
    CHECK_OK(put_pack(s, 0, 30));
    CHECK_OK(store_find(s->f.store, &s->ids[0], &found, &place));
    CHECK_OK(set_aside(s, place.pack));
    CHECK_OK(sweep(s, false, INT64_MAX, &result));
    CHECK_OK(put_pack(s, 10, 40));
    CHECK_OK(put_back(s, place.pack));
    CHECK_OK(store_fixture_reopen(&s->f));
    for (size_t i = 0; i < CHUNKS; i++)
        s->live[i] = i >= 10 && i < 30;
    CHECK_OK(sweep(s, false, INT64_MAX, &result));
    CHECK_OK(check_all(s, &dead));
    CHECK(dead == 0);
}

/* Of a sweep in steps. */
struct turns {
    struct setting *s;
    size_t breaks;
    size_t told;
};

static bool is_live_now(const struct dits_oid *id, void *payload)
{
    const struct turns *turns = payload;
    return is_live(id, turns->s);
}

static dits_error *on_dead(const struct dits_oid *id,
                           const struct chunk_place *place, void *payload)
{
    struct turns *turns = payload;
    turns->told += !is_live(id, turns->s) && place->size == CHUNK_BYTES;
    return NULL;
}

/* Somebody refers to a chunk that was dead until now. */
static dits_error *on_resume(void *payload)
{
    struct turns *turns = payload;
    turns->breaks++;
    turns->s->live[CHUNKS - 1] = true;
    return NULL;
}

TEST(each_chunk_that_goes_is_told)
{
    CLEANUP(setting_release) struct setting *s = NULL;
    CLEANUP(store_sweep_freep) struct store_sweep *sweep = NULL;
    struct store_sweep_result result = {0};
    CHECK_OK(setting_make(&s));
    CHECK_OK(put_pack(s, 0, 20));
    for (size_t i = 0; i < CHUNKS; i++)
        s->live[i] = i % 4 != 0;
    struct turns turns = {.s = s};
    struct store_sweep_options options = {.is_live = is_live_now,
                                          .on_dead = on_dead,
                                          .payload = &turns,
                                          .before = INT64_MAX};
    CHECK_OK(store_sweep_begin(s->f.store, &sweep));
    CHECK_OK(store_sweep_run(sweep, &options, &result));
    CHECK(turns.told == 5 && result.removed_chunks == 5);
}

TEST(what_comes_to_be_needed_during_a_sweep_stays)
{
    enum { LARGE = 700000 }; /* two of them are more than a step */
    CLEANUP(setting_release) struct setting *s = NULL;
    CLEANUP(store_sweep_freep) struct store_sweep *sweep = NULL;
    CLEANUP(buf_release) struct buf large = {0};
    struct store_sweep_result result = {0};
    void *at = NULL;
    CHECK_OK(setting_make(&s));
    CHECK_OK(buf_extend(&large, LARGE, &at));
    for (size_t i = 0; i < CHUNKS; i++) {
        CLEANUP(store_writer_freep) struct store_writer *writer = NULL;
        struct dits_oid dead = {0};
        fill_random(at, LARGE, 500 + i);
        CHECK_OK(store_writer_begin(s->f.store, &writer));
        CHECK_OK(store_writer_put(writer, CHUNK_DATA, at, LARGE, &s->ids[i]));
        CHECK_OK(
            store_writer_put(writer, CHUNK_DATA, "dead", i % 4 + 1, &dead));
        CHECK_OK(store_writer_put(writer, CHUNK_DATA, &i, sizeof(i), &dead));
        CHECK_OK(store_writer_commit(writer));
        s->live[i] = i < CHUNKS - 1;
    }
    struct turns turns = {.s = s};
    struct store_sweep_options options = {.is_live = is_live_now,
                                          .on_resume = on_resume,
                                          .payload = &turns,
                                          .before = INT64_MAX};
    CHECK_OK(store_sweep_begin(s->f.store, &sweep));
    CHECK_OK(store_sweep_run(sweep, &options, &result));
    bool found = false;
    CHECK_OK(store_find(s->f.store, &s->ids[CHUNKS - 1], &found, NULL));
    CHECK(found && turns.breaks > 3 && turns.breaks < 8);
}

TEST(maintenance_leaves_a_busy_store_alone)
{
    CLEANUP(setting_release) struct setting *s = NULL;
    CLEANUP(store_writer_freep) struct store_writer *writer = NULL;
    CHECK_OK(setting_make(&s));
    for (size_t i = 0; i < 9; i++)
        CHECK_OK(put_pack(s, i, i + 1));
    CHECK_OK(store_writer_begin(s->f.store, &writer));
    CHECK_OK(store_maintain(s->f.store));
    CHECK(store_fixture_count(&s->f, "packs") == 9);
}

TEST(many_small_packs_become_few)
{
    CLEANUP(setting_release) struct setting *s = NULL;
    size_t dead = 0;
    CHECK_OK(setting_make(&s));
    for (size_t i = 0; i < CHUNKS; i++) {
        s->live[i] = true;
        CHECK_OK(put_pack(s, i, i + 1));
        CHECK_OK(store_maintain(s->f.store));
        CHECK(store_fixture_count(&s->f, "packs") <= 14);
    }
    CHECK_OK(check_all(s, &dead));
    CHECK_OK(store_fixture_reopen(&s->f));
    CHECK_OK(check_all(s, &dead));
    CHECK(store_fixture_count(&s->f, "tmp") == 0);
}

/* A pack of `count` chunks of a few bytes, none of which is in another. */
static dits_error *put_tiny(struct setting *s, uint32_t first, uint32_t count)
{
    CLEANUP(store_writer_freep) struct store_writer *writer = NULL;
    TRY(store_writer_begin(s->f.store, &writer));
    for (uint32_t i = first; i < first + count; i++) {
        struct dits_oid id = {0};
        TRY(store_writer_put(writer, CHUNK_DATA, &i, sizeof(i), &id));
    }
    return store_writer_commit(writer);
}

/* Seven packs with many chunks and one with few, alike in their bytes. */
TEST(packs_of_many_tiny_chunks_count_as_large)
{
    CLEANUP(setting_release) struct setting *s = NULL;
    CHECK_OK(setting_make(&s));
    for (uint32_t i = 0; i < 7; i++)
        CHECK_OK(put_tiny(s, i * 1000, 1000));
    CHECK_OK(put_pack(s, 0, CHUNKS));
    CHECK_OK(store_maintain(s->f.store));
    CHECK(store_fixture_count(&s->f, "packs") == 8);
    CHECK_OK(put_tiny(s, 7000, 1000));
    CHECK_OK(store_maintain(s->f.store));
    CHECK(store_fixture_count(&s->f, "packs") <= 2); /* and its index */
}

TEST(another_process_finds_what_was_merged)
{
    CLEANUP(setting_release) struct setting *s = NULL;
    CLEANUP(store_closep) struct store *other = NULL;
    CLEANUP(buf_release) struct buf back = {0};
    CHECK_OK(setting_make(&s));
    for (size_t i = 0; i < 8; i++)
        CHECK_OK(put_pack(s, i, i + 1));
    CHECK_OK(store_open(s->f.context, s->f.folder, &other));
    CHECK_OK(store_maintain(s->f.store));
    CHECK(store_fixture_count(&s->f, "packs") == 1);
    for (size_t i = 0; i < 8; i++)
        CHECK_OK(store_read(other, CHUNK_DATA, &s->ids[i], &back));
    CHECK(s->f.warnings == 0);
}
