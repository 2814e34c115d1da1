#include "repo/identity.h"

#include <dits/config.h>

#include <stdio.h>
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

static bool is(const struct temp_repo *temp, const char *wanted)
{
    CLEANUP(person_release) struct person who = {0};
    CLEANUP(text_free) char *text = NULL;
    dits_error *err = identity_find_any(temp->repo, &who);
    if (err == NULL)
        err = identity_format(&who, &text);
    bool same = err == NULL && strcmp(text, wanted) == 0;
    dits_error_free(err);
    return same;
}

TEST(settings_come_before_what_the_caller_knows)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CHECK_OK(temp_repo_make(&temp));
    CHECK(is(&temp, "Ada <ada@example.com>"));
    CHECK_OK(set(&temp, "user.name", "Grace"));
    CHECK(is(&temp, "Grace <ada@example.com>"));
    CHECK_OK(set(&temp, "user.name", ""));
    CHECK(is(&temp, "Ada <ada@example.com>"));
}

TEST(what_cannot_stand_in_a_commit_is_refused_there_but_not_in_logs)
{
    static const char *const names[] = {"a<b", "a>b", "a\nb", "a\rb"};
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CHECK_OK(temp_repo_make(&temp));
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        CLEANUP(person_release) struct person who = {0};
        CHECK_OK(set(&temp, "user.name", names[i]));
        CHECK_FAILS(DITS_E_INVALID, identity_find(temp.repo, &who));
        CHECK(is(&temp, "unknown <>"));
    }
}

TEST(a_person_is_read_from_text)
{
    static const char *const bad[] = {"",       "Ada",       "Ada <a",
                                      "<a@b>",  "Ada <a> x", " <a>",
                                      "Ada a>", "A <<b>",    "A <b\n>"};
    CLEANUP(person_release) struct person who = {.time = 7};
    CHECK_OK(identity_parse("Ada King  <a@b>", &who));
    CHECK(strcmp(who.name, "Ada King") == 0 && strcmp(who.email, "a@b") == 0);
    CHECK(who.time == 7);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        dits_error *err = identity_parse(bad[i], &who);
        if (err == NULL)
            printf("# '%s' was taken\n", bad[i]);
        CHECK_FAILS(DITS_E_INVALID, err);
    }
}
