#include "repo/grep_pattern.h"

#include <string.h>

#include "support/mem_fault.h"
#include "support/test.h"

/* Where `pattern` is found in `line`: -1 nowhere. */
static int find(const struct dits_grep_options *wanted, const char *pattern,
                const char *line)
{
    CLEANUP(grep_pattern_freep) struct grep_pattern *compiled = NULL;
    struct dits_grep_options options = *wanted;
    struct dits_grep_span span = {0};
    const struct grep_part part = {
        .bytes = slice_of_text(line), .starts_line = true, .ends_line = true};
    bool found = false;
    options.patterns = &pattern;
    options.pattern_count = 1;
    if (!test_ok(grep_pattern_new(&options, &compiled), pattern, __FILE__,
                 __LINE__) ||
        !test_ok(grep_pattern_find(compiled, &part, 0, &span, &found), line,
                 __FILE__, __LINE__))
        return -2;
    return found ? (int)span.start : -1;
}

TEST(syntaxes_differ)
{
    const struct dits_grep_options basic = {0};
    const struct dits_grep_options extended = {.syntax = DITS_GREP_EXTENDED};
    const struct dits_grep_options fixed = {.syntax = DITS_GREP_FIXED};
    CHECK(find(&basic, "a+", "xaa+") == 2);
    CHECK(find(&basic, "a\\+$", "baa") == 1);
    CHECK(find(&extended, "a+", "xaa+") == 1);
    CHECK(find(&extended, "^(b|c)$", "c") == 0);
    CHECK(find(&fixed, "a.c", "abc a.c") == 4);
    CHECK(find(&fixed, "a.c", "abc") == -1);
    CHECK(find(&basic, "one\ntwo", "is two") == 3);
    CHECK(find(&basic, "", "any") == 0);
}

TEST(case_is_ignored_also_beyond_ascii)
{
    const struct dits_grep_options folded = {.ignore_case = true};
    const struct dits_grep_options fixed = {.ignore_case = true,
                                            .syntax = DITS_GREP_FIXED};
    CHECK(find(&folded, "GR\xc3\x9cN", "gr\xc3\xbcn") == 0);
    CHECK(find(&fixed, "[A]", "x[a]") == 1);
    CHECK(find(&fixed, "^$.*\\", "a^$.*\\") == 1);
}

TEST(words_have_ends)
{
    const struct dits_grep_options words = {.words = true};
    CHECK(find(&words, "foo", "foobar _foo foo") == 12);
    CHECK(find(&words, "foo", "foobar") == -1);
    CHECK(find(&words, "fo*", "xfoo, foo") == 6);
    CHECK(find(&words, "x*", "abc") == -1);
}

TEST(the_leftmost_of_several_patterns_counts)
{
    CLEANUP(grep_pattern_freep) struct grep_pattern *pattern = NULL;
    static const char *const patterns[] = {"b", "ab*", "a"};
    const struct dits_grep_options options = {.patterns = patterns,
                                              .pattern_count = 3};
    const struct grep_part part = {.bytes = slice_of_text("xabbb")};
    struct dits_grep_span span = {0};
    bool found = false;
    size_t ahead = 0;
    CHECK_OK(grep_pattern_new(&options, &pattern));
    CHECK_OK(grep_pattern_find(pattern, &part, 0, &span, &found));
    CHECK(found && span.start == 1 && span.size == 4);
    CHECK_OK(grep_pattern_ahead(pattern, slice_of_text("x\ny\nzb"), &ahead));
    CHECK(ahead == 5);
    CHECK_OK(grep_pattern_ahead(pattern, slice_of_text("xyz"), &ahead));
    CHECK(ahead == 3);
}

TEST(what_is_no_expression_is_refused_with_a_hint)
{
    struct grep_pattern *pattern = NULL;
    static const char *const bad = "\\(a";
    const struct dits_grep_options options = {.patterns = &bad,
                                              .pattern_count = 1};
    dits_error *err = grep_pattern_new(&options, &pattern);
    CHECK(err != NULL && dits_error_hint(err) != NULL);
    CHECK_FAILS(DITS_E_INVALID, err);
}

TEST(every_failed_allocation_is_an_error)
{
    static const char *const patterns[] = {"a.b", "plain\nother", "(x"};
    const struct dits_grep_options options = {.patterns = patterns,
                                              .pattern_count = 3};
    for (unsigned nth = 1;; nth++) {
        struct grep_pattern *pattern = NULL;
        mem_fault_arm(nth);
        dits_error *err = grep_pattern_new(&options, &pattern);
        bool reached = mem_fault_disarm();
        grep_pattern_free(pattern);
        if (!reached) {
            CHECK_OK(err);
            return;
        }
        CHECK_FAILS(DITS_E_NOMEM, err);
    }
}
