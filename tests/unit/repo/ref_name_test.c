#include "repo/ref_name.h"

#include <stdio.h>
#include <string.h>

#include "support/test.h"

TEST(names_follow_the_rules_of_git)
{
    static const char *const good[] = {"main", "a/b/c", "v1.0", "ünï", "a-b_c",
                                       "x@y",  "a.b",   "@a",   "1"};
    static const char *const bad[] = {
        "",         "@",     "HEAD", "-x",   ".a",   "a.",   "a..b",
        "a/",       "/a",    "a//b", "a/.b", "a b",  "a~",   "a^",
        "a:",       "a?",    "a*",   "a[",   "a\\b", "a@{b", "a.lock",
        "b.lock/c", "a\x7f", "a\tb", "a\nb", "\xff", "a./b",
    };
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
        CHECK(ref_name_is_valid(good[i]));
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        if (ref_name_is_valid(bad[i]))
            printf("# '%s' was taken\n", bad[i]);
        CHECK(!ref_name_is_valid(bad[i]));
    }
}

TEST(full_names_are_made_of_good_names_only)
{
    CLEANUP(buf_release) struct buf branch = {0};
    CLEANUP(buf_release) struct buf tag = {0};
    CHECK_OK(ref_name_of_branch("a/b", &branch));
    CHECK(strcmp(buf_text(&branch), "refs/heads/a/b") == 0);
    CHECK_OK(ref_name_of_tag("v1", &tag));
    CHECK(strcmp(buf_text(&tag), "refs/tags/v1") == 0);
    CHECK_FAILS(DITS_E_INVALID, ref_name_of_branch("a..b", &branch));
    CHECK_FAILS(DITS_E_INVALID, ref_name_of_tag("", &tag));
}

TEST(a_name_may_not_be_endless)
{
    char name[1002] = "";
    memset(name, 'a', sizeof(name) - 1);
    CHECK(!ref_name_is_valid(name));
    name[1000] = '\0';
    CHECK(ref_name_is_valid(name));
}

TEST(full_names_are_head_and_what_lies_below_refs)
{
    CHECK(ref_name_is_full("HEAD") && ref_name_is_full("refs/heads/a/b"));
    CHECK(ref_name_is_full("refs/tags/v1") && !ref_name_is_full("refs/heads/"));
    CHECK(ref_name_is_full("refs/unfinished/work"));
    CHECK(ref_name_is_full("refs/notes/commits"));
    CHECK(ref_name_is_full("refs/bisect/bad"));
    CHECK(!ref_name_is_full("refs/notes/") && !ref_name_is_full("refs/notes"));
    CHECK(!ref_name_is_full("main") && !ref_name_is_full("refs/x"));
    CHECK(!ref_name_is_full("refs//x") && !ref_name_is_full("refs/heads/-x"));
    CHECK(!ref_name_is_full("refs/heads/a..b"));
    CHECK(strcmp(ref_name_short("refs/tags/v1"), "v1") == 0);
}
