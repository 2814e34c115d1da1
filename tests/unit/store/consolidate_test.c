#include "store/consolidate.h"

#include "base/fs.h"
#include "support/store_fixture.h"
#include "support/test.h"

enum { CHUNKS = 30, CHUNK_BYTES = 400000 };

/* Chunks of random bytes, a pack for each few of them. */
struct setting {
    struct store_fixture f;
    struct dits_oid ids[CHUNKS];
};

static void setting_release(struct setting *s)
{
    store_fixture_release(&s->f);
}

static dits_error *put(struct setting *s, size_t first, size_t end)
{
    static uint8_t data[CHUNK_BYTES];
    CLEANUP(store_writer_freep) struct store_writer *writer = NULL;
    TRY(store_writer_begin(s->f.store, &writer));
    for (size_t i = first; i < end; i++) {
        fill_random(data, sizeof(data), 50 + i);
        TRY(store_writer_put(writer, CHUNK_DATA, data, sizeof(data),
                             &s->ids[i]));
    }
    return store_writer_commit(writer);
}

static dits_error *make(struct setting *s, size_t per_pack)
{
    TRY(store_fixture_make(&s->f));
    for (size_t i = 0; i < CHUNKS; i += per_pack)
        TRY(put(s, i, i + per_pack));
    return NULL;
}

static dits_error *check_all(struct setting *s)
{
    CLEANUP(buf_release) struct buf back = {0};
    TRY(store_fixture_reopen(&s->f));
    for (size_t i = 0; i < CHUNKS; i++)
        TRY(store_read(s->f.store, CHUNK_DATA, &s->ids[i], &back));
    return NULL;
}

static dits_error *move_here(const char *name, void *payload)
{
    struct setting *s = payload;
    CLEANUP(buf_release) struct buf from = {0};
    CLEANUP(buf_release) struct buf to = {0};
    TRY(buf_printf(&from, "%s/aside/%s", s->f.folder, name));
    TRY(buf_printf(&to, "%s/packs/%s", s->f.folder, name));
    return fs_rename(buf_text(&from), buf_text(&to));
}

/* Store some chunks again, as if nothing were there yet. */
static dits_error *put_again(struct setting *s, size_t first, size_t end)
{
    CLEANUP(buf_release) struct buf packs = {0};
    CLEANUP(buf_release) struct buf aside = {0};
    TRY(buf_printf(&packs, "%s/packs", s->f.folder));
    TRY(buf_printf(&aside, "%s/aside", s->f.folder));
    TRY(fs_rename(buf_text(&packs), buf_text(&aside)));
    TRY(fs_make_dir(buf_text(&packs)));
    TRY(store_fixture_reopen(&s->f));
    TRY(put(s, first, end));
    TRY(fs_list(buf_text(&aside), move_here, s));
    return store_fixture_reopen(&s->f);
}

/* Change a byte of a chunk where it is. */
static dits_error *damage(struct setting *s, const struct dits_oid *id)
{
    CLEANUP(buf_release) struct buf path = {0};
    CLEANUP(fs_close) struct fs_file file = {0};
    struct chunk_place place = {0};
    bool found = false;
    uint8_t byte = 0;
    TRY(store_find(s->f.store, id, &found, &place));
    TRY(buf_printf(&path, "%s/packs/%s.pack", s->f.folder, place.pack));
    TRY(fs_open(buf_text(&path), FS_WRITE, &file));
    TRY(fs_read_at(&file, place.offset + 1000, 1, &byte));
    byte ^= 1;
    return fs_write_at(&file, place.offset + 1000, &byte, 1);
}

TEST(many_packs_become_one)
{
    CLEANUP(setting_release) struct setting s = {0};
    struct store_consolidate_options options = {.dry_run = true};
    struct store_consolidate_result result = {0};
    CHECK_OK(make(&s, 5));
    CHECK_OK(store_consolidate(s.f.store, &options, &result));
    CHECK(result.merged == 6 && result.packs_after == 6);
    options.dry_run = false;
    CHECK_OK(store_consolidate(s.f.store, &options, &result));
    CHECK(result.packs_before == 6 && result.packs_after == 1);
    CHECK(result.bytes_after < result.bytes_before);
    CHECK_OK(check_all(&s));
    CHECK_OK(store_consolidate(s.f.store, &options, &result));
    CHECK(result.merged == 0 && result.packs_after == 1);
}

TEST(packs_keep_to_the_size_that_is_asked_for)
{
    enum { MAX = 2 << 20 };
    CLEANUP(setting_release) struct setting s = {0};
    struct store_consolidate_options options = {.all = true, .max_size = MAX};
    struct store_consolidate_result result = {0};
    CHECK_OK(make(&s, 15));
    CHECK_OK(store_consolidate(s.f.store, &options, &result));
    CHECK(result.packs_before == 2 && result.packs_after == 6);
    CHECK(result.bytes_after / result.packs_after <= MAX + 4096);
    CHECK_OK(check_all(&s));
}

TEST(what_is_stored_twice_is_kept_once)
{
    CLEANUP(setting_release) struct setting s = {0};
    struct store_consolidate_options options = {.all = true};
    struct store_consolidate_result result = {0};
    CHECK_OK(make(&s, 10));
    CHECK_OK(put_again(&s, 5, 25));
    CHECK_OK(store_consolidate(s.f.store, &options, &result));
    CHECK(result.packs_before == 4 && result.packs_after == 1);
    CHECK(result.bytes_after < (uint64_t)(CHUNKS + 1) * CHUNK_BYTES);
    CHECK_OK(check_all(&s));
}

TEST(a_damaged_pack_stays_as_it_is)
{
    CLEANUP(setting_release) struct setting s = {0};
    struct store_consolidate_options options = {.all = true};
    struct store_consolidate_result result = {0};
    CHECK_OK(make(&s, 10));
    CHECK_OK(damage(&s, &s.ids[3]));
    CHECK_OK(store_consolidate(s.f.store, &options, &result));
    CHECK(result.damaged == 1 && result.packs_after == 2);
    CHECK_FAILS(DITS_E_NOT_FOUND, check_all(&s)); /* in quarantine */
}

TEST(others_are_not_kept_from_writing_for_ever)
{
    CLEANUP(setting_release) struct setting s = {0};
    CLEANUP(store_writer_freep) struct store_writer *writer = NULL;
    struct store_consolidate_options options = {.all = true,
                                                .max_size = 1 << 20};
    struct store_consolidate_result result = {0};
    CHECK_OK(make(&s, 10));
    CHECK_OK(store_consolidate(s.f.store, &options, &result));
    CHECK_OK(store_writer_begin(s.f.store, &writer)); /* the lock is free */
}
