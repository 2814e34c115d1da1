#include "store/pack_set.h"

#include "store/maintain.h"
#include "store/store_internal.h"
#include "support/store_fixture.h"
#include "support/test.h"

enum { PACKS = 9 }; /* so many of one size are merged */

/* A pack of its own for each of these numbers. */
static dits_error *put_numbers(struct store *store, unsigned from,
                               unsigned count, struct dits_oid *out_ids)
{
    CLEANUP(store_writer_freep) struct store_writer *writer = NULL;
    TRY(store_writer_begin(store, &writer));
    for (unsigned i = from; i < from + count; i++) {
        TRY(store_writer_put(writer, CHUNK_COMMIT, &i, sizeof(i), &out_ids[i]));
        TRY(store_writer_commit(writer));
    }
    return NULL;
}

static size_t count_loaded(const struct store *store)
{
    const struct pack_list *list = pack_set_list(&store->set);
    size_t count = 0;
    for (size_t i = 0; i < list->count; i++)
        count += atomic_load(&list->packs[i]->loaded);
    return count;
}

/* Times of files may be equal when they are made this fast. */
static dits_error *set_age(const struct store_fixture *f,
                           const struct dits_oid *id, int64_t mtime_ns)
{
    CLEANUP(buf_release) struct buf path = {0};
    struct chunk_place place = {0};
    bool found = false;
    TRY(store_find(f->store, id, &found, &place));
    TRY(buf_printf(&path, "%s/packs/%s.pack", f->folder, place.pack));
    return fs_set_mtime(buf_text(&path), mtime_ns);
}

TEST(only_packs_that_were_looked_into_are_loaded)
{
    CLEANUP(store_fixture_release) struct store_fixture f = {0};
    struct dits_oid ids[4] = {0};
    bool found = false;
    CHECK_OK(store_fixture_make(&f));
    CHECK_OK(put_numbers(f.store, 0, 4, ids));
    for (unsigned i = 0; i < 4; i++)
        CHECK_OK(set_age(&f, &ids[i], (int64_t)(1000 + i) * 1000000000));
    CHECK_OK(store_fixture_reopen(&f));
    CHECK(count_loaded(f.store) == 0);
    CHECK_OK(store_find(f.store, &ids[3], &found, NULL));
    CHECK(found && count_loaded(f.store) == 1); /* the newest comes first */
    CHECK_OK(store_find(f.store, &ids[2], &found, NULL));
    CHECK(found && count_loaded(f.store) == 2);
    CHECK_OK(store_find(f.store, &ids[0], &found, NULL));
    CHECK(found && count_loaded(f.store) == 4);
}

/* Two handles: the packs that the first has listed are merged by the other. */
struct merged {
    struct store_fixture f;
    struct store *other;
    struct dits_oid ids[PACKS];
};

static void merged_release(struct merged *merged)
{
    store_close(merged->other);
    store_fixture_release(&merged->f);
}

static dits_error *make_merged(struct merged *out)
{
    TRY(store_fixture_make(&out->f));
    TRY(put_numbers(out->f.store, 0, PACKS - 1, out->ids));
    TRY(store_fixture_reopen(&out->f));
    TRY(store_open(out->f.context, out->f.folder, &out->other));
    TRY(put_numbers(out->other, PACKS - 1, 1, out->ids));
    return store_maintain(out->other);
}

TEST(chunks_of_packs_that_were_merged_before_they_were_loaded_are_found)
{
    CLEANUP(merged_release) struct merged m = {0};
    bool found = false;
    CHECK_OK(make_merged(&m));
    CHECK(store_fixture_count(&m.f, "packs") == 1);
    CHECK(count_loaded(m.f.store) == 0);
    for (unsigned i = 0; i < PACKS; i++) {
        CHECK_OK(store_find(m.f.store, &m.ids[i], &found, NULL));
        CHECK(found);
    }
}

TEST(their_bytes_are_read)
{
    CLEANUP(merged_release) struct merged m = {0};
    unsigned number = 0;
    CHECK_OK(make_merged(&m));
    CHECK_OK(store_read_into(m.f.store, CHUNK_COMMIT, &m.ids[3], &number,
                             sizeof(number)));
    CHECK(number == 3);
}

TEST(their_ids_are_found_by_how_they_start)
{
    CLEANUP(merged_release) struct merged m = {0};
    struct dits_oid found[2] = {0};
    size_t count = 0;
    CHECK_OK(make_merged(&m));
    CHECK_OK(store_find_prefix(m.f.store, &m.ids[3], 40, found, 2, &count));
    CHECK(count == 1 && dits_oid_equal(&found[0], &m.ids[3]));
}

TEST(going_over_all_packs_copes_with_one_that_is_gone)
{
    CLEANUP(merged_release) struct merged m = {0};
    const struct pack_list *list = NULL;
    CHECK_OK(make_merged(&m));
    CHECK(pack_set_list(&m.f.store->set)->count == PACKS - 1);
    CHECK_OK(pack_set_load(&m.f.store->set, &list));
    CHECK(list->count == 1 && pack_count(list->packs[0]) == PACKS);
}

TEST(a_writer_relies_on_no_pack_that_was_merged_before_it_began)
{
    CLEANUP(merged_release) struct merged m = {0};
    CLEANUP(store_writer_freep) struct store_writer *writer = NULL;
    bool found = false;
    CHECK_OK(make_merged(&m));
    CHECK_OK(store_writer_begin(m.f.store, &writer));
    CHECK_OK(store_writer_find(writer, &m.ids[3], &found));
    CHECK(found);
}
