#include "store/tier_transfer.h"

#include <stdio.h>
#include <string.h>

#include "base/fs.h"
#include "base/text.h"
#include "support/store_fixture.h"
#include "support/test.h"

#define ID "000102030405060708090a0b0c0d0e0f"

enum { CHUNKS = 5, CHUNK_BYTES = 9000 };

struct setting {
    struct store_fixture f;
    struct tier tier;
    char pack[OID_HEX_SIZE];
    struct dits_oid ids[CHUNKS];
    struct dits_oid tree;
};

static void setting_release(struct setting *s)
{
    tier_release(&s->tier);
    store_fixture_release(&s->f);
}

static dits_error *fill(struct setting *s)
{
    CLEANUP(store_writer_freep) struct store_writer *writer = NULL;
    struct chunk_place place = {0};
    uint8_t data[CHUNK_BYTES];
    bool found = false;
    TRY(store_writer_begin(s->f.store, &writer));
    for (size_t i = 0; i < CHUNKS; i++) {
        fill_random(data, sizeof(data), i);
        TRY(store_writer_put(writer, CHUNK_DATA, data, sizeof(data),
                             &s->ids[i]));
    }
    TRY(store_writer_put(writer, CHUNK_TREE, "tree", 4, &s->tree));
    TRY(store_writer_commit(writer));
    TRY(store_find(s->f.store, &s->tree, &found, &place));
    memcpy(s->pack, place.pack, sizeof(s->pack));
    return NULL;
}

static dits_error *make(struct setting *s)
{
    TRY(store_fixture_make(&s->f));
    TRY(text_copy("cold", &s->tier.name));
    TRY(text_copy(ID, &s->tier.id));
    TRY(fs_join(s->f.folder, "cold", &s->tier.path));
    TRY(tier_make(&s->tier));
    return fill(s);
}

static dits_error *transfer(struct setting *s)
{
    const struct store_transfer wanted = {.pack = s->pack, .to = &s->tier};
    return store_transfer(s->f.store, &wanted);
}

static void path_of(const struct setting *s, const char *folder, char out[256])
{
    (void)snprintf(out, 256, "%s/%s/%s.pack", s->f.folder, folder, s->pack);
}

TEST(the_copy_is_the_same_and_objects_stay_near)
{
    CLEANUP(setting_release) struct setting s = {0};
    CLEANUP(buf_release) struct buf near = {0};
    CLEANUP(buf_release) struct buf far = {0};
    char path[256] = {0};
    struct chunk_place place = {0};
    bool found = false;
    CHECK_OK(make(&s));
    CHECK(store_fixture_count(&s.f, "packs") == 1);
    CHECK_OK(transfer(&s));
    path_of(&s, "packs", path);
    CHECK_OK(fs_read_all(path, 1 << 20, &near));
    path_of(&s, "cold", path);
    CHECK_OK(fs_read_all(path, 1 << 20, &far));
    CHECK(slice_equal(buf_slice(&near), buf_slice(&far)));
    CHECK(store_fixture_count(&s.f, "packs") == 3); /* index, objects */
    path_of(&s, "packs", path);
    CHECK_OK(fs_remove(path));
    CHECK_OK(store_fixture_reopen(&s.f));
    CHECK_OK(store_find(s.f.store, &s.tree, &found, &place));
    CHECK(found && strcmp(place.pack, s.pack) != 0);
}

TEST(a_damaged_pack_is_not_copied)
{
    CLEANUP(setting_release) struct setting s = {0};
    CLEANUP(fs_close) struct fs_file file = {0};
    char path[256] = {0};
    CHECK_OK(make(&s));
    path_of(&s, "packs", path);
    CHECK_OK(fs_open(path, FS_WRITE, &file));
    CHECK_OK(fs_write_at(&file, 5000, "damage", 6));
    CHECK_FAILS(DITS_E_CORRUPT, transfer(&s));
    path_of(&s, "cold", path);
    CHECK(!fs_exists(path));
    CHECK(store_fixture_count(&s.f, "cold/tmp") == 0);
}

TEST(nothing_goes_to_a_disk_that_is_away)
{
    CLEANUP(setting_release) struct setting s = {0};
    char path[256] = {0};
    CHECK_OK(make(&s));
    s.tier.id[3] = 'f';
    CHECK_FAILS(DITS_E_OFFLINE, transfer(&s));
    path_of(&s, "cold", path);
    CHECK(!fs_exists(path));
}

TEST(there_must_be_room)
{
    CLEANUP(setting_release) struct setting s = {0};
    CHECK_OK(make(&s));
    CHECK_OK(store_check_room(s.f.store, &s.tier, 1));
    CHECK_FAILS(DITS_E_LIMIT, store_check_room(s.f.store, &s.tier, UINT64_MAX));
    CHECK_FAILS(DITS_E_LIMIT, store_check_room(s.f.store, NULL, UINT64_MAX));
}

static dits_error *find_used(const struct store_pack_info *info, void *payload)
{
    *(unsigned *)payload += info->used;
    return NULL;
}

TEST(reads_of_data_are_remembered)
{
    CLEANUP(setting_release) struct setting s = {0};
    CLEANUP(buf_release) struct buf bytes = {0};
    unsigned used = 0;
    bool has_data = false;
    CHECK_OK(make(&s));
    CHECK_OK(store_fixture_reopen(&s.f));
    CHECK_OK(store_read(s.f.store, CHUNK_TREE, &s.tree, &bytes));
    CHECK_OK(store_each_pack(s.f.store, find_used, &used));
    CHECK(used == 0);
    CHECK_OK(store_read(s.f.store, CHUNK_DATA, &s.ids[0], &bytes));
    CHECK_OK(store_each_pack(s.f.store, find_used, &used));
    CHECK(used == 1);
    CHECK_OK(store_pack_has_data(s.f.store, s.pack, &has_data));
    CHECK(has_data);
}

/* All of it is in the tier. */
static dits_error *load(struct locations *out, void *payload)
{
    const struct setting *s = payload;
    CLEANUP(tier_release) struct tier tier = {0};
    struct pack_copy copy = {.state = COPY_HERE};
    memcpy(copy.pack, s->pack, sizeof(copy.pack));
    TRY(tier_copy(&s->tier, &tier));
    TRY(locations_add_tier(out, &tier, &copy.tier));
    return locations_add(out, &copy);
}

/* A pack of its own, older than all others. */
static dits_error *put_old(struct setting *s, struct dits_oid *out)
{
    CLEANUP(store_writer_freep) struct store_writer *writer = NULL;
    struct chunk_place place = {0};
    char path[256] = {0};
    bool found = false;
    TRY(store_writer_begin(s->f.store, &writer));
    TRY(store_writer_put(writer, CHUNK_COMMIT, "old", 3, out));
    TRY(store_writer_commit(writer));
    TRY(store_find(s->f.store, out, &found, &place));
    (void)snprintf(path, sizeof(path), "%s/packs/%s.pack", s->f.folder,
                   place.pack);
    return fs_set_mtime(path, 1000000000);
}

/* Moved there; then the store is opened while that disk is not mounted. */
static dits_error *open_away(struct setting *s, const char *away)
{
    const struct store_locator locator = {.load = load, .payload = s};
    char path[256] = {0};
    TRY(transfer(s));
    path_of(s, "packs", path);
    TRY(fs_remove(path));
    TRY(fs_rename(s->tier.path, away));
    TRY(store_fixture_reopen(&s->f));
    store_set_locator(s->f.store, &locator);
    return store_relocate(s->f.store);
}

TEST(who_read_what_is_near_still_hears_that_the_disk_is_away)
{
    CLEANUP(setting_release) struct setting s = {0};
    CLEANUP(buf_release) struct buf bytes = {0};
    char away[256] = {0};
    struct dits_oid old = {0};
    CHECK_OK(make(&s));
    CHECK_OK(put_old(&s, &old));
    (void)snprintf(away, sizeof(away), "%s/away", s.f.folder);
    CHECK_OK(open_away(&s, away));
    CHECK_OK(store_read(s.f.store, CHUNK_COMMIT, &old, &bytes));
    CHECK_OK(store_read(s.f.store, CHUNK_TREE, &s.tree, &bytes));
    CHECK_FAILS(DITS_E_OFFLINE,
                store_read(s.f.store, CHUNK_DATA, &s.ids[0], &bytes));
    CHECK_OK(fs_rename(away, s.tier.path));
    CHECK_OK(store_read(s.f.store, CHUNK_DATA, &s.ids[0], &bytes));
}

TEST(a_pack_that_is_gone_cannot_be_moved)
{
    CLEANUP(setting_release) struct setting s = {0};
    struct store_pack_info info = {0};
    bool found = true;
    CHECK_OK(make(&s));
    memset(s.pack, '0', 4);
    CHECK_FAILS(DITS_E_NOT_FOUND, transfer(&s));
    CHECK_OK(store_pack_get(s.f.store, s.pack, &info, &found));
    CHECK(!found);
}
