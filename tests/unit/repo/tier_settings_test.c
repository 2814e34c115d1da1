#include "repo/tier_settings.h"

#include <string.h>

#include "support/test.h"
#include "support/tier_repo.h"

TEST(names_are_letters_digits_and_dashes)
{
    CHECK(tier_name_is_good("cold") && tier_name_is_good("LTO-9_b"));
    CHECK(!tier_name_is_good("") && !tier_name_is_good("a.b"));
    CHECK(!tier_name_is_good("hot") && !tier_name_is_good("a/b"));
    CHECK(!tier_name_is_good("-n"));
}

TEST(settings_come_in_their_order)
{
    CLEANUP(tier_repo_release) struct tier_repo t = {0};
    CLEANUP(tier_settings_release) struct tier_settings settings = {0};
    CHECK_OK(tier_repo_make(&t));
    CHECK_OK(tier_repo_set(&t, "tier.warm.path", "/x"));
    CHECK_OK(tier_repo_set(&t, "tier.warm.order", "0"));
    CHECK_OK(tier_repo_set(&t, "tier.warm.unused", "2 days"));
    CHECK_OK(tier_repo_set(&t, "tier.warm.recall", "true"));
    CHECK_OK(tier_repo_set(&t, "tier.bad name.path", "/y"));
    CHECK_OK(tier_settings_load(t.temp.repo, &settings));
    CHECK(settings.count == 2);
    const struct tier_setting *warm = &settings.items[0];
    CHECK(strcmp(warm->tier.name, "warm") == 0 && warm->tier.id == NULL);
    CHECK(warm->has_policy && warm->recall && warm->age == t.temp.now);
    CHECK(warm->unused == t.temp.now - 2 * 24 * 3600);
    CHECK(!settings.items[1].has_policy && settings.items[1].min_size == 1);
    CHECK(tier_settings_find(&settings, "hot") == NULL);
}

TEST(an_age_that_is_none_is_refused)
{
    CLEANUP(tier_repo_release) struct tier_repo t = {0};
    CLEANUP(tier_settings_release) struct tier_settings settings = {0};
    CHECK_OK(tier_repo_make(&t));
    CHECK_OK(tier_repo_set(&t, "tier.cold.age", "ninety"));
    CHECK_FAILS(DITS_E_INVALID, tier_settings_load(t.temp.repo, &settings));
}
