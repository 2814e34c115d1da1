#include "base/glob.h"

#include <string.h>

#include "support/test.h"

TEST(wildcards_match_as_gits_do)
{
    static const struct {
        const char *pattern;
        const char *text;
        unsigned flags;
        bool matches;
    } cases[] = {
        {"", "", 0, true},
        {"*", "", 0, true},
        {"*", "a/b", 0, true},
        {"*", "a/b", GLOB_PATH, false},
        {"a?b", "a/b", 0, true},
        {"a?b", "a/b", GLOB_PATH, false},
        {"a[/]b", "a/b", GLOB_PATH, false},
        {"*a*b*c", "xaxbxbc", 0, true},
        {"**/a", "a", GLOB_PATH, true},
        {"**/a*b/c*d", "x/ab/y/aab/cdd", GLOB_PATH, true},
        {"a/**", "a/b/c", GLOB_PATH, true},
        {"a/**/b", "a/b", GLOB_PATH, true},
        {"FOO*", "foobar", GLOB_IGNORE_CASE, true},
        {"[A-C]x", "bx", GLOB_IGNORE_CASE, true},
        {"[", "[", 0, false},
        {"[[:nonsense:]]", "a", 0, false},
        {"[a-", "a", 0, false},
        {"\\", "\\", 0, true},
        {"\\*", "*", 0, true},
        {"a\\", "a", 0, false},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        CHECK(glob_match(cases[i].pattern, cases[i].text, cases[i].flags) ==
              cases[i].matches);
}

TEST(one_of_several_patterns_is_enough)
{
    static const char *const patterns[] = {"b*", "a?"};
    CHECK(glob_match_any(patterns, 2, "a1", 0));
    CHECK(!glob_match_any(patterns, 1, "a1", 0));
    CHECK(glob_match_any(NULL, 0, "a1", 0));
}

/* What takes careless matchers time without end. */
TEST(hostile_patterns_end_soon)
{
    char pattern[2001] = {0};
    char text[4001] = {0};
    for (size_t i = 0; i < 2000; i += 2)
        memcpy(pattern + i, "*a", 2);
    memset(text, 'a', 4000);
    CHECK(glob_match(pattern, text, 0));
    pattern[1999] = 'b';
    CHECK(!glob_match(pattern, text, 0));

    for (size_t i = 0; i < 1998; i += 3)
        memcpy(pattern + i, "**/", 3);
    for (size_t i = 1; i < 4000; i += 2)
        text[i] = '/';
    CHECK(!glob_match(pattern, text, GLOB_PATH));
}
