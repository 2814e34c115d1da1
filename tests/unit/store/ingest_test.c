#include "store/ingest.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/text.h"
#include "support/store_fixture.h"
#include "support/test.h"

enum { SIZE = 21 * 1000 * 1000 };

/* The chunks of a file, as they come. */
struct recipe {
    struct chunk_ref chunks[8192];
    size_t count;
    uint64_t size;
    uint64_t progress;
};

/* A store, a file to take in, and what came of it. */
struct setting {
    struct store_fixture f;
    uint8_t *data;
    struct fs_file file;
    struct store_writer *writer;
    struct recipe *recipe;
    struct ingest ingest;
    struct ingest_result result;
};

static dits_error *take(const struct chunk_ref *chunk, void *payload)
{
    struct recipe *recipe = payload;
    if (recipe->count == sizeof(recipe->chunks) / sizeof(recipe->chunks[0]))
        return error_new(DITS_E_LIMIT, "too many chunks");
    recipe->chunks[recipe->count++] = *chunk;
    recipe->size += chunk->size;
    return NULL;
}

static void count_progress(uint64_t bytes, void *payload)
{
    struct recipe *recipe = payload;
    recipe->progress += bytes;
}

static dits_error *setting_make(struct setting *s, const char *chunker)
{
    CLEANUP(text_free) char *path = NULL;
    s->f.on_disk = true;
    TRY(store_fixture_make(&s->f));
    s->data = mem_new_array(uint8_t, SIZE);
    s->recipe = mem_new(struct recipe);
    if (s->data == NULL || s->recipe == NULL)
        return error_nomem();
    fill_random(s->data, SIZE, 1);
    TRY(fs_join(s->f.folder, "input", &path));
    TRY(fs_open(path, FS_WRITE, &s->file));
    TRY(fs_write_at(&s->file, 0, s->data, SIZE));
    TRY(store_writer_begin(s->f.store, &s->writer));
    s->ingest = (struct ingest){.context = s->f.context,
                                .writer = s->writer,
                                .chunker = chunker_by_name(chunker),
                                .threads = 2,
                                .on_chunk = take,
                                .on_progress = count_progress,
                                .payload = s->recipe};
    return NULL;
}

static void setting_release(struct setting *s)
{
    store_writer_free(s->writer);
    fs_close(&s->file);
    mem_free(s->data);
    mem_free(s->recipe);
    store_fixture_release(&s->f);
}

static dits_error *run(struct setting *s, uint64_t size)
{
    *s->recipe = (struct recipe){0};
    return ingest_file(&s->ingest, &s->file, size, &s->result);
}

TEST(a_file_is_put_together_from_its_chunks)
{
    CLEANUP(setting_release) struct setting s = {0};
    CLEANUP(buf_release) struct buf back = {0};
    struct dits_oid id = {0};
    CHECK_OK(setting_make(&s, "media"));
    CHECK_OK(run(&s, SIZE));
    CHECK_OK(store_writer_commit(s.writer));
    CHECK(s.recipe->size == SIZE && s.result.size == SIZE);
    CHECK(s.recipe->progress == SIZE);
    hash_bytes(s.data, SIZE, &id);
    CHECK(dits_oid_equal(&id, &s.result.content));

    size_t at = 0;
    for (size_t i = 0; i < s.recipe->count; i++) {
        CHECK_OK(
            store_read(s.f.store, CHUNK_DATA, &s.recipe->chunks[i].id, &back));
        CHECK(back.size == s.recipe->chunks[i].size);
        CHECK(memcmp(back.data, s.data + at, back.size) == 0);
        at += back.size;
    }
}

TEST(cuts_do_not_depend_on_threads_or_pieces)
{
    static const char *names[] = {"small", "media", "large"};
    static const size_t sizes[] = {
        SIZE, SIZE - 1, 1 << 20, (4 << 20) + 17, 300000, 16385, 1, 63, 64, 65};
    CLEANUP(setting_release) struct setting s = {0};
    struct recipe *whole = mem_new(struct recipe);
    CHECK_OK(setting_make(&s, "small"));
    s.ingest.writer = NULL;
    for (size_t n = 0; n < 3; n++) {
        s.ingest.chunker = chunker_by_name(names[n]);
        for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
            struct ingest_result result = {0};
            struct ingest at_once = s.ingest;
            at_once.payload = whole;
            *whole = (struct recipe){0};
            CHECK_OK(ingest_bytes(&at_once, s.data, sizes[i], &result));
            for (unsigned threads = 1; threads <= 5; threads += 2) {
                s.ingest.threads = threads;
                CHECK_OK(run(&s, sizes[i]));
                CHECK(s.recipe->size == sizes[i]);
                CHECK(s.recipe->count == whole->count);
                CHECK(memcmp(s.recipe->chunks, whole->chunks,
                             whole->count * sizeof(struct chunk_ref)) == 0);
                CHECK(dits_oid_equal(&s.result.content, &result.content));
            }
        }
    }
    mem_free(whole);
}

TEST(an_empty_file_has_no_chunk)
{
    CLEANUP(setting_release) struct setting s = {0};
    struct dits_oid id = {0};
    CHECK_OK(setting_make(&s, "small"));
    CHECK_OK(run(&s, 0));
    hash_bytes("", 0, &id);
    CHECK(s.recipe->count == 0 && dits_oid_equal(&id, &s.result.content));
    CHECK_OK(ingest_hash(s.f.context, &s.file, 0, 2, &s.result.content));
    CHECK(dits_oid_equal(&id, &s.result.content));
}

TEST(the_hash_alone_is_the_same)
{
    static const size_t sizes[] = {SIZE, 1, 262144, 262145, 2 << 20, 5000000};
    CLEANUP(setting_release) struct setting s = {0};
    CHECK_OK(setting_make(&s, "small"));
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        struct dits_oid wanted = {0};
        struct dits_oid got = {0};
        hash_bytes(s.data, sizes[i], &wanted);
        CHECK_OK(ingest_hash(s.f.context, &s.file, sizes[i], 3, &got));
        CHECK(dits_oid_equal(&wanted, &got));
    }
}

TEST(one_byte_changed_makes_at_most_two_new_chunks)
{
    CLEANUP(setting_release) struct setting s = {0};
    CHECK_OK(setting_make(&s, "media"));
    CHECK_OK(run(&s, SIZE));
    CHECK_OK(store_writer_commit(s.writer));
    uint64_t before = store_writer_totals(s.writer).chunks;
    uint8_t changed = (uint8_t)(s.data[SIZE / 2] + 1);
    CHECK_OK(fs_write_at(&s.file, SIZE / 2, &changed, 1));
    CHECK_OK(run(&s, SIZE));
    CHECK_OK(store_writer_commit(s.writer));
    CHECK(store_writer_totals(s.writer).chunks - before <= 2);
}

TEST(a_file_that_becomes_shorter_is_a_conflict)
{
    CLEANUP(setting_release) struct setting s = {0};
    struct dits_oid id = {0};
    CHECK_OK(setting_make(&s, "media"));
    CHECK_FAILS(DITS_E_CONFLICT, run(&s, SIZE + 1));
    CHECK_FAILS(DITS_E_CONFLICT, run(&s, SIZE + ((uint64_t)64 << 20)));
    CHECK_OK(fs_truncate(&s.file, 100));
    CHECK_FAILS(DITS_E_CONFLICT, run(&s, 101));
    CHECK_FAILS(DITS_E_CONFLICT,
                ingest_hash(s.f.context, &s.file, 101, 1, &id));
    CHECK_FAILS(DITS_E_CONFLICT,
                ingest_hash(s.f.context, &s.file, SIZE, 1, &id));
}

TEST(cancelling_stops_all_workers)
{
    CLEANUP(setting_release) struct setting s = {0};
    struct dits_oid id = {0};
    CHECK_OK(setting_make(&s, "media"));
    dits_context_cancel(s.f.context);
    CHECK_FAILS(DITS_E_CANCELLED, run(&s, SIZE));
    CHECK_FAILS(DITS_E_CANCELLED,
                ingest_hash(s.f.context, &s.file, SIZE, 2, &id));
}

static dits_error *refuse(const struct chunk_ref *chunk, void *payload)
{
    (void)chunk;
    (void)payload;
    return error_new(DITS_E_LIMIT, "enough");
}

TEST(an_error_of_the_caller_ends_it)
{
    CLEANUP(setting_release) struct setting s = {0};
    CHECK_OK(setting_make(&s, "media"));
    s.ingest.on_chunk = refuse;
    CHECK_FAILS(DITS_E_LIMIT, run(&s, SIZE));
}

TEST(holes_become_chunks_of_zeros)
{
    CLEANUP(setting_release) struct setting s = {0};
    struct dits_oid plain = {0};
    uint64_t size = (uint64_t)80 << 20;
    CHECK_OK(setting_make(&s, "media"));
    /* Data, a hole, data again; first with the hole, then filled with zeros. */
    CHECK_OK(fs_truncate(&s.file, 5000000));
    CHECK_OK(fs_write_at(&s.file, size - 1000, s.data, 1000));
    CHECK_OK(run(&s, size));
    CHECK_OK(ingest_hash(s.f.context, &s.file, size, 2, &plain));
    CHECK(dits_oid_equal(&plain, &s.result.content));
    CHECK(store_writer_totals(s.writer).bytes < 12000000);
    struct recipe *holes = s.recipe;
    s.recipe = mem_new(struct recipe);
    s.ingest.payload = s.recipe;
    memset(s.data, 0, SIZE);
    for (uint64_t at = 5000000; at < size - 1000;) {
        uint64_t part = size - 1000 - at < SIZE ? size - 1000 - at : SIZE;
        CHECK_OK(fs_write_at(&s.file, at, s.data, (size_t)part));
        at += part;
    }
    CHECK_OK(run(&s, size));
    CHECK(s.recipe->count == holes->count);
    CHECK(memcmp(s.recipe->chunks, holes->chunks,
                 holes->count * sizeof(struct chunk_ref)) == 0);
    mem_free(holes);
}
