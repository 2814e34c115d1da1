#include "repo/lines.h"

#include <string.h>

#include "support/mem_fault.h"
#include "support/test.h"

#define OURS "a\nours\nsame\nz\n"
#define THEIRS "a\ntheirs\nsame\nz\n"
#define BASE "a\nbase\nz\n"

static struct lines_merge merge_of(const char *base, const char *ours,
                                   const char *theirs)
{
    return (struct lines_merge){.base = slice_of_text(base),
                                .ours = slice_of_text(ours),
                                .theirs = slice_of_text(theirs),
                                .base_label = "B",
                                .ours_label = "O",
                                .theirs_label = "T"};
}

static bool becomes(const struct lines_merge *merge, const char *expected,
                    bool conflicts)
{
    CLEANUP(buf_release) struct buf out = {0};
    bool has_conflicts = !conflicts;
    CLEANUP(lines_differ_closep) struct lines_differ *differ = NULL;
    CLEANUP(dits_error_freep)
    dits_error *err = lines_merge(&differ, merge, &out, &has_conflicts);
    return err == NULL && has_conflicts == conflicts &&
           strcmp(buf_text(&out), expected) == 0;
}

TEST(changes_in_different_places_come_together)
{
    static const struct {
        const char *base;
        const char *ours;
        const char *theirs;
        const char *merged;
    } cases[] = {
        {"1\n2\n3\n", "1\n2\n3\n", "1\n2\n", "1\n2\n"},
        {"1\n2\n3\n4\n5\n", "o\n2\n3\n4\n5\n", "1\n2\n3\n4\nt\n",
         "o\n2\n3\n4\nt\n"},
        {"1\n", "1\n", "", ""},
        {"", "1\n", "", "1\n"},
        {"1\n2\n3\n", "1\n2\n3", "0\n1\n2\n3\n", "0\n1\n2\n3"},
        {"1\r\n2\r\n3\r\n", "o\r\n2\r\n3\r\n", "1\r\n2\r\nt\r\n",
         "o\r\n2\r\nt\r\n"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct lines_merge merge =
            merge_of(cases[i].base, cases[i].ours, cases[i].theirs);
        CHECK(becomes(&merge, cases[i].merged, false));
    }
}

TEST(conflicts_are_written_in_each_style)
{
    struct lines_merge merge = merge_of(BASE, OURS, THEIRS);
    CHECK(becomes(&merge,
                  "a\n<<<<<<< O\nours\n=======\ntheirs\n>>>>>>> T\nsame\nz\n",
                  true));
    merge.style = LINES_DIFF3;
    CHECK(becomes(&merge,
                  "a\n<<<<<<< O\nours\nsame\n||||||| B\nbase\n=======\n"
                  "theirs\nsame\n>>>>>>> T\nz\n",
                  true));
    merge.style = LINES_ZDIFF3;
    CHECK(becomes(&merge,
                  "a\n<<<<<<< O\nours\n||||||| B\nbase\n=======\ntheirs\n"
                  ">>>>>>> T\nsame\nz\n",
                  true));
    merge.style = LINES_MERGE;
    merge.marker_size = 9;
    CHECK(becomes(&merge,
                  "a\n<<<<<<<<< O\nours\n=========\ntheirs\n>>>>>>>>> T\n"
                  "same\nz\n",
                  true));
}

TEST(one_side_or_both_may_be_preferred)
{
    struct lines_merge merge = merge_of(BASE, OURS, THEIRS);
    merge.favor = LINES_FAVOR_OURS;
    CHECK(becomes(&merge, OURS, false));
    merge.favor = LINES_FAVOR_THEIRS;
    CHECK(becomes(&merge, THEIRS, false));
    merge.favor = LINES_FAVOR_UNION;
    CHECK(becomes(&merge, "a\nours\ntheirs\nsame\nz\n", false));
}

/* All of a text without a newline at its end comes through. */
TEST(markers_start_on_lines_of_their_own)
{
    struct lines_merge merge = merge_of("1", "o", "t");
    CHECK(becomes(&merge, "<<<<<<< O\no\n=======\nt\n>>>>>>> T\n", true));
}

TEST(what_was_there_gives_way)
{
    CLEANUP(lines_differ_closep) struct lines_differ *differ = NULL;
    CLEANUP(buf_release) struct buf out = {0};
    struct lines_merge merge = merge_of("1\n", "1\n", "2\n");
    bool has_conflicts = true;
    CHECK_OK(buf_put_text(&out, "before"));
    CHECK_OK(lines_merge(&differ, &merge, &out, &has_conflicts));
    CHECK(!has_conflicts && strcmp(buf_text(&out), "2\n") == 0);
}

/* To make it ready takes milliseconds: a merge of a thousand files waits. */
TEST(it_is_made_ready_once)
{
    CLEANUP(lines_differ_closep) struct lines_differ *differ = NULL;
    CLEANUP(buf_release) struct buf out = {0};
    struct lines_merge merge = merge_of("1\n", "1\n", "2\n");
    bool has_conflicts = true;
    CHECK_OK(lines_merge(&differ, &merge, &out, &has_conflicts));
    const struct lines_differ *first = differ;
    CHECK(first != NULL);
    CHECK_OK(lines_merge(&differ, &merge, &out, &has_conflicts));
    CHECK(differ == first);
}

static dits_error *put_hunk(const struct lines_hunk *hunk, void *payload)
{
    return buf_printf(payload, "%zu,%zu %zu,%zu;", hunk->old_start,
                      hunk->old_count, hunk->new_start, hunk->new_count);
}

static dits_error *stop(const struct lines_hunk *hunk, void *payload)
{
    (void)hunk;
    (void)payload;
    return error_new(DITS_E_CANCELLED, "enough");
}

TEST(hunks_say_where_lines_differ)
{
    static const struct {
        const char *before;
        const char *after;
        bool ignore_space;
        const char *hunks;
    } cases[] = {
        {"1\n2\n3\n", "1\n2\n3\n", false, ""},
        {"1\n2\n3\n", "1\ntwo\n3\n4\n", false, "2,1 2,1;3,0 4,1;"},
        {"1\n2\n3\n", "3\n", false, "1,2 0,0;"},
        {"1\n2\n", "1\n  2\n", false, "2,1 2,1;"},
        {"1\n2\n", "1\n  2\n", true, ""},
        {"", "1", false, "0,0 1,1;"},
    };
    CLEANUP(lines_differ_closep) struct lines_differ *differ = NULL;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        CLEANUP(buf_release) struct buf hunks = {0};
        CHECK_OK(lines_hunks(&differ, slice_of_text(cases[i].before),
                             slice_of_text(cases[i].after),
                             cases[i].ignore_space, put_hunk, &hunks));
        CHECK(strcmp(buf_text(&hunks), cases[i].hunks) == 0);
    }
    CHECK_FAILS(DITS_E_CANCELLED,
                lines_hunks(&differ, slice_of_text("1"), slice_of_text("2"),
                            false, stop, NULL));
}

TEST(failed_allocations_leave_nothing_behind)
{
    struct lines_merge merge = merge_of(BASE, OURS, THEIRS);
    bool reached = true;
    for (unsigned nth = 1; reached; nth++) {
        CLEANUP(lines_differ_closep) struct lines_differ *differ = NULL;
        CLEANUP(buf_release) struct buf out = {0};
        bool has_conflicts = false;
        mem_fault_arm(nth);
        dits_error *err = lines_merge(&differ, &merge, &out, &has_conflicts);
        reached = mem_fault_disarm();
        CHECK(reached == dits_error_has(err, DITS_E_NOMEM));
        dits_error_free(err);
    }
}
