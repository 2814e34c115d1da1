#include "repo/tier_policy.h"

#include <stdio.h>
#include <string.h>

#include "repo/pack_copies.h"
#include "store/tier_transfer.h"
#include "support/test.h"
#include "support/tier_repo.h"

enum { DAY = 24 * 3600 };

/* The name of the tier that the pack shall go to, or "". */
static dits_error *plan(struct tier_repo *t, char out[16])
{
    CLEANUP(tier_settings_release) struct tier_settings settings = {0};
    CLEANUP(tier_plan_release) struct tier_plan made = {0};
    TRY(tier_settings_load(t->temp.repo, &settings));
    TRY(tier_plan_make(t->temp.repo, &settings, &made));
    out[0] = '\0';
    for (size_t i = 0; i < made.count; i++) {
        bool has_data = false;
        if (made.items[i].to == NULL)
            continue;
        TRY(store_pack_has_data(t->temp.repo->store, made.items[i].name,
                                &has_data));
        if (!has_data)
            return error_new(DITS_E_INTERNAL, "a pack without data moves");
        if (strcmp(made.items[i].name, t->pack) == 0)
            (void)snprintf(out, 16, "%s", made.items[i].to->tier.name);
    }
    return NULL;
}

/* The pack is as old as the files of the test: its clock says how old. */
static bool goes_to(struct tier_repo *t, const char *wanted)
{
    char seen[16] = {0};
    dits_error *err = plan(t, seen);
    bool same = err == NULL && strcmp(seen, wanted) == 0;
    dits_error_free(err); /* then it does not */
    return same;
}

TEST(age_reads_and_size_decide)
{
    CLEANUP(tier_repo_release) struct tier_repo t = {0};
    CHECK_OK(tier_repo_make(&t));
    t.temp.now = fs_now_ns() / 1000000000 + 100 * DAY;
    CHECK(goes_to(&t, ""));
    CHECK_OK(tier_repo_set(&t, "tier.cold.age", "90 days"));
    CHECK(goes_to(&t, "cold"));
    CHECK_OK(tier_repo_set(&t, "tier.cold.age", "110 days"));
    CHECK(goes_to(&t, ""));
    CHECK_OK(tier_repo_set(&t, "tier.cold.age", "90 days"));
    CHECK_OK(tier_repo_set(&t, "tier.cold.minsize", "1m"));
    CHECK(goes_to(&t, ""));
    CHECK_OK(tier_repo_set(&t, "tier.cold.minsize", "1"));
    CHECK_OK(pack_access_note(t.temp.repo->db, t.pack, t.temp.now - DAY / 2));
    CHECK(goes_to(&t, "")); /* read today */
    CHECK_OK(pack_access_note(t.temp.repo->db, t.pack, t.temp.now - 20 * DAY));
    CHECK(goes_to(&t, "cold"));
    CHECK_OK(tier_repo_set(&t, "tier.cold.unused", "30 days"));
    CHECK(goes_to(&t, ""));
}

TEST(packs_move_only_from_near_to_far)
{
    CLEANUP(tier_repo_release) struct tier_repo t = {0};
    char path[128] = {0};
    CHECK_OK(tier_repo_make(&t));
    t.temp.now = fs_now_ns() / 1000000000 + 100 * DAY;
    (void)snprintf(path, sizeof(path), "%s-b", t.path);
    CHECK_OK(dits_tier_add(t.temp.repo, "tape", path));
    CHECK_OK(tier_repo_set(&t, "tier.tape.minsize", "1"));
    CHECK_OK(tier_repo_set(&t, "tier.cold.age", "10 days"));
    CHECK(goes_to(&t, "cold"));
    CHECK_OK(tier_repo_set(&t, "tier.tape.age", "50 days"));
    CHECK(goes_to(&t, "tape"));
    CHECK_OK(tier_repo_move(&t, "tape"));
    CHECK(goes_to(&t, ""));
    CHECK_OK(tier_repo_move(&t, "cold"));
    CHECK(goes_to(&t, "tape"));
}
