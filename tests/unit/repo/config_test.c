#include "repo/config.h"

#include <dits/config.h>

#include <string.h>

#include "base/text.h"
#include "support/temp_repo.h"
#include "support/test.h"

static dits_error *set(struct temp_repo *temp, const char *key,
                       const char *value)
{
    return dits_config_set(temp->context, temp->repo, DITS_CONFIG_REPO, key,
                           value);
}

TEST(what_is_set_is_got_also_after_opening_again)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(text_free) char *value = NULL;
    CLEANUP(text_free) char *missing = NULL;
    CHECK_OK(temp_repo_make(&temp));
    CHECK_OK(set(&temp, "User.Name", "Grace"));
    CHECK(strcmp(config_text(temp.repo, "user.name"), "Grace") == 0);
    CHECK_OK(temp_repo_reopen(&temp));
    CHECK_OK(dits_config_get(temp.context, temp.repo, DITS_CONFIG_ANY,
                             "user.NAME", &value));
    CHECK(value != NULL && strcmp(value, "Grace") == 0);
    CHECK_OK(set(&temp, "user.name", NULL));
    CHECK_OK(dits_config_get(temp.context, temp.repo, DITS_CONFIG_ANY,
                             "user.name", &missing));
    CHECK(missing == NULL);
    CHECK_FAILS(DITS_E_NOT_FOUND, set(&temp, "user.name", NULL));
}

TEST(values_are_read_as_what_they_should_be)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    bool flag = false;
    uint64_t number = 0;
    int64_t time = 0;
    CHECK_OK(temp_repo_make(&temp));
    CHECK_OK(set(&temp, "x.yes", "On"));
    CHECK_OK(set(&temp, "x.size", "64k"));
    CHECK_OK(set(&temp, "x.huge", "99999999999g"));
    CHECK_OK(set(&temp, "x.age", "2 days"));
    CHECK_OK(set(&temp, "x.never", "never"));
    CHECK_OK(config_bool(temp.repo, "x.yes", false, &flag));
    CHECK(flag);
    CHECK_OK(config_bool(temp.repo, "x.none", true, &flag));
    CHECK(flag);
    CHECK_FAILS(DITS_E_INVALID, config_bool(temp.repo, "x.size", true, &flag));
    CHECK_OK(config_number(temp.repo, "x.size", 1, &number));
    CHECK(number == 65536);
    CHECK_OK(config_number(temp.repo, "x.none", 7, &number));
    CHECK(number == 7);
    CHECK_FAILS(DITS_E_INVALID, config_number(temp.repo, "x.huge", 1, &number));
    CHECK_OK(config_expiry(temp.repo, "x.age", "1 day", &time));
    CHECK(time == temp.now - 2 * 86400);
    CHECK_OK(config_expiry(temp.repo, "x.none", "1 day", &time));
    CHECK(time == temp.now - 86400);
    CHECK_OK(config_expiry(temp.repo, "x.never", "1 day", &time));
    CHECK(time == INT64_MIN);
    CHECK_FAILS(DITS_E_INVALID, config_expiry(temp.repo, "x.yes", "", &time));
}

TEST(a_damaged_file_stops_the_opening_and_names_its_line)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(text_free) char *path = NULL;
    CHECK_OK(temp_repo_make(&temp));
    CHECK_OK(fs_join(temp.repo->dits_dir, "config", &path));
    CHECK_OK(fs_replace(path, "[core\n", 6));
    CHECK_FAILS(DITS_E_CORRUPT, temp_repo_reopen(&temp));
}

TEST(without_a_place_for_user_settings_none_are_written)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CHECK_OK(temp_repo_make(&temp));
    CHECK_FAILS(
        DITS_E_NOT_FOUND,
        dits_config_set(temp.context, temp.repo, DITS_CONFIG_USER, "a.b", "c"));
    CHECK_FAILS(
        DITS_E_NOT_FOUND,
        dits_config_set(temp.context, NULL, DITS_CONFIG_REPO, "a.b", "c"));
}
