#include <dits/commit.h>
#include <dits/operation.h>
#include <dits/refs.h>
#include <dits/worktree.h>

#include <string.h>

#include "base/text.h"
#include "repo/head_tree.h"
#include "support/mem_fault.h"
#include "support/parted_repo.h"
#include "support/test.h"
#include "support/tree_text.h"
#include "support/work_files.h"

static bool head_is(struct parted *parted, const char *expected)
{
    CLEANUP(buf_release) struct buf text = {0};
    struct dits_oid tree = {0};
    dits_error *err = head_tree(parted->temp.repo, &tree);
    if (err == NULL)
        err = tree_text_show(parted->temp.repo, &tree, &text);
    bool same = err == NULL && strcmp(buf_text(&text), expected) == 0;
    dits_error_free(err);
    return same;
}

TEST(what_is_merged_already_changes_nothing)
{
    CLEANUP(parted_release) struct parted at = {0};
    struct dits_merge_result result = {.outcome = DITS_MERGE_CONFLICTS};
    struct dits_merge_options again = {.target = "main"};
    CHECK_OK(parted_make(&at, "a=1", "a=2", "a=1"));
    CHECK_OK(dits_merge(at.temp.repo, &again, &result));
    CHECK(result.outcome == DITS_MERGE_UP_TO_DATE);
    again.target = "main~1";
    CHECK_OK(dits_merge(at.temp.repo, &again, &result));
    CHECK(result.outcome == DITS_MERGE_UP_TO_DATE);
    CHECK(dits_oid_equal(&result.after, &at.ours) &&
          parted_is_untouched(&at, ""));
}

TEST(a_branch_that_is_behind_moves_or_not_as_asked)
{
    static const struct {
        struct dits_merge_options options;
        enum dits_merge_outcome outcome;
    } cases[] = {
        {{0}, DITS_MERGE_FAST_FORWARD},
        {{.fast_forward = DITS_FF_ONLY}, DITS_MERGE_FAST_FORWARD},
        {{.no_commit = true}, DITS_MERGE_FAST_FORWARD},
        {{.fast_forward = DITS_FF_NEVER}, DITS_MERGE_COMMITTED},
        {{.fast_forward = DITS_FF_NEVER, .no_commit = true}, DITS_MERGE_STAGED},
        {{.squash = true}, DITS_MERGE_STAGED},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        CLEANUP(parted_release) struct parted at = {0};
        struct dits_merge_result result = {0};
        CHECK_OK(parted_make(&at, "a=1", NULL, "a=2 b=2"));
        CHECK_OK(parted_merge(&at, cases[i].options, &result));
        CHECK(result.outcome == cases[i].outcome);
        bool moved = result.outcome == DITS_MERGE_FAST_FORWARD;
        CHECK(moved == dits_oid_equal(&result.after, &at.theirs));
        CHECK(work_is(&at.temp, "a", "2") && work_is(&at.temp, "b", "2"));
        CHECK_OK(dits_undo(at.temp.repo, 0, NULL));
        CHECK(parted_is_untouched(&at, "") && work_is(&at.temp, "a", "1"));
    }
}

TEST(both_sides_come_together_in_a_commit)
{
    CLEANUP(parted_release) struct parted at = {0};
    struct dits_merge_result result = {0};
    CHECK_OK(parted_make(&at, "a=1 b=1 c=1", "a=2 b=1 c=1", "a=1 b=2 d@=a"));
    CHECK_FAILS(DITS_E_CONFLICT, parted_merge(&at,
                                              (struct dits_merge_options){
                                                  .fast_forward = DITS_FF_ONLY},
                                              &result));
    CHECK(parted_is_untouched(&at, ""));
    CHECK_OK(parted_merge(&at, (struct dits_merge_options){0}, &result));
    CHECK(result.outcome == DITS_MERGE_COMMITTED && result.conflicts == 0);
    CHECK(parted_main_is(&at, &result.after) && head_is(&at, "a=2 b=2 d@=a"));
    CHECK(work_status_is(&at.temp, "") && !work_exists(&at.temp, "c"));
    CHECK_OK(dits_undo(at.temp.repo, 0, NULL));
    CHECK(parted_is_untouched(&at, "") && work_is(&at.temp, "c", "1"));
}

TEST(squashed_it_has_one_parent)
{
    CLEANUP(parted_release) struct parted at = {0};
    struct dits_merge_result result = {0};
    struct dits_commit_result made = {0};
    CHECK_OK(parted_make(&at, "a=1 b=1", "a=2 b=1", "a=1 b=2"));
    CHECK_OK(parted_merge(&at, (struct dits_merge_options){.squash = true},
                          &result));
    CHECK(result.outcome == DITS_MERGE_STAGED);
    CHECK(parted_is_unfinished(&at, DITS_WORK_SQUASH, 0));
    CHECK(work_status_is(&at.temp, "M  b\n"));
    CHECK_OK(dits_commit_create(at.temp.repo, NULL, &made));
    CHECK(parted_is_unfinished(&at, DITS_WORK_NONE, 0));
    CHECK_OK(parted_merge(&at, (struct dits_merge_options){0}, &result));
    CHECK(result.outcome == DITS_MERGE_COMMITTED);
}

/* Texts are marked, other files lie beside; the index stays ours. */
TEST(conflicts_wait_for_an_answer)
{
    CLEANUP(parted_release) struct parted at = {0};
    struct dits_merge_result result = {0};
    struct dits_commit_result made = {0};
    CHECK_OK(parted_make(&at, "a=1| d/clip.mov=^1", "a=o| d/clip.mov=^o",
                         "a=t| d/clip.mov=^t new=t"));
    CHECK_OK(parted_merge(&at, (struct dits_merge_options){0}, &result));
    CHECK(result.outcome == DITS_MERGE_CONFLICTS && result.conflicts == 2);
    CHECK(parted_is_unfinished(&at, DITS_WORK_MERGE, 2) &&
          parted_main_is(&at, &at.ours));
    CHECK(work_status_is(&at.temp, "UU a\nUU d/clip.mov\n"
                                   "!! d/clip.ours.mov\n"
                                   "!! d/clip.theirs.mov\nA  new\n"));
    CHECK(
        work_is(&at.temp, "a", "<<<<<<< HEAD\no\n=======\nt\n>>>>>>> other\n"));
    CHECK_FAILS(DITS_E_CONFLICT, dits_commit_create(at.temp.repo, NULL, &made));
    CHECK_FAILS(DITS_E_CONFLICT,
                parted_merge(&at, (struct dits_merge_options){0}, &result));
    CHECK_OK(work_add(&at.temp, "a"));
    CHECK(parted_is_unfinished(&at, DITS_WORK_MERGE, 1));
    CHECK_OK(work_add(&at.temp, "d"));
    CHECK(parted_is_unfinished(&at, DITS_WORK_MERGE, 0));
    CHECK_OK(dits_commit_create(at.temp.repo, NULL, &made));
    CHECK(parted_is_unfinished(&at, DITS_WORK_NONE, 0));
    CHECK_OK(parted_merge(&at, (struct dits_merge_options){0}, &result));
    CHECK(result.outcome == DITS_MERGE_UP_TO_DATE);
}

TEST(every_step_can_be_undone_and_done_again)
{
    CLEANUP(parted_release) struct parted at = {0};
    struct dits_merge_result result = {0};
    struct dits_commit_result made = {0};
    CHECK_OK(parted_make(&at, "a=1| b=^1", "a=o| b=^o", "a=t| b=^t"));
    CHECK_OK(parted_merge(&at, (struct dits_merge_options){0}, &result));
    CHECK(work_write(&at.temp, "a", "both"));
    CHECK_OK(work_add(&at.temp, "a"));
    CHECK_OK(work_add(&at.temp, "b"));
    CHECK_OK(dits_commit_create(at.temp.repo, NULL, &made));
    CHECK_OK(dits_undo(at.temp.repo, 0, NULL));
    CHECK(parted_is_unfinished(&at, DITS_WORK_MERGE, 0));
    CHECK_OK(dits_undo(at.temp.repo, 0, NULL));
    CHECK(parted_is_unfinished(&at, DITS_WORK_MERGE, 1));
    CHECK_OK(dits_undo(at.temp.repo, 0, NULL));
    CHECK(parted_is_unfinished(&at, DITS_WORK_MERGE, 2));
    for (int i = 0; i < 3; i++)
        CHECK_OK(dits_redo(at.temp.repo, NULL));
    CHECK(parted_is_unfinished(&at, DITS_WORK_NONE, 0) &&
          parted_main_is(&at, &made.id));
}

/* Each is refused before anything is changed. */
TEST(what_would_be_lost_stops_it)
{
    static const struct {
        const char *path;
        bool is_added;
        const char *status;
    } cases[] = {
        {"a", false, " M a\n"},
        {"a", true, "M  a\n"},
        {"new", false, "?? new\n"},
        {"k", true, "M  k\n"},
        {"other.mov", true, "A  other.mov\n"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        CLEANUP(parted_release) struct parted at = {0};
        struct dits_merge_result result = {0};
        CHECK_OK(parted_make(&at, "a=1 k=1 o=1", "a=1 k=1 o=2",
                             "a=2 k=1 new=1 o=1"));
        CHECK(work_write(&at.temp, cases[i].path, "mine"));
        if (cases[i].is_added)
            CHECK_OK(work_add(&at.temp, cases[i].path));
        CHECK_FAILS(DITS_E_CONFLICT,
                    parted_merge(&at, (struct dits_merge_options){0}, &result));
        CHECK(parted_is_untouched(&at, cases[i].status));
        CHECK(work_is(&at.temp, cases[i].path, "mine"));
    }
}

static dits_error *refuse(const struct dits_merge_event *event, void *payload)
{
    (void)event;
    (*(unsigned *)payload)++;
    return error_new(DITS_E_CANCELLED, "no");
}

TEST(an_error_of_the_caller_ends_it_with_nothing_changed)
{
    CLEANUP(parted_release) struct parted at = {0};
    struct dits_merge_result result = {0};
    unsigned told = 0;
    struct dits_merge_options options = {.on_path = refuse, .payload = &told};
    CHECK_OK(parted_make(&at, "a=^1", "a=^o", "a=^t"));
    CHECK_FAILS(DITS_E_CANCELLED, parted_merge(&at, options, &result));
    CHECK(told == 1 && parted_is_untouched(&at, "") &&
          work_is(&at.temp, "a", ""));
    CHECK(!work_exists(&at.temp, "a.ours"));
}

TEST(mistakes_are_refused)
{
    CLEANUP(parted_release) struct parted at = {0};
    struct dits_merge_options options = {0};
    struct dits_merge_result result = {0};
    CHECK_OK(parted_make(&at, "a=1", "a=2", "a=3"));
    CHECK_FAILS(DITS_E_INVALID, dits_merge(at.temp.repo, &options, &result));
    options.target = "nowhere";
    CHECK_FAILS(DITS_E_NOT_FOUND, dits_merge(at.temp.repo, &options, &result));
    options.target = "other:a";
    CHECK_FAILS(DITS_E_INVALID, dits_merge(at.temp.repo, &options, &result));
    CHECK(parted_is_untouched(&at, ""));
}

/* Two bases, which differ in the same line; one renamed a file to two names. */
TEST(histories_that_crossed_begin_from_what_both_knew)
{
    CLEANUP(parted_release) struct parted at = {0};
    struct dits_merge_options options = {0};
    struct dits_merge_result result = {0};
    struct dits_oid id = {0};
    CHECK_OK(parted_make(&at, "a=1| x=^1 k=1", "a=1| x/o=^1 x/z=1 k=2",
                         "a=2| x/t=^1 k=1"));
    options.target = "other";
    CHECK_OK(dits_merge(at.temp.repo, &options, &result));
    CHECK(result.outcome == DITS_MERGE_CONFLICTS);
    CHECK_OK(parted_commit(&at, "a=2| x/o=^1 x/z=1 k=2", &id));
    CHECK_OK(parted_switch(&at, "other"));
    options.target = "main~1";
    CHECK_OK(dits_merge(at.temp.repo, &options, &result));
    CHECK_OK(parted_commit(&at, "a=2| x/o=^1 x/z=1 k=3", &id));
    CHECK_OK(parted_switch(&at, "main"));
    options.target = "other";
    CHECK_OK(dits_merge(at.temp.repo, &options, &result));
    CHECK(result.outcome == DITS_MERGE_COMMITTED);
    CHECK(head_is(&at, "a=2| k=3 x/o=^1 x/z=1"));
}

TEST(what_it_will_come_to_can_be_asked)
{
    static const struct {
        const char *ours;
        struct dits_merge_options options;
        enum dits_merge_outcome outcome;
        const char *message;
    } cases[] = {
        {"a=1| b=2", {0}, DITS_MERGE_COMMITTED, "Merge branch 'other'\n"},
        {"a=1| b=2", {.message = "m"}, DITS_MERGE_COMMITTED, "m"},
        {"a=1| b=2", {.no_commit = true}, DITS_MERGE_STAGED, NULL},
        {"a=1| b=2", {.squash = true}, DITS_MERGE_STAGED, NULL},
        {"a=o| b=1", {0}, DITS_MERGE_CONFLICTS, NULL},
        {NULL, {0}, DITS_MERGE_FAST_FORWARD, NULL},
        {NULL, {.squash = true}, DITS_MERGE_STAGED, NULL},
        {NULL,
         {.fast_forward = DITS_FF_NEVER},
         DITS_MERGE_COMMITTED,
         "Merge branch 'other'\n"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        CLEANUP(parted_release) struct parted at = {0};
        CLEANUP(text_free) char *message = NULL;
        struct dits_merge_options options = cases[i].options;
        struct dits_merge_result result = {0};
        options.target = "other";
        CHECK_OK(parted_make(&at, "a=1| b=1", cases[i].ours, "a=t| b=1"));
        CHECK_OK(dits_merge_look(at.temp.repo, &options, &result, &message));
        CHECK(result.outcome == cases[i].outcome);
        CHECK((message == NULL) == (cases[i].message == NULL));
        CHECK(message == NULL || strcmp(message, cases[i].message) == 0);
        CHECK(parted_is_untouched(&at, ""));
    }
}

/* What was edited, staged or moved away meanwhile is left alone. */
TEST(copies_go_with_the_commit_that_ends_it)
{
    CLEANUP(parted_release) struct parted at = {0};
    struct dits_merge_result result = {0};
    struct dits_commit_result made = {0};
    CHECK_OK(
        parted_make(&at, "a=^1 b=^1 c=^1", "a=^o b=^o c=^o", "a=^t b=^t c=^t"));
    CHECK_OK(parted_merge(&at, (struct dits_merge_options){0}, &result));
    CHECK(work_exists(&at.temp, "a.ours") && work_exists(&at.temp, "a.theirs"));
    CHECK(work_write(&at.temp, "b.ours", "edited"));
    CHECK(work_remove(&at.temp, "c.theirs"));
    for (unsigned i = 0; i < 3; i++)
        CHECK_OK(work_add(&at.temp, (const char *[]){"a", "b", "c"}[i]));
    CHECK_OK(dits_commit_create(at.temp.repo, NULL, &made));
    CHECK(work_status_is(&at.temp, "?? b.ours\n"));
    CHECK_OK(dits_undo(at.temp.repo, 0, NULL));
    CHECK(work_exists(&at.temp, "a.ours") && work_exists(&at.temp, "a.theirs"));
    CHECK(work_exists(&at.temp, "c.ours") &&
          !work_exists(&at.temp, "c.theirs"));
    CHECK(work_is(&at.temp, "b.ours", "edited"));
    CHECK_OK(dits_redo(at.temp.repo, NULL));
    CHECK(work_status_is(&at.temp, "?? b.ours\n"));
}

/* Files may be on their way; HEAD, what is staged and the work are not. */
TEST(failed_allocations_publish_nothing)
{
    static const char ours[] = "a=o| b=^o c=1";
    CLEANUP(parted_release) struct parted at = {0};
    CHECK_OK(parted_make(&at, "a=1| b=^1 c=1", ours, "a=t| b=^t c=2"));
    bool reached = true;
    for (unsigned nth = 1; reached; nth += 1 + nth / 8) {
        struct dits_merge_result result = {0};
        mem_fault_arm(nth);
        dits_error *err =
            parted_merge(&at, (struct dits_merge_options){0}, &result);
        reached = mem_fault_disarm();
        bool failed = dits_error_has(err, DITS_E_NOMEM);
        CHECK(failed || err == NULL);
        dits_error_free(err);
        if (failed) {
            CHECK_OK(tree_text_write(&at.temp, ours));
            CHECK(parted_is_untouched(&at, ""));
            continue;
        }
        CHECK(parted_is_unfinished(&at, DITS_WORK_MERGE, 2));
        CHECK_OK(dits_abort(at.temp.repo, DITS_WORK_MERGE));
        CHECK(parted_is_untouched(&at, ""));
    }
}
