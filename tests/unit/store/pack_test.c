#include "store/pack.h"

#include <string.h>

#include "base/text.h"
#include "support/store_fixture.h"
#include "support/test.h"

TEST(a_pack_beyond_the_number_kept_open_is_opened_for_each_read)
{
    CLEANUP(store_fixture_release) struct store_fixture f = {0};
    CLEANUP(store_writer_freep) struct store_writer *writer = NULL;
    CLEANUP(text_free) char *folder = NULL;
    CLEANUP(pack_closep) struct pack *pack = NULL;
    struct chunk_place place = {0};
    struct frame frame = {0};
    struct dits_oid id = {0};
    atomic_uint kept = 100000;
    char out[4] = "";
    bool found = false;
    CHECK_OK(store_fixture_make(&f));
    CHECK_OK(store_writer_begin(f.store, &writer));
    CHECK_OK(store_writer_put(writer, CHUNK_DATA, "take", 4, &id));
    CHECK_OK(store_writer_commit(writer));
    CHECK_OK(store_find(f.store, &id, &found, &place));
    CHECK(found && place.size == 4);

    CHECK_OK(fs_join(f.folder, "packs", &folder));
    CHECK_OK(pack_open(f.context, folder, place.pack, &kept, &pack));
    CHECK_OK(pack_find(pack, &id, &found, &frame));
    CHECK(pack_count(pack) == 1);
    CHECK_OK(pack_read(pack, &frame, out));
    CHECK(found && memcmp(out, "take", 4) == 0);
    CHECK(atomic_load(&pack->handle) == 0 && atomic_load(&kept) == 100000);
}

TEST(an_index_of_another_pack_is_not_believed)
{
    CLEANUP(store_fixture_release) struct store_fixture f = {0};
    CLEANUP(buf_release) struct buf path = {0};
    CLEANUP(buf_release) struct buf index = {0};
    CLEANUP(buf_release) struct buf out = {0};
    struct frame other = {.offset = 24, .plain_size = 9, .stored_size = 9};
    struct store_writer *writer = NULL;
    struct chunk_place place = {0};
    struct dits_oid id = {0};
    struct dits_oid name = {0};
    bool found = false;
    CHECK_OK(store_fixture_make(&f));
    CHECK_OK(store_writer_begin(f.store, &writer));
    CHECK_OK(store_writer_put(writer, CHUNK_DATA, "take", 4, &id));
    CHECK_OK(store_writer_commit(writer));
    store_writer_free(writer);
    CHECK_OK(store_find(f.store, &id, &found, &place));
    CHECK_OK(pack_index_build(&other, 1, 100, &name, &index));
    CHECK_OK(buf_printf(&path, "%s/packs/%s.idx", f.folder, place.pack));
    CHECK_OK(fs_replace(buf_text(&path), index.data, index.size));
    CHECK_OK(store_fixture_reopen(&f));
    CHECK_OK(store_read(f.store, CHUNK_DATA, &id, &out));
    CHECK(f.warnings == 0);
}
