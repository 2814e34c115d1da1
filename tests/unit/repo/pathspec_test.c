#include "repo/pathspec.h"

#include <string.h>

#include "base/text.h"
#include "support/test.h"

static dits_error *make(const char *prefix, const char *first,
                        const char *second, struct pathspec **out)
{
    const char *const items[] = {first, second};
    struct dits_paths paths = {.items = items, .count = second != NULL ? 2 : 1};
    return pathspec_new("/work", prefix, &paths, out);
}

TEST(patterns_match_as_gits_do)
{
    static const struct {
        const char *prefix;
        const char *first;
        const char *second;
        const char *path;
        bool matches;
    } cases[] = {
        {"", "a", NULL, "a", true},
        {"", "a", NULL, "a/b/c", true},
        {"", "a", NULL, "ab", false},
        {"", "a/", NULL, "a", false},
        {"", "a/", NULL, "a/b", true},
        {"", ".", NULL, "x/y", true},
        {"a", ".", NULL, "a/y", true},
        {"a", ".", NULL, "b/y", false},
        {"a", "b", NULL, "a/b", true},
        {"a/b", "../c", NULL, "a/c/d", true},
        {"a", ":/b", NULL, "b", true},
        {"a", ":(top)b", NULL, "b", true},
        {"a", "/work/b/./c", NULL, "b/c", true},
        {"", "*.mov", NULL, "a/b.mov", true},
        {"", "a*c", NULL, "a/b/c", true},
        {"", ":(glob)*.mov", NULL, "a/b.mov", false},
        {"", ":(glob)**/*.mov", NULL, "a/b.mov", true},
        {"", ":(literal)*.mov", NULL, "b.mov", false},
        {"", ":(literal)*.mov", NULL, "*.mov", true},
        {"", ":(icase)A/B.MOV", NULL, "a/b.mov", true},
        {"", "a", ":!a/b", "a/c", true},
        {"", "a", ":!a/b", "a/b/x", false},
        {"", ":^*.tmp", NULL, "x.tmp", false},
        {"", ":^*.tmp", NULL, "x.mov", true},
        {"a[1]", "*.mov", NULL, "a[1]/x.mov", true},
        {"a[1]", "*.mov", NULL, "a1/x.mov", false},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        CLEANUP(pathspec_freep) struct pathspec *pathspec = NULL;
        CHECK_OK(
            make(cases[i].prefix, cases[i].first, cases[i].second, &pathspec));
        CHECK(pathspec_matches(pathspec, cases[i].path, false) ==
              cases[i].matches);
    }
}

TEST(what_makes_no_sense_is_refused)
{
    static const char *const bad[] = {
        "", "..", "a/../..", "/elsewhere", "/workshop", ":(nonsense)a", ":(top",
    };
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        CLEANUP(pathspec_freep) struct pathspec *pathspec = NULL;
        CHECK_FAILS(DITS_E_INVALID, make("", bad[i], NULL, &pathspec));
    }
}

TEST(a_search_starts_where_something_can_match)
{
    CLEANUP(pathspec_freep) struct pathspec *pathspec = NULL;
    CHECK_OK(make("", "a/b/c*.mov", "a/b", &pathspec));
    CHECK(pathspec_start_count(pathspec) == 1);
    CHECK(strcmp(pathspec_start(pathspec, 0), "a/b") == 0);
    CHECK(pathspec_may_be_below(pathspec, ""));
    CHECK(pathspec_may_be_below(pathspec, "a"));
    CHECK(pathspec_may_be_below(pathspec, "a/b/x"));
    CHECK(!pathspec_may_be_below(pathspec, "b"));
    CHECK(!pathspec_may_be_below(pathspec, "ab"));
}

TEST(an_item_that_matches_nothing_is_named)
{
    CLEANUP(pathspec_freep) struct pathspec *pathspec = NULL;
    CHECK_OK(make("", "a", "b", &pathspec));
    pathspec_note(pathspec, "a/x");
    CHECK_FAILS(DITS_E_NOT_FOUND, pathspec_check_noted(pathspec, NULL));
    pathspec_note(pathspec, "b");
    CHECK_OK(pathspec_check_noted(pathspec, NULL));
}
