#include "support/test.h"
#include "support/three_trees.h"

#define CASES(cases) (cases), sizeof(cases) / sizeof((cases)[0])

TEST(a_file_in_the_place_of_a_folder_is_moved_aside)
{
    static const struct merge_case cases[] = {
        {{"", "d=o", "d/x=t"},
         "d-\nd/x=t\nfile-folder d~HEAD<d=o/=o [- =o -]!\n"},
        {{"", "d/x=o", "d=t"},
         "d-\nd/x=o\nfile-folder d~other<d-/=t [- - =t]\n"},
        {{"d=1", "d=o", "d/x=t"},
         "d-\nd/x=t\nfile-folder d~HEAD<d=o/=o [=1 =o -]!\n"},
        {{"d=1", "d/x=o", "d=t"},
         "d-\nd/x=o\nfile-folder d~other<d-/=t [=1 - =t]\n"},
        {{"a/b=1", "a/b=1 a/b~HEAD=x", "a/b/c=1"},
         "a/b-\n"
         "a/b/c<a/b=1\n"
         "a/b~HEAD=x\n"},
    };
    CLEANUP(three_trees_release) struct three_trees three = {0};
    CHECK_OK(three_trees_open(&three));
    CHECK(three_trees_all(&three, CASES(cases)));
}

TEST(a_file_takes_the_place_of_a_folder_that_went)
{
    static const struct merge_case cases[] = {
        {{"d/x=1", "d/x=1", "d=2"}, "d=2\nd/x-\n"},
        {{"d/x=1", "d=2", "d/x=1"}, "d=2\nd/x-\n"},
        {{"d=1", "d=1", "d/x=2"}, "d-\nd/x=2\n"},
        {{"d/x=1 d/y=1", "d/y=1", "d=2"}, "d=2\nd/x-\nd/y-\n"},
    };
    CLEANUP(three_trees_release) struct three_trees three = {0};
    CHECK_OK(three_trees_open(&three));
    CHECK(three_trees_all(&three, CASES(cases)));
}

/* What the other side left alone is not in any list, but in our tree. */
TEST(untouched_files_of_ours_are_seen_too)
{
    static const struct merge_case cases[] = {
        {{"d/x=1 d/y=1", "d/x=1 d/y=o", "d=2"},
         "d-\nd/x-\ndeleted d/y=o/=o [=1 =o -]\n"
         "file-folder d~other<d-/=2 [- - =2]\n"},
        {{"k=1", "k=1 d/new=o", "k=1 d=t"},
         "d-\nd/new=o\nfile-folder d~other<d-/=t [- - =t]\n"},
    };
    CLEANUP(three_trees_release) struct three_trees three = {0};
    CHECK_OK(three_trees_open(&three));
    CHECK(three_trees_all(&three, CASES(cases)));
}

TEST(names_that_are_taken_get_a_number)
{
    static const struct merge_case cases[] = {
        {{"", "d=o d~HEAD=x", "d/x=t"},
         "d-\nd/x=t\nd~HEAD=x\nfile-folder d~HEAD_0<d=o/=o [- =o -]!\n"},
        {{"d~HEAD=1 d~HEAD_0=1", "d=o d~HEAD=1 d~HEAD_0=1",
          "d/x=t d~HEAD=1 d~HEAD_0=1"},
         "d-\nd/x=t\nfile-folder d~HEAD_1<d=o/=o [- =o -]!\n"},
        {{"", "d=o d~HEAD/f=1", "d/x=t"},
         "d-\nd/x=t\nd~HEAD/f=1\nfile-folder d~HEAD_0<d=o/=o [- =o -]!\n"},
        {{"", "d=o", "d/x=t d~HEAD/f=1"},
         "d-\nd/x=t\nd~HEAD/f=1\nfile-folder d~HEAD_0<d=o/=o [- =o -]!\n"},
    };
    CLEANUP(three_trees_release) struct three_trees three = {0};
    CHECK_OK(three_trees_open(&three));
    CHECK(three_trees_all(&three, CASES(cases)));
}

TEST(names_of_branches_make_no_folders)
{
    static const struct merge_case cases[] = {
        {{"", "d/x=o", "d=t"},
         "d-\nd/x=o\nfile-folder d~grade_final<d-/=t [- - =t]\n"},
    };
    CLEANUP(three_trees_release) struct three_trees three = {0};
    CHECK_OK(three_trees_open(&three));
    three.rules.labels[STAGE_THEIRS] = "grade/final";
    CHECK(three_trees_all(&three, CASES(cases)));
}

TEST(conflicts_keep_their_sides_when_they_are_moved)
{
    static const struct merge_case cases[] = {
        {{"d=^1", "d=^o", "d/x=t e=^1"}, "d-\nd/x=t\ne<d=^o\n"},
        {{"", "d=^o", "d/x=t e=^1"},
         "d-\nd/x=t\nfile-folder d~HEAD<d=^o/=^o [- =^o -]!\ne=^1\n"},
        {{"a=1", "a=1 d/x=o", "d=1"},
         "a-\nd<a-\nd/x=o\nfile-folder d~other<d-/=1 [- - =1]\n"},
        {{"a=1|2|3|4|", "a=o|2|3|4| d/x=o", "d=1|2|3|4|"},
         "a-\nd<a-\nd/x=o\n"
         "file-folder d~other<d-/=o|2|3|4| [- - =o|2|3|4|]\n"},
        {{"a=1", "d=1", "d/x=t"},
         "a-\nd<a-\nd/x=t\nfile-folder d~HEAD<d=1/=1 [=1 =1 -]!\n"},
    };
    CLEANUP(three_trees_release) struct three_trees three = {0};
    CHECK_OK(three_trees_open(&three));
    CHECK(three_trees_all(&three, CASES(cases)));
}
