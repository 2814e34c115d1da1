#include <dits/tier.h>

#include <dits/maintenance.h>

#include <string.h>

#include "support/test.h"
#include "support/tier_repo.h"

struct seen {
    unsigned tiers;
    uint64_t far_packs;
    uint64_t leaving;
    bool offline;
};

static dits_error *look(const struct dits_tier_info *info, void *payload)
{
    struct seen *seen = payload;
    seen->tiers++;
    seen->leaving += info->leaving_packs;
    if (strcmp(info->name, "cold") == 0)
        seen->far_packs = info->packs;
    seen->offline = seen->offline || info->offline != NULL;
    return NULL;
}

TEST(tiers_tell_what_is_in_them)
{
    CLEANUP(tier_repo_release) struct tier_repo t = {0};
    struct seen seen = {0};
    CHECK_OK(tier_repo_make(&t));
    CHECK_OK(tier_repo_move(&t, "cold"));
    CHECK_OK(dits_tier_each(t.temp.repo, look, &seen));
    CHECK(seen.tiers == 2 && seen.far_packs == 1 && seen.leaving == 1);
    CHECK(!seen.offline);
    CHECK_OK(tier_repo_unmount(&t));
    CHECK_OK(dits_tier_each(t.temp.repo, look, &seen));
    CHECK(seen.offline && seen.far_packs == 1);
}

TEST(a_tier_is_given_up_only_when_it_is_empty)
{
    CLEANUP(tier_repo_release) struct tier_repo t = {0};
    struct dits_tier_result result = {0};
    CHECK_OK(tier_repo_make(&t));
    CHECK_OK(tier_repo_move(&t, "cold"));
    CHECK_FAILS(DITS_E_CONFLICT, dits_tier_remove(t.temp.repo, "cold"));
    CHECK_FAILS(DITS_E_NOT_FOUND, dits_tier_remove(t.temp.repo, "warm"));
    CHECK_FAILS(DITS_E_INVALID, dits_tier_remove(t.temp.repo, "hot"));
    CHECK_OK(dits_tier_empty(t.temp.repo, "cold", NULL, &result));
    CHECK(result.packs == 1);
    CHECK_OK(dits_tier_remove(t.temp.repo, "cold"));
    CHECK(tier_repo_has_near(&t) && !tier_repo_has_far(&t));
    CHECK_OK(tier_repo_read(&t));
}

TEST(names_that_are_taken_or_bad_are_refused)
{
    CLEANUP(tier_repo_release) struct tier_repo t = {0};
    CHECK_OK(tier_repo_make(&t));
    CHECK_FAILS(DITS_E_EXISTS, dits_tier_add(t.temp.repo, "cold", "/tmp"));
    CHECK_FAILS(DITS_E_INVALID, dits_tier_add(t.temp.repo, "hot", "/tmp"));
    CHECK_FAILS(DITS_E_EXISTS, dits_tier_add(t.temp.repo, "b", t.path));
}

TEST(content_is_recalled_by_path)
{
    CLEANUP(tier_repo_release) struct tier_repo t = {0};
    const char *names[] = {"a", "clip", "none"};
    struct dits_paths paths = {.items = names, .count = 1};
    struct dits_tier_result result = {0};
    CHECK_OK(tier_repo_make(&t));
    CHECK_OK(tier_repo_move(&t, "cold"));
    CHECK_OK(dits_tier_recall(t.temp.repo, &t.commit, &paths, NULL, &result));
    CHECK(result.packs == 0);
    paths.items = names + 1;
    CHECK_OK(dits_tier_recall(t.temp.repo, &t.commit, &paths, NULL, &result));
    CHECK(result.packs == 1);
    paths.items = names + 2;
    CHECK_FAILS(DITS_E_NOT_FOUND, dits_tier_recall(t.temp.repo, &t.commit,
                                                   &paths, NULL, &result));
}

TEST(with_the_disk_away_only_content_cannot_be_read)
{
    CLEANUP(tier_repo_release) struct tier_repo t = {0};
    struct dits_gc_options at_once = {.prune = "now"};
    struct dits_gc_result swept = {0};
    struct dits_fsck_result checked = {0};
    CHECK_OK(tier_repo_make(&t));
    CHECK_OK(tier_repo_set(&t, "tier.lease", "0"));
    CHECK_OK(tier_repo_move(&t, "cold"));
    CHECK_OK(tier_repo_unmount(&t));
    CHECK_OK(temp_repo_reopen(&t.temp));
    CHECK_FAILS(DITS_E_OFFLINE, tier_repo_read(&t));
    CHECK_OK(dits_gc(t.temp.repo, &at_once, &swept));
    CHECK(swept.removed_chunks == 0);
    CHECK_OK(dits_fsck(t.temp.repo, NULL, &checked));
    CHECK(checked.damaged == 0 && checked.offline_packs == 1);
    CHECK_OK(tier_repo_mount(&t));
    CHECK_OK(tier_repo_read(&t)); /* the same process, later */
}
