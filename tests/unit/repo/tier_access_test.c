#include "repo/tier_access.h"

#include "repo/pack_copies.h"
#include "support/test.h"
#include "support/tier_repo.h"

static int64_t noted(struct tier_repo *t)
{
    int64_t time = -1;
    dits_error_free(pack_access_get(t->temp.repo->db, t->pack, &time));
    return time;
}

TEST(a_read_is_noted_once_a_day)
{
    CLEANUP(tier_repo_release) struct tier_repo t = {0};
    CHECK_OK(tier_repo_make(&t));
    CHECK_OK(temp_repo_reopen(&t.temp));
    CHECK(noted(&t) == 0);
    CHECK_OK(tier_repo_read(&t));
    CHECK(noted(&t) == 0); /* not with every read */
    int64_t first = t.temp.now;
    CHECK_OK(temp_repo_reopen(&t.temp));
    CHECK(noted(&t) == first);
    t.temp.now += 3600;
    CHECK_OK(tier_repo_read(&t));
    CHECK_OK(tier_access_flush(t.temp.repo));
    CHECK(noted(&t) == first);
    t.temp.now += 24 * 3600;
    CHECK_OK(tier_access_flush(t.temp.repo));
    CHECK(noted(&t) == t.temp.now);
}

TEST(who_checks_everything_reads_nothing_in_particular)
{
    CLEANUP(tier_repo_release) struct tier_repo t = {0};
    CHECK_OK(tier_repo_make(&t));
    CHECK_OK(temp_repo_reopen(&t.temp));
    store_note_reads(t.temp.repo->store, false);
    CHECK_OK(tier_repo_read(&t));
    CHECK_OK(tier_access_flush(t.temp.repo));
    CHECK(noted(&t) == 0);
}

TEST(what_was_read_comes_back_where_that_is_wanted)
{
    CLEANUP(tier_repo_release) struct tier_repo t = {0};
    CHECK_OK(tier_repo_make(&t));
    CHECK_OK(tier_repo_set(&t, "tier.lease", "0"));
    CHECK_OK(tier_repo_move(&t, "cold"));
    CHECK_OK(tier_repo_read(&t));
    CHECK_OK(temp_repo_reopen(&t.temp));
    CHECK(!tier_repo_has_near(&t));
    CHECK_OK(tier_repo_set(&t, "tier.cold.recall", "true"));
    CHECK_OK(temp_repo_reopen(&t.temp));
    CHECK(!tier_repo_has_near(&t));
    CHECK_OK(tier_repo_read(&t));
    CHECK_OK(temp_repo_reopen(&t.temp));
    CHECK(tier_repo_has_near(&t));
    CHECK_OK(tier_repo_read(&t));
}
