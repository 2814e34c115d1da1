#include "repo/merge_decide.h"

#include "support/mem_fault.h"
#include "support/test.h"
#include "support/three_trees.h"

#define MARKED "<<<<<<< HEAD|o|=======|t|>>>>>>> other|"
#define CASES(cases) (cases), sizeof(cases) / sizeof((cases)[0])

TEST(what_one_side_did_is_the_result)
{
    static const struct merge_case cases[] = {
        {{"a=1", "a=1", "a=2"}, "a=2\n"},
        {{"a=1", "a=2", "a=1"}, "a=2\n"},
        {{"a=1", "a=1", ""}, "a-\n"},
        {{"a=1", "", "a=1"}, "a-\n"},
        {{"a=1", "", ""}, "a-\n"},
        {{"", "", "a=1"}, "a=1\n"},
        {{"", "a=1", "a=1"}, "a=1\n"},
        {{"a=1", "a=2", "a=2"}, "a=2\n"},
        {{"a=1", "a*=1", "a=2"}, "a*=2\n"},
        {{"a*=1", "a=1", "a*=2"}, "a=2\n"},
        {{"a=1", "a=1", "a@=x"}, "a@=x\n"},
        {{"a=", "a=", "a=1"}, "a=1\n"},
        {{"a=1 b=1", "a=1 b=2", "a=2 b=1"}, "a=2\nb=2\n"},
    };
    CLEANUP(three_trees_release) struct three_trees three = {0};
    CHECK_OK(three_trees_open(&three));
    CHECK(three_trees_all(&three, CASES(cases)));
}

TEST(what_both_did_is_merged_or_a_conflict)
{
    static const struct merge_case cases[] = {
        {{"a=1|2|3|4|5|", "a=o|2|3|4|5|", "a=1|2|3|4|t|"},
         "auto a=o|2|3|4|t|\n"},
        {{"a=1|", "a=o|", "a=t|"}, "content a=o|/=" MARKED " [=1| =o| =t|]\n"},
        {{"", "a=o|", "a=t|"}, "both-added a=o|/=" MARKED " [- =o| =t|]\n"},
        {{"", "a=", "a=t|"}, "auto a=t|\n"},
        {{"a=^1", "a=^o", "a=^t"}, "content a=^o/=^o [=^1 =^o =^t]\n"},
        {{"a=^1", "a*=^o", "a=^t"}, "content a*=^o/*=^o [=^1 *=^o =^t]\n"},
        {{"a@=1", "a@=o", "a@=t"}, "content a@=o/@=o [@=1 @=o @=t]\n"},
        {{"a=1", "a@=o", "a=t"}, "content a@=o/@=o [=1 @=o =t]\n"},
        {{"a=1", "a=o", ""}, "deleted a=o/=o [=1 =o -]\n"},
        {{"a=1", "", "a=t"}, "deleted a-/=t [=1 - =t]!\n"},
        {{"a=1", "a*=1", ""}, "deleted a*=1/*=1 [=1 *=1 -]\n"},
    };
    CLEANUP(three_trees_release) struct three_trees three = {0};
    CHECK_OK(three_trees_open(&three));
    CHECK(three_trees_all(&three, CASES(cases)));
}

TEST(changes_follow_what_was_renamed)
{
    static const struct merge_case cases[] = {
        {{"a=1", "b=1", "a=2"}, "a-\nb<a=2\n"},
        {{"a=1", "a=2", "b=1"}, "a-\nb<a=2\n"},
        {{"a=1", "b=1", "b=1"}, "a-\nb<a=1\n"},
        {{"a=1|2|3|4|5|", "b=1|2|3|4|o|", "a=t|2|3|4|5|"},
         "a-\nauto b<a=t|2|3|4|o|\n"},
        {{"a=1", "d/a=1", "a=2"}, "a-\nd/a<a=2\n"},
        {{"a=1", "b=1", ""}, "a-\nrename-delete b<a=1/=1 [=1 =1 -]\n"},
        {{"a=1", "", "b=1"}, "a-\nrename-delete b<a-/=1 [=1 - =1]!\n"},
        {{"a=1", "b=1", "c=1"},
         "rename-rename a-/- [=1 - -]\n"
         "rename-rename b<a>c=1/=1 [- =1 -]\n"
         "rename-rename c<a>b-/=1 [- - =1]\n"},
    };
    CLEANUP(three_trees_release) struct three_trees three = {0};
    CHECK_OK(three_trees_open(&three));
    CHECK(three_trees_all(&three, CASES(cases)));
}

/* No change is missing under either name, where it can be merged. */
TEST(what_both_renamed_is_merged_under_both_names)
{
    static const struct merge_case cases[] = {
        {{"a=1|2|3|4|5|", "b=o|2|3|4|5|", "c=1|2|3|4|t|"},
         "rename-rename a-/- [=1|2|3|4|5| - -]\n"
         "rename-rename b<a>c=o|2|3|4|5|/=o|2|3|4|t| [- =o|2|3|4|t| -]\n"
         "rename-rename c<a>b-/=o|2|3|4|t| [- - =o|2|3|4|t|]\n"},
        {{"a=1|2|3|4|5|", "b=1|2|3|4|5|", "c*=1|2|3|4|5|"},
         "rename-rename a-/- [=1|2|3|4|5| - -]\n"
         "rename-rename b<a>c=1|2|3|4|5|/*=1|2|3|4|5| [- *=1|2|3|4|5| -]\n"
         "rename-rename c<a>b-/*=1|2|3|4|5| [- - *=1|2|3|4|5|]\n"},
    };
    CLEANUP(three_trees_release) struct three_trees three = {0};
    CHECK_OK(three_trees_open(&three));
    CHECK(three_trees_all(&three, CASES(cases)));
}

TEST(markers_name_a_file_that_one_side_renamed)
{
    static const struct merge_case cases[] = {
        {{"a=1|2|3|4|", "a=1|2|3|o|", "b=1|2|3|t|"},
         "a-\ncontent b<a=1|2|3|o|/=1|2|3|<<<<<<< HEAD:a|o|=======|t|"
         ">>>>>>> other:b| [=1|2|3|4| =1|2|3|o| =1|2|3|t|]\n"},
        {{"a=1|2|3|4|", "b=1|2|3|o|", "b=1|2|3|t|"},
         "a-\ncontent b<a=1|2|3|o|/=1|2|3|<<<<<<< HEAD|o|=======|t|"
         ">>>>>>> other| [=1|2|3|4| =1|2|3|o| =1|2|3|t|]\n"},
    };
    CLEANUP(three_trees_release) struct three_trees three = {0};
    CHECK_OK(three_trees_open(&three));
    CHECK(three_trees_all(&three, CASES(cases)));
}

/* Nothing of the content is in doubt, but neither side's mode is. */
TEST(files_added_with_different_modes_are_in_conflict)
{
    static const struct merge_case cases[] = {
        {{"", "a*=1", "a=1"}, "both-added a*=1/*=1 [- *=1 =1]\n"},
        {{"", "a=^1", "a*=^1"}, "both-added a=^1/=^1 [- =^1 *=^1]\n"},
    };
    CLEANUP(three_trees_release) struct three_trees three = {0};
    CHECK_OK(three_trees_open(&three));
    CHECK(three_trees_all(&three, CASES(cases)));
}

/* Both files count as added, each with what the other side did to it. */
TEST(files_that_meet_under_one_name_are_both_added)
{
    static const struct merge_case cases[] = {
        {{"a=^1", "b=^1", "a=^1 b=^t"},
         "a-\nboth-added b<a=^1/=^1 [- =^1 =^t]\n"},
        {{"a=^1", "a=^1 b=^o", "b=^1"},
         "a-\nboth-added b=^o/=^o [- =^o =^1]\n"},
        {{"a=1|2|3|4|5|", "b=o|2|3|4|5|", "a=1|2|3|4|t| b=^"},
         "a-\nboth-added b<a=o|2|3|4|t|/=o|2|3|4|t| "
         "[- =o|2|3|4|t| =^]\n"},
        {{"a=^1 c=^2", "b=^1 c=^2", "a=^1 b=^2"},
         "a-\nboth-added b<a=^1/=^1 [- =^1 =^2]\nc-\n"},
        {{"a=^1", "b=^1", "b=^2"},
         "a-\n"
         "both-added b<a=^1/=^1 [- =^1 =^2]\n"},
        {{"a=^1 z=^9", "b=^1 z=^9", "a=^2 b=^2 z=^9"}, "a-\nb<a=^2\n"},
    };
    CLEANUP(three_trees_release) struct three_trees three = {0};
    CHECK_OK(three_trees_open(&three));
    CHECK(three_trees_all(&three, CASES(cases)));
}

TEST(empty_files_are_never_taken_for_renamed)
{
    static const struct merge_case cases[] = {
        {{"a/x=", "b/x=", "a/x=t"}, "deleted a/x-/=t [= - =t]!\nb/x=\n"},
        {{"a/x=", "b/x=", "a/x= c="}, "a/x-\nb/x=\nc=\n"},
    };
    CLEANUP(three_trees_release) struct three_trees three = {0};
    CHECK_OK(three_trees_open(&three));
    CHECK(three_trees_all(&three, CASES(cases)));
}

TEST(a_side_that_is_preferred_wins_where_both_changed)
{
    static const struct merge_case cases[] = {
        {{"a=1|", "a=o|", "a=t|"}, "auto a=t|\n"},
        {{"a=^1", "a=^o", "a=^t"}, "auto a=^t\n"},
        {{"a@=1", "a@=o", "a@=t"}, "auto a@=t\n"},
        {{"a=1", "a=o", ""}, "deleted a=o/=o [=1 =o -]\n"},
    };
    CLEANUP(three_trees_release) struct three_trees three = {0};
    CHECK_OK(three_trees_open(&three));
    three.rules.favor = DITS_FAVOR_THEIRS;
    CHECK(three_trees_all(&three, CASES(cases)));
}

TEST(failed_allocations_leave_nothing_behind)
{
    static const char *const texts[] = {"a=1|2|3|4|5| b=^1 x=1",
                                        "a=o|2|3|4|5| c=^1 d/e=1 d/f=1",
                                        "a=1|2|3|4|t| b=^1 c=^ d=1 x=2"};
    CLEANUP(three_trees_release) struct three_trees three = {0};
    CHECK_OK(three_trees_open(&three));
    CHECK_OK(three_trees_store(&three, texts));
    /* What stays is read once before. */
    bool reached = true;
    for (unsigned nth = 0; reached; nth++) {
        struct merge_plan plan = {0};
        struct merge_outcomes outcomes = {0};
        size_t live = mem_fault_live();
        mem_fault_arm(nth != 0 ? nth : 1u << 30);
        dits_error *err = merge_plan_make(three.temp.repo, three.trees, &plan);
        if (err == NULL)
            err = merge_decide(&three.rules, three.trees, &plan, &outcomes);
        reached = mem_fault_disarm() || nth == 0;
        bool failed = dits_error_has(err, DITS_E_NOMEM);
        CHECK(failed || err == NULL);
        CHECK(failed == (reached && nth > 0));
        dits_error_free(err);
        CHECK(failed || outcomes.count == 8);
        merge_outcomes_release(&outcomes);
        merge_plan_release(&plan);
        CHECK(nth == 0 || mem_fault_live() <= live);
    }
}
