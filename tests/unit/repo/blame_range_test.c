#include "repo/blame_range.h"

#include <stdio.h>

#include "support/mem_fault.h"
#include "support/test.h"

static bool gives(const char *range, size_t from, size_t first, size_t last)
{
    CLEANUP(blame_text_release) struct blame_text text = {0};
    struct blame_range found = {0};
    if (!test_ok(
            blame_text_split(
                slice_of_text("one\ntwo\nthree\nfour\nfive\ntwo/2"), &text),
            range, __FILE__, __LINE__) ||
        !test_ok(blame_range_parse(range, &text, from, &found), range, __FILE__,
                 __LINE__))
        return false;
    if (found.first != first || found.last != last)
        printf("# '%s' gives %zu to %zu\n", range, found.first, found.last);
    return found.first == first && found.last == last;
}

static dits_error *parse(const char *range)
{
    CLEANUP(blame_text_release) struct blame_text text = {0};
    struct blame_range found = {0};
    TRY(blame_text_split(slice_of_text("one\ntwo\n"), &text));
    return blame_range_parse(range, &text, 0, &found);
}

TEST(ranges_are_git_s)
{
    CHECK(gives("2", 0, 2, 6));
    CHECK(gives("2,", 0, 2, 6));
    CHECK(gives(",2", 0, 1, 2));
    CHECK(gives("2,3", 0, 2, 3));
    CHECK(gives("3,2", 0, 2, 3));
    CHECK(gives("2,+2", 0, 2, 3));
    CHECK(gives("4,-2", 0, 3, 4));
    CHECK(gives("2,-9", 0, 1, 2));
    CHECK(gives("5,100", 0, 5, 6));
    CHECK(gives("/t[wh]/,+1", 0, 2, 2));
    CHECK(gives("/t[wh]/,+1", 2, 3, 3));
    CHECK(gives("/two/,/f/", 0, 2, 4));
    CHECK(gives("/two\\/2/", 0, 6, 6));
}

TEST(what_is_no_range_is_refused)
{
    static const char *const bad[] = {"",
                                      "x",
                                      "1,x",
                                      "9",
                                      "1,2,",
                                      "/a",
                                      "/no/",
                                      "-1",
                                      "1,+",
                                      "1,-",
                                      "1,99999999999999999999"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        CHECK_FAILS(DITS_E_INVALID, parse(bad[i]));
}

TEST(every_failed_allocation_is_an_error)
{
    for (unsigned nth = 1;; nth++) {
        mem_fault_arm(nth);
        dits_error *err = parse("/t/,+1");
        bool reached = mem_fault_disarm();
        if (!reached) {
            CHECK_OK(err);
            return;
        }
        CHECK_FAILS(DITS_E_NOMEM, err);
    }
}
