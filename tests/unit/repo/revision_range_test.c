#include "repo/revision_range.h"

#include <stdio.h>
#include <string.h>

#include "support/mem_fault.h"
#include "support/test.h"

/* `from` may be NULL. */
static bool is_range(const char *text, enum revision_range_kind kind,
                     const char *from, const char *to)
{
    CLEANUP(revision_range_release) struct revision_range range = {0};
    dits_error *err = revision_range_parse(text, &range);
    if (err != NULL) {
        dits_error_free(err);
        return false;
    }
    bool same_from = from == NULL
                         ? range.from == NULL
                         : range.from != NULL && strcmp(range.from, from) == 0;
    bool same = range.kind == kind && same_from && strcmp(range.to, to) == 0;
    if (!same)
        printf("# '%s': kind %d\n", text, (int)range.kind);
    return same;
}

TEST(a_range_has_two_ends)
{
    CHECK(is_range("a..b", REVISION_RANGE_BETWEEN, "a", "b"));
    CHECK(is_range("..b", REVISION_RANGE_BETWEEN, "HEAD", "b"));
    CHECK(is_range("a..", REVISION_RANGE_BETWEEN, "a", "HEAD"));
    CHECK(is_range("..", REVISION_RANGE_BETWEEN, "HEAD", "HEAD"));
    CHECK(is_range("a...b", REVISION_RANGE_EITHER, "a", "b"));
    CHECK(is_range("...", REVISION_RANGE_EITHER, "HEAD", "HEAD"));
    CHECK(is_range("a^{/x..y}..b", REVISION_RANGE_BETWEEN, "a^{/x..y}", "b"));
}

TEST(a_mark_behind_a_name_is_about_its_parents)
{
    CHECK(is_range("a^@", REVISION_RANGE_PARENTS, NULL, "a"));
    CHECK(is_range("a~2^!", REVISION_RANGE_ALONE, NULL, "a~2"));
    CHECK(is_range("a^-", REVISION_RANGE_BETWEEN, "a^1", "a"));
    CHECK(is_range("a^-12", REVISION_RANGE_BETWEEN, "a^12", "a"));
}

TEST(anything_else_is_one_revision)
{
    CHECK(is_range("a", REVISION_RANGE_ONE, NULL, "a"));
    CHECK(is_range("", REVISION_RANGE_ONE, NULL, ""));
    CHECK(is_range("^!", REVISION_RANGE_ONE, NULL, "!"));
    CHECK(is_range(":/a..b^@", REVISION_RANGE_ONE, NULL, ":/a..b^@"));
    CHECK(is_range("a:x..y", REVISION_RANGE_ONE, NULL, "a:x..y"));
    CHECK(is_range("topic-12", REVISION_RANGE_ONE, NULL, "topic-12"));
}

TEST(what_is_left_out_says_so)
{
    CLEANUP(revision_range_release) struct revision_range one = {0};
    CLEANUP(revision_range_release) struct revision_range marked = {0};
    CHECK_OK(revision_range_parse("^a", &one));
    CHECK(one.is_negated && strcmp(one.to, "a") == 0);
    CHECK_OK(revision_range_parse("^a^@", &marked));
    CHECK(marked.is_negated && marked.kind == REVISION_RANGE_PARENTS);
}

TEST(parsing_survives_every_failed_allocation)
{
    static const char *const texts[] = {"a...b", "a^-2", "a^!"};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        bool reached = true;
        for (unsigned nth = 1; reached; nth++) {
            CLEANUP(revision_range_release) struct revision_range range = {0};
            mem_fault_arm(nth);
            dits_error *err = revision_range_parse(texts[i], &range);
            reached = mem_fault_disarm();
            if (reached)
                CHECK_FAILS(DITS_E_NOMEM, err);
            else
                CHECK_OK(err);
        }
    }
}
