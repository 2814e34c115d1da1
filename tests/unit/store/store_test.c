#include "store/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "support/mem_fault.h"
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
