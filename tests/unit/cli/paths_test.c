#include "cli/paths.h"

#include <string.h>

#include "support/test.h"

static bool quoted_is(const char *path, bool spaces, const char *wanted)
{
    CLEANUP(buf_release) struct buf out = {0};
    dits_error *err = path_quote(path, spaces, &out);
    bool same = err == NULL && strcmp(buf_text(&out), wanted) == 0;
    dits_error_free(err);
    return same;
}

TEST(plain_names_are_not_quoted)
{
    CHECK(quoted_is("a/take 1.mov", false, "a/take 1.mov"));
    CHECK(quoted_is("\xc3\xa9t\xc3\xa9.mov", true, "\xc3\xa9t\xc3\xa9.mov"));
}

TEST(odd_names_are_quoted_as_git_does)
{
    CHECK(quoted_is("a b", true, "\"a b\""));
    CHECK(quoted_is("a\nb", false, "\"a\\nb\""));
    CHECK(quoted_is("a\"b\\c", false, "\"a\\\"b\\\\c\""));
    CHECK(quoted_is("\x01\x7f", false, "\"\\001\\177\""));
    CHECK(quoted_is("a\xff", false, "\"a\\377\""));
}

static bool relative_is(const char *prefix, const char *path,
                        const char *wanted)
{
    CLEANUP(buf_release) struct buf out = {0};
    dits_error *err = path_relative(prefix, path, &out);
    bool same = err == NULL && strcmp(buf_text(&out), wanted) == 0;
    dits_error_free(err);
    return same;
}

TEST(paths_are_seen_from_where_the_user_is)
{
    CHECK(relative_is("", "a/b", "a/b"));
    CHECK(relative_is("a", "a/b", "b"));
    CHECK(relative_is("a", "b", "../b"));
    CHECK(relative_is("a", "ab", "../ab"));
    CHECK(relative_is("ab", "a", "../a"));
    CHECK(relative_is("a/b", "a/c/d", "../c/d"));
    CHECK(relative_is("a/b", "c", "../../c"));
    CHECK(relative_is("a/b/c", "a/x", "../../x"));
    CHECK(relative_is("a/b", "a/b/", "./"));
}
