#include "repo/grep_lines.h"

#include <stdio.h>
#include <string.h>

#include "support/grep_text.h"
#include "support/mem_fault.h"
#include "support/test.h"

static bool gives(struct dits_grep_options options, const char *pattern,
                  struct slice text, size_t piece, const char *wanted)
{
    CLEANUP(buf_release) struct buf found = {0};
    options.patterns = &pattern;
    options.pattern_count = 1;
    if (!test_ok(grep_text(&options, text, piece, &found), pattern, __FILE__,
                 __LINE__))
        return false;
    if (strcmp(buf_text(&found), wanted) != 0)
        printf("# '%s' gives:\n%s\n", pattern, buf_text(&found));
    return strcmp(buf_text(&found), wanted) == 0;
}

static const char text[] = "one\ntwo\nthree\nfour\nfive\nsix\n";

static bool text_gives(struct dits_grep_options options, const char *pattern,
                       const char *wanted)
{
    /* In a window of any size the answer is the same. */
    for (size_t piece = 16; piece < 64; piece++) {
        if (!gives(options, pattern, slice_of_text(text), piece, wanted))
            return false;
    }
    return gives(options, pattern, slice_of_text(text), 0, wanted);
}

TEST(lines_have_numbers)
{
    const struct dits_grep_options plain = {0};
    CHECK(text_gives(plain, "t", "2:two\n3:three\n=2"));
    CHECK(text_gives(plain, "x$", "6:six\n=1"));
    CHECK(text_gives(plain, "^$", "=0"));
    CHECK(gives(plain, "b", slice_of_text("a\nb"), 0, "2:b\n=1"));
    CHECK(gives(plain, "^$", slice_of_text("\n\na"), 0, "1:\n2:\n=2"));
    CHECK(gives(plain, "a", slice_of_text(""), 0, "=0"));
}

TEST(context_stands_around_hits_and_gaps_between)
{
    const struct dits_grep_options both = {.before = 1, .after = 1};
    const struct dits_grep_options before = {.before = 100};
    const struct dits_grep_options after = {.after = 2};
    CHECK(text_gives(both, "one\\|five",
                     "1:one\n2-two\n--\n4-four\n5:five\n6-six\n=2"));
    CHECK(text_gives(both, "two\\|four",
                     "1-one\n2:two\n3-three\n4:four\n5-five\n=2"));
    CHECK(text_gives(before, "three", "1-one\n2-two\n3:three\n=1"));
    CHECK(text_gives(after, "five", "5:five\n6-six\n=1"));
}

TEST(options_choose_what_is_told)
{
    const struct dits_grep_options inverted = {.invert = true};
    const struct dits_grep_options first = {.files_only = true};
    const struct dits_grep_options counted = {.no_lines = true};
    const struct dits_grep_options spans = {.spans = true};
    CHECK(text_gives(inverted, "[eo]", "6:six\n=1"));
    CHECK(text_gives(first, "t", "2:two\n=1"));
    CHECK(text_gives(counted, "o", "=3"));
    CHECK(text_gives(spans, "e", "1:one 2+1\n3:three 3+1 4+1\n5:five 3+1\n=3"));
}

TEST(binary_files_only_match)
{
    static const char clip[] = "clip\0one\ntwo one\n";
    const struct slice bytes = slice_of(clip, sizeof(clip) - 1);
    const struct dits_grep_options plain = {0};
    const struct dits_grep_options counted = {.no_lines = true};
    const struct dits_grep_options skipped = {.skip_binary = true};
    const struct dits_grep_options as_text = {.as_text = true};
    CHECK(gives(plain, "one", bytes, 0, "=1 binary"));
    CHECK(gives(counted, "one", bytes, 0, "=2 binary"));
    CHECK(gives(skipped, "one", bytes, 0, "=0 binary"));
    CHECK(gives(as_text, "^two", bytes, 0, "2:two one\n=1"));
}

TEST(a_line_longer_than_the_window_is_one_line)
{
    static const char long_line[] =
        "first\n0123456789012345678901234567890123456789needle45678901234\nend";
    const struct dits_grep_options counted = {.no_lines = true};
    for (size_t piece = 16; piece < 80; piece++) {
        const struct slice bytes = slice_of_text(long_line);
        CHECK(gives(counted, "needle", bytes, piece, "=1"));
        CHECK(gives(counted, "^needle", bytes, piece, "=0"));
        CHECK(gives(counted, "^end$", bytes, piece, "=1"));
        CHECK(gives(counted, "4$", bytes, piece, "=1"));
    }
}

TEST(every_failed_allocation_is_an_error)
{
    static const char *const pattern = "e";
    const struct dits_grep_options options = {
        .patterns = &pattern, .pattern_count = 1, .before = 2, .spans = true};
    for (unsigned nth = 1;; nth++) {
        CLEANUP(buf_release) struct buf found = {0};
        size_t live = mem_fault_live();
        mem_fault_arm(nth);
        dits_error *err = grep_text(&options, slice_of_text(text), 32, &found);
        bool reached = mem_fault_disarm();
        buf_release(&found);
        if (!reached) {
            CHECK_OK(err);
            return;
        }
        CHECK_FAILS(DITS_E_NOMEM, err);
        CHECK(mem_fault_live() == live);
    }
}
