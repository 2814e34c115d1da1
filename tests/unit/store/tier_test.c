#include "store/tier.h"

#include <string.h>

#include "base/text.h"
#include "support/doc_dump.h"
#include "support/store_fixture.h"
#include "support/test.h"

#define ID "000102030405060708090a0b0c0d0e0f"
#define PACK "8b4d59a128adbff7701892704cdfa0ae6599f5bd4a530bf21bdb292e00112233"

struct setting {
    struct store_fixture f;
    struct tier tier;
};

static void setting_release(struct setting *s)
{
    tier_release(&s->tier);
    store_fixture_release(&s->f);
}

static dits_error *make(struct setting *s)
{
    TRY(store_fixture_make(&s->f));
    TRY(text_copy("cold", &s->tier.name));
    TRY(text_copy(ID, &s->tier.id));
    TRY(fs_join(s->f.folder, "cold", &s->tier.path));
    return tier_make(&s->tier);
}

static dits_error *write_file(const struct setting *s, const char *name)
{
    CLEANUP(text_free) char *path = NULL;
    TRY(fs_join(s->tier.path, name, &path));
    return fs_replace(path, "bytes", 5);
}

TEST(a_new_tier_is_there)
{
    CLEANUP(setting_release) struct setting s = {0};
    CHECK_OK(make(&s));
    CHECK_OK(tier_check(&s.tier));
}

TEST(the_marker_is_the_documented_one)
{
    CLEANUP(setting_release) struct setting s = {0};
    CLEANUP(buf_release) struct buf shown = {0};
    CLEANUP(buf_release) struct buf seen = {0};
    CLEANUP(text_free) char *path = NULL;
    CHECK_OK(make(&s));
    CHECK_OK(doc_dump_read("tier", 1, &shown));
    CHECK_OK(fs_join(s.tier.path, "dits-tier", &path));
    CHECK_OK(fs_read_all(path, 1000, &seen));
    CHECK(slice_equal(buf_slice(&shown), buf_slice(&seen)));
}

TEST(a_folder_with_something_in_it_becomes_no_tier)
{
    CLEANUP(setting_release) struct setting s = {0};
    CHECK_OK(make(&s));
    CHECK_FAILS(DITS_E_EXISTS, tier_make(&s.tier));
}

TEST(without_its_marker_a_tier_is_offline)
{
    CLEANUP(setting_release) struct setting s = {0};
    CLEANUP(text_free) char *marker = NULL;
    CHECK_OK(make(&s));
    CHECK_OK(fs_join(s.tier.path, "dits-tier", &marker));
    CHECK_OK(fs_remove(marker));
    CHECK_FAILS(DITS_E_OFFLINE, tier_check(&s.tier));
    CHECK_FAILS(DITS_E_OFFLINE, tier_remove_pack(&s.tier, PACK));
    CHECK_OK(fs_replace(marker, "dits tier 1\nid " ID "\nmore\n", 49));
    CHECK_FAILS(DITS_E_OFFLINE, tier_check(&s.tier));
}

TEST(another_disk_is_not_taken_for_the_tier)
{
    CLEANUP(setting_release) struct setting s = {0};
    CHECK_OK(make(&s));
    s.tier.id[0] = 'f';
    CHECK_FAILS(DITS_E_OFFLINE, tier_check(&s.tier));
}

TEST(a_tier_that_nobody_knows_the_place_of_is_offline)
{
    const struct tier tier = {.name = (char[]){"cold"}};
    CHECK_FAILS(DITS_E_OFFLINE, tier_check(&tier));
}

static dits_error *count(const char *pack, const struct fs_stat *stat,
                         void *payload)
{
    *(unsigned *)payload += strcmp(pack, PACK) == 0 && stat->size == 5;
    return NULL;
}

TEST(packs_are_listed_removed_and_kept_aside)
{
    CLEANUP(setting_release) struct setting s = {0};
    unsigned seen = 0;
    CHECK_OK(make(&s));
    CHECK_OK(write_file(&s, "notes.txt"));
    CHECK_OK(write_file(&s, PACK ".pack"));
    CHECK_OK(write_file(&s, "tmp/" PACK ".pack"));
    CHECK_OK(tier_each_pack(&s.tier, count, &seen));
    CHECK(seen == 1);
    CHECK_OK(tier_remove_pack(&s.tier, PACK));
    CHECK_OK(tier_remove_pack(&s.tier, PACK));
    CHECK_OK(tier_each_pack(&s.tier, count, &seen));
    CHECK(seen == 1);
    CHECK_OK(write_file(&s, PACK ".pack"));
    CHECK_OK(tier_set_aside(&s.tier, PACK));
    CHECK_OK(tier_set_aside(&s.tier, PACK));
    CHECK_OK(tier_each_pack(&s.tier, count, &seen));
    CHECK(seen == 1);
}

TEST(a_tier_that_was_given_up_is_offline_and_may_be_made_again)
{
    CLEANUP(setting_release) struct setting s = {0};
    CHECK_OK(make(&s));
    CHECK_OK(tier_unmake(&s.tier));
    CHECK_FAILS(DITS_E_OFFLINE, tier_check(&s.tier));
    CHECK_OK(tier_make(&s.tier));
    CHECK_OK(tier_check(&s.tier));
}
