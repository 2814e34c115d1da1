#include "store/verify.h"

#include <stdio.h>
#include <string.h>

#include "base/fs.h"
#include "base/mem.h"
#include "support/mem_fault.h"
#include "support/store_fixture.h"
#include "support/test.h"

enum { CHUNKS = 4, CHUNK_BYTES = 45 };

/* A store with one small pack, and that pack's bytes. */
struct setting {
    struct store_fixture f;
    char data[CHUNKS][CHUNK_BYTES];
    struct dits_oid ids[CHUNKS];
    struct buf pack;
    struct buf path;
    size_t damages;
};

static void setting_release(struct setting *s)
{
    buf_release(&s->pack);
    buf_release(&s->path);
    store_fixture_release(&s->f);
}

static dits_error *setting_make(struct setting *s)
{
    CLEANUP(store_writer_freep) struct store_writer *writer = NULL;
    struct chunk_place place = {0};
    bool found = false;
    TRY(store_fixture_make(&s->f));
    TRY(store_writer_begin(s->f.store, &writer));
    for (size_t i = 0; i < CHUNKS; i++) {
        fill_random(s->data[i], CHUNK_BYTES, i);
        TRY(store_writer_put(writer, i == 1 ? CHUNK_TREE : CHUNK_DATA,
                             s->data[i], CHUNK_BYTES, &s->ids[i]));
    }
    TRY(store_writer_commit(writer));
    TRY(store_find(s->f.store, &s->ids[0], &found, &place));
    TRY(buf_printf(&s->path, "%s/packs/%s.pack", s->f.folder, place.pack));
    return fs_read_all(buf_text(&s->path), 1 << 20, &s->pack);
}

static dits_error *write_pack(struct setting *s, size_t size)
{
    return fs_replace(buf_text(&s->path), s->pack.data, size);
}

/* Count the chunks that come back; other bytes are a failure of ours. */
static dits_error *count_whole(struct setting *s, size_t *out)
{
    CLEANUP(buf_release) struct buf back = {0};
    *out = 0;
    for (size_t i = 0; i < CHUNKS; i++) {
        dits_error *err = store_read(
            s->f.store, i == 1 ? CHUNK_TREE : CHUNK_DATA, &s->ids[i], &back);
        if (err == NULL && (back.size != CHUNK_BYTES ||
                            memcmp(back.data, s->data[i], CHUNK_BYTES) != 0))
            return error_new(DITS_E_INTERNAL, "other bytes were returned");
        if (err != NULL && !dits_error_has(err, DITS_E_CORRUPT) &&
            !dits_error_has(err, DITS_E_NOT_FOUND))
            return err;
        *out += err == NULL;
        dits_error_free(err);
    }
    return NULL;
}

static void on_damage(const struct store_damage *damage, void *payload)
{
    struct setting *s = payload;
    s->damages += damage->reason != NULL;
}

static dits_error *verify(struct setting *s, struct store_verify_result *out)
{
    struct store_verify_options options = {
        .read_all = true, .on_damage = on_damage, .payload = s};
    s->damages = 0;
    return store_verify(s->f.store, &options, out);
}

TEST(a_whole_store_is_found_whole)
{
    CLEANUP(setting_release) struct setting s = {0};
    struct store_verify_result result = {0};
    struct store_repair_result repaired = {0};
    CHECK_OK(setting_make(&s));
    CHECK_OK(verify(&s, &result));
    CHECK(result.packs == 1 && result.chunks == CHUNKS);
    CHECK(result.bytes == s.pack.size && result.damages == 0);
    CHECK_OK(store_repair(s.f.store, &repaired));
    CHECK(repaired.packs == 0 && repaired.lost_chunks == 0);
}

/* With the pack damaged on disk: found, never believed, and repaired. */
static dits_error *check_damage(struct setting *s, size_t at_least)
{
    struct store_verify_result result = {0};
    struct store_repair_result repaired = {0};
    size_t whole = 0;
    TRY(store_fixture_reopen(&s->f));
    TRY(verify(s, &result));
    if (result.damages == 0 || s->damages != result.damages)
        return error_new(DITS_E_INTERNAL, "nothing was found");
    TRY(count_whole(s, &whole));
    if (whole < at_least)
        return error_new(DITS_E_INTERNAL, "only %zu chunks are left", whole);
    TRY(store_repair(s->f.store, &repaired));
    TRY(verify(s, &result));
    if (result.damages != 0)
        return error_new(DITS_E_INTERNAL, "still damaged");
    TRY(count_whole(s, &whole));
    if (whole < at_least || whole + repaired.lost_chunks < at_least)
        return error_new(DITS_E_INTERNAL, "repair lost chunks");
    TRY(store_fixture_reopen(&s->f));
    TRY(count_whole(s, &whole));
    if (whole < at_least)
        return error_new(DITS_E_INTERNAL, "repair does not last");
    return NULL;
}

TEST(every_damaged_byte_of_a_pack_is_found_and_repaired)
{
    CLEANUP(setting_release) struct setting s = {0};
    CHECK_OK(setting_make(&s));
    for (size_t i = 0; i < s.pack.size; i++) {
        s.pack.data[i] ^= 0x40;
        CHECK_OK(write_pack(&s, s.pack.size));
        CHECK_OK(check_damage(&s, CHUNKS - 1));
        s.pack.data[i] ^= 0x40;
        CHECK_OK(store_fixture_empty(&s.f, "packs"));
        CHECK_OK(store_fixture_empty(&s.f, "quarantine"));
    }
}

TEST(a_pack_that_was_cut_off_gives_what_is_left)
{
    CLEANUP(setting_release) struct setting s = {0};
    size_t span = 56 + CHUNK_BYTES;
    CHECK_OK(setting_make(&s));
    for (size_t size = 0; size < s.pack.size; size += 7) {
        size_t left = size < 24 ? 0 : (size - 24) / span;
        CHECK_OK(write_pack(&s, size));
        CHECK_OK(check_damage(&s, left < CHUNKS ? left : CHUNKS));
        CHECK_OK(store_fixture_empty(&s.f, "packs"));
        CHECK_OK(store_fixture_empty(&s.f, "quarantine"));
    }
}

TEST(a_damaged_chunk_is_read_from_another_copy)
{
    CLEANUP(setting_release) struct setting s = {0};
    CLEANUP(buf_release) struct buf out = {0};
    struct store_repair_result repaired = {0};
    struct dits_oid again = {0};
    CHECK_OK(setting_make(&s));
    /* A second pack with the first chunk, made while the first was away. */
    CHECK_OK(store_fixture_empty(&s.f, "packs"));
    CHECK_OK(store_fixture_reopen(&s.f));
    struct store_writer *writer = NULL;
    CHECK_OK(store_writer_begin(s.f.store, &writer));
    CHECK_OK(
        store_writer_put(writer, CHUNK_DATA, s.data[0], CHUNK_BYTES, &again));
    CHECK_OK(store_writer_commit(writer));
    store_writer_free(writer);
    s.pack.data[24 + 56] ^= 1;
    CHECK_OK(write_pack(&s, s.pack.size));
    for (unsigned i = 0; i < 3; i++) {
        CHECK_OK(store_fixture_reopen(&s.f));
        CHECK_OK(store_read(s.f.store, CHUNK_DATA, &s.ids[0], &out));
        CHECK(memcmp(out.data, s.data[0], CHUNK_BYTES) == 0);
    }
    CHECK_OK(store_repair(s.f.store, &repaired));
    CHECK(repaired.healed_chunks == 1 && repaired.lost_chunks == 0);
    CHECK(repaired.packs == 1 && repaired.saved_chunks == CHUNKS - 1);
}

TEST(a_damaged_chunk_heals_when_it_is_stored_again)
{
    CLEANUP(setting_release) struct setting s = {0};
    CLEANUP(buf_release) struct buf out = {0};
    struct store_writer *writer = NULL;
    CHECK_OK(setting_make(&s));
    s.pack.data[24 + 56] ^= 1;
    CHECK_OK(write_pack(&s, s.pack.size));
    CHECK_OK(store_fixture_reopen(&s.f));
    CHECK_FAILS(DITS_E_CORRUPT,
                store_read(s.f.store, CHUNK_DATA, &s.ids[0], &out));
    CHECK(s.f.warnings == 1 && store_fixture_count(&s.f, "quarantine") == 1);
    CHECK_OK(store_fixture_reopen(&s.f));
    CHECK_FAILS(DITS_E_NOT_FOUND,
                store_read(s.f.store, CHUNK_DATA, &s.ids[0], &out));
    CHECK(s.f.warnings == 1);
    CHECK_OK(store_writer_begin(s.f.store, &writer));
    CHECK_OK(store_writer_put(writer, CHUNK_DATA, s.data[0], CHUNK_BYTES,
                              &s.ids[0]));
    CHECK_OK(store_writer_commit(writer));
    store_writer_free(writer);
    CHECK_OK(store_read(s.f.store, CHUNK_DATA, &s.ids[0], &out));
}

TEST(a_lost_or_damaged_index_file_is_made_anew)
{
    enum { MANY = 1500 };
    CLEANUP(setting_release) struct setting s = {0};
    CLEANUP(buf_release) struct buf index = {0};
    CLEANUP(buf_release) struct buf out = {0};
    struct store_writer *writer = NULL;
    struct dits_oid ids[MANY];
    struct chunk_place place = {0};
    bool found = false;
    CHECK_OK(store_fixture_make(&s.f));
    CHECK_OK(store_writer_begin(s.f.store, &writer));
    for (uint32_t i = 0; i < MANY; i++)
        CHECK_OK(store_writer_put(writer, CHUNK_DATA, &i, 4, &ids[i]));
    CHECK_OK(store_writer_commit(writer));
    store_writer_free(writer);
    CHECK(store_fixture_count(&s.f, "packs") == 2);
    CHECK_OK(store_find(s.f.store, &ids[0], &found, &place));
    CHECK_OK(buf_printf(&s.path, "%s/packs/%s.idx", s.f.folder, place.pack));
    CHECK_OK(fs_read_all(buf_text(&s.path), 1 << 20, &index));

    CHECK_OK(fs_remove(buf_text(&s.path)));
    for (size_t at = 0; at < index.size; at += 509) {
        CHECK_OK(store_fixture_reopen(&s.f));
        for (uint32_t i = 0; i < MANY; i += 97)
            CHECK_OK(store_read(s.f.store, CHUNK_DATA, &ids[i], &out));
        index.data[at] ^= 0x10;
        CHECK_OK(fs_replace(buf_text(&s.path), index.data, index.size));
        index.data[at] ^= 0x10;
    }
}

/* Everything that the store does, on a store that is there already. */
static dits_error *use_store(struct setting *s)
{
    CLEANUP(buf_release) struct buf out = {0};
    CLEANUP(store_writer_freep) struct store_writer *writer = NULL;
    struct store_verify_result result = {0};
    struct dits_oid id = {0};
    TRY(store_fixture_reopen(&s->f));
    TRY(store_writer_begin(s->f.store, &writer));
    TRY(store_writer_put(writer, CHUNK_DATA, "abcdefgh", 8, &id));
    TRY(store_writer_read(writer, CHUNK_DATA, &id, &out));
    TRY(store_writer_commit(writer));
    TRY(store_read(s->f.store, CHUNK_DATA, &id, &out));
    TRY(store_read(s->f.store, CHUNK_TREE, &s->ids[1], &out));
    return verify(s, &result);
}

TEST(failed_allocations_leave_nothing_behind)
{
    CLEANUP(setting_release) struct setting s = {0};
    CHECK_OK(setting_make(&s));
    CHECK_OK(use_store(&s));
    store_close(s.f.store);
    s.f.store = NULL;
    size_t live = mem_fault_live();
    bool reached = true;
    for (unsigned nth = 1; reached; nth++) {
        CHECK_OK(store_fixture_empty(&s.f, "packs"));
        CHECK_OK(write_pack(&s, s.pack.size));
        mem_fault_arm(nth);
        dits_error *err = use_store(&s);
        reached = mem_fault_disarm();
        CHECK(err == NULL || dits_error_has(err, DITS_E_NOMEM));
        dits_error_free(err);
        store_close(s.f.store);
        s.f.store = NULL;
        CHECK(mem_fault_live() == live);
        CHECK(store_fixture_count(&s.f, "tmp") == 0);
    }
}
