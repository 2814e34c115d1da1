#include "store/store.h"

#include <string.h>

#include "base/mem.h"
#include "base/pool.h"
#include "support/store_fixture.h"
#include "support/test.h"

TEST(what_was_committed_is_read_back)
{
    CLEANUP(store_fixture_release) struct store_fixture f = {0};
    CLEANUP(store_writer_freep) struct store_writer *writer = NULL;
    CLEANUP(buf_release) struct buf out = {0};
    struct dits_oid small = {0};
    struct dits_oid text = {0};
    struct dits_oid tree = {0};
    char lines[20000];
    char back[20000];
    for (size_t i = 0; i < sizeof(lines); i++)
        lines[i] = "timeline\n"[i % 9];

    CHECK_OK(store_fixture_make(&f));
    CHECK_OK(store_writer_begin(f.store, &writer));
    CHECK_OK(store_writer_put(writer, CHUNK_DATA, "x", 1, &small));
    CHECK_OK(store_writer_put(writer, CHUNK_DATA, lines, sizeof(lines), &text));
    CHECK_OK(store_writer_put(writer, CHUNK_TREE, "x", 1, &tree));
    CHECK(!dits_oid_equal(&small, &tree));
    CHECK_OK(store_writer_read(writer, CHUNK_DATA, &text, &out));
    CHECK(out.size == sizeof(lines));
    CHECK(memcmp(out.data, lines, sizeof(lines)) == 0);
    CHECK_OK(store_writer_commit(writer));
    CHECK(store_writer_totals(writer).stored_bytes < 1000);

    CHECK_OK(store_fixture_reopen(&f));
    CHECK_OK(store_read(f.store, CHUNK_DATA, &small, &out));
    CHECK(out.size == 1 && out.data[0] == 'x');
    CHECK_OK(store_read_into(f.store, CHUNK_DATA, &text, back, sizeof(back)));
    CHECK(memcmp(back, lines, sizeof(lines)) == 0);
    CHECK_OK(store_read(f.store, CHUNK_TREE, &tree, &out));
    CHECK_FAILS(DITS_E_CORRUPT, store_read(f.store, CHUNK_DATA, &tree, &out));
    CHECK_FAILS(DITS_E_CORRUPT,
                store_read_into(f.store, CHUNK_DATA, &text, back, 7));
}

TEST(what_was_not_committed_is_not_there)
{
    CLEANUP(store_fixture_release) struct store_fixture f = {0};
    CLEANUP(buf_release) struct buf out = {0};
    struct store_writer *writer = NULL;
    struct dits_oid id = {0};
    bool found = true;
    CHECK_OK(store_fixture_make(&f));
    CHECK_OK(store_writer_begin(f.store, &writer));
    CHECK_OK(store_writer_put(writer, CHUNK_DATA, "lost", 4, &id));
    store_writer_free(writer);
    CHECK_OK(store_find(f.store, &id, &found, NULL));
    CHECK(!found);
    CHECK_FAILS(DITS_E_NOT_FOUND, store_read(f.store, CHUNK_DATA, &id, &out));
    CHECK(store_fixture_count(&f, "packs") == 0);
    CHECK(store_fixture_count(&f, "tmp") == 0);
}

TEST(what_is_there_is_stored_once)
{
    CLEANUP(store_fixture_release) struct store_fixture f = {0};
    CLEANUP(store_writer_freep) struct store_writer *one = NULL;
    CLEANUP(store_writer_freep) struct store_writer *two = NULL;
    struct dits_oid id = {0};
    CHECK_OK(store_fixture_make(&f));
    CHECK_OK(store_writer_begin(f.store, &one));
    CHECK_OK(store_writer_begin(f.store, &two));
    CHECK_OK(store_writer_put(one, CHUNK_DATA, "same", 4, &id));
    CHECK_OK(store_writer_put(one, CHUNK_DATA, "same", 4, &id));
    CHECK_OK(store_writer_commit(one));
    CHECK(store_writer_totals(one).chunks == 1);
    CHECK(store_writer_totals(one).known_chunks == 1);
    CHECK_OK(store_writer_put(two, CHUNK_DATA, "same", 4, &id));
    CHECK(store_writer_totals(two).chunks == 0);
    CHECK_OK(store_writer_commit(two));
    CHECK(store_fixture_count(&f, "packs") == 1);
}

enum { DISTINCT = 300, PUT_BYTES = 110000, PUTTERS = 4 };

struct crowd {
    struct store_writer *writer;
    uint8_t *data; /* DISTINCT chunks */
};

/* Every putter puts every chunk, each in an order of its own. */
static dits_error *put_all(unsigned worker, void *payload)
{
    static const size_t steps[PUTTERS] = {1, 7, 11, 13};
    const struct crowd *crowd = payload;
    for (size_t i = 0; i < DISTINCT; i++) {
        size_t k = i * steps[worker % PUTTERS] % DISTINCT;
        struct dits_oid id = {0};
        TRY(store_writer_put(crowd->writer, CHUNK_DATA,
                             crowd->data + k * PUT_BYTES, PUT_BYTES, &id));
    }
    return NULL;
}

TEST(threads_that_put_the_same_chunks_store_each_once)
{
    CLEANUP(store_fixture_release) struct store_fixture f = {.on_disk = true};
    CLEANUP(store_writer_freep) struct store_writer *writer = NULL;
    CLEANUP(buf_release) struct buf out = {0};
    size_t size = (size_t)DISTINCT * PUT_BYTES;
    struct crowd crowd = {.data = mem_new_array(uint8_t, size)};
    CHECK_OK(store_fixture_make(&f));
    fill_random(crowd.data, size, 8);
    CHECK_OK(store_writer_begin(f.store, &writer));
    crowd.writer = writer;
    CHECK_OK(pool_run(PUTTERS, put_all, &crowd));
    struct store_writer_totals totals = store_writer_totals(writer);
    CHECK(totals.chunks == DISTINCT && totals.bytes == size);
    CHECK(totals.known_chunks == (PUTTERS - 1) * DISTINCT);
    CHECK_OK(store_writer_commit(writer));
    for (size_t i = 0; i < DISTINCT; i++) {
        struct dits_oid id = {0};
        chunk_id(CHUNK_DATA, crowd.data + i * PUT_BYTES, PUT_BYTES, &id);
        CHECK_OK(store_read(f.store, CHUNK_DATA, &id, &out));
        CHECK(memcmp(out.data, crowd.data + i * PUT_BYTES, PUT_BYTES) == 0);
    }
    mem_free(crowd.data);
}

TEST(prefixes_find_objects_and_no_data)
{
    CLEANUP(store_fixture_release) struct store_fixture f = {0};
    CLEANUP(store_writer_freep) struct store_writer *writer = NULL;
    struct dits_oid commit = {0};
    struct dits_oid data = {0};
    struct dits_oid found[4] = {0};
    size_t count = 0;
    CHECK_OK(store_fixture_make(&f));
    CHECK_OK(store_writer_begin(f.store, &writer));
    CHECK_OK(store_writer_put(writer, CHUNK_COMMIT, "c", 1, &commit));
    CHECK_OK(store_writer_put(writer, CHUNK_DATA, "d", 1, &data));
    CHECK_OK(store_writer_commit(writer));
    for (size_t digits = 1; digits <= 64; digits++) {
        CHECK_OK(store_find_prefix(f.store, &commit, digits, found, 4, &count));
        CHECK(count == 1 && dits_oid_equal(&found[0], &commit));
    }
    CHECK_OK(store_find_prefix(f.store, &data, 64, found, 4, &count));
    CHECK(count == 0);
    CHECK_OK(store_find_prefix(f.store, &commit, 0, found, 4, &count));
    CHECK(count == 1);
}

static dits_error *count_chunk(const struct dits_oid *id,
                               const struct chunk_place *place, void *payload)
{
    size_t *count = payload;
    struct dits_oid zero = {0};
    if (dits_oid_equal(id, &zero) || place->size == 0)
        return error_new(DITS_E_INTERNAL, "a chunk of nothing");
    (*count)++;
    return NULL;
}

TEST(a_walk_meets_every_chunk)
{
    CLEANUP(store_fixture_release) struct store_fixture f = {0};
    CLEANUP(store_writer_freep) struct store_writer *writer = NULL;
    struct dits_oid id = {0};
    size_t count = 0;
    CHECK_OK(store_fixture_make(&f));
    CHECK_OK(store_writer_begin(f.store, &writer));
    for (unsigned i = 0; i < 500; i++) {
        CHECK_OK(store_writer_put(writer, CHUNK_DATA, &i, sizeof(i), &id));
        if (i % 100 == 99)
            CHECK_OK(store_writer_commit(writer));
    }
    CHECK_OK(store_each(f.store, count_chunk, &count));
    CHECK(count == 500);
}

TEST(chunks_of_impossible_sizes_are_refused)
{
    CLEANUP(store_fixture_release) struct store_fixture f = {0};
    CLEANUP(store_writer_freep) struct store_writer *writer = NULL;
    CLEANUP(buf_release) struct buf large = {0};
    struct dits_oid id = {0};
    void *at = NULL;
    CHECK_OK(store_fixture_make(&f));
    CHECK_OK(store_writer_begin(f.store, &writer));
    CHECK_OK(buf_extend(&large, CHUNK_MAX_BYTES + 1, &at));
    CHECK_FAILS(DITS_E_INVALID,
                store_writer_put(writer, CHUNK_DATA, "", 0, &id));
    CHECK_FAILS(DITS_E_INVALID, store_writer_put(writer, CHUNK_DATA, at,
                                                 CHUNK_MAX_BYTES + 1, &id));
    CHECK_OK(store_writer_put(writer, CHUNK_DATA, at, CHUNK_MAX_BYTES, &id));
    CHECK_OK(store_writer_commit(writer));
    CHECK_OK(store_read(f.store, CHUNK_DATA, &id, &large));
}
