#include "repo/tiers.h"

#include "repo/pack_copies.h"
#include "support/test.h"
#include "support/tier_repo.h"

TEST(a_pack_of_a_tier_without_settings_is_offline)
{
    CLEANUP(tier_repo_release) struct tier_repo t = {0};
    CHECK_OK(tier_repo_make(&t));
    CHECK_OK(tier_repo_move(&t, "cold"));
    CHECK_OK(tier_repo_set(&t, "tier.cold.path", NULL));
    CHECK_OK(temp_repo_reopen(&t.temp));
    CHECK_FAILS(DITS_E_OFFLINE, tier_repo_read(&t));
}

TEST(who_was_there_before_the_tier_finds_what_moved)
{
    CLEANUP(temp_repo_release) struct temp_repo other = {0};
    CLEANUP(tier_repo_release) struct tier_repo t = {0};
    CLEANUP(buf_release) struct buf bytes = {0};
    CHECK_OK(tier_repo_make(&t));
    CHECK_OK(dits_tier_remove(t.temp.repo, "cold"));
    CHECK_OK(temp_repo_context(&t.temp, &other.context));
    CHECK_OK(dits_repo_open(other.context, t.temp.folder, &other.repo));
    CHECK_OK(dits_tier_add(t.temp.repo, "cold", t.path));
    CHECK_OK(tier_repo_set(&t, "tier.lease", "0"));
    CHECK_OK(tier_repo_move(&t, "cold"));
    CHECK(!tier_repo_has_near(&t));
    CHECK_OK(store_read(other.repo->store, CHUNK_DATA, &t.data, &bytes));
}

static dits_error *count(const struct copy_row *row, void *payload)
{
    *(unsigned *)payload += row->state == COPY_HERE ? 1 : 100;
    return NULL;
}

TEST(rows_that_were_lost_come_from_the_folders)
{
    CLEANUP(tier_repo_release) struct tier_repo t = {0};
    uint64_t found = 0;
    unsigned rows = 0;
    CHECK_OK(tier_repo_make(&t));
    CHECK_OK(tier_repo_set(&t, "tier.lease", "0"));
    CHECK_OK(tier_repo_move(&t, "cold"));
    CHECK_OK(
        db_run(t.temp.repo->db, "DELETE FROM pack_copies", DB_NO_ARGS, NULL));
    CHECK_OK(tiers_adopt(t.temp.repo, &found));
    CHECK(found == 1);
    CHECK_OK(temp_repo_reopen(&t.temp));
    CHECK_OK(tier_repo_read(&t));
    CHECK_OK(pack_copies_each(t.temp.repo->db, count, &rows));
    CHECK(rows == 1);
}
