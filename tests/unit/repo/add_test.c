#include <dits/worktree.h>

#include <string.h>

#include "support/test.h"
#include "support/work_files.h"

TEST(files_are_added_changed_and_removed)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CHECK_OK(temp_repo_make(&temp));
    CHECK(work_write(&temp, "a.mov", "one"));
    CHECK(work_write(&temp, "cut/b.mov", "two"));
    CHECK(work_write(&temp, "cut-2", "three"));
    CHECK(work_status_is(&temp, "?? a.mov\n?? cut/\n?? cut-2\n"));
    CHECK_OK(work_add(&temp, "."));
    CHECK(work_status_is(&temp, "A  a.mov\nA  cut/b.mov\nA  cut-2\n"));

    CHECK(work_write(&temp, "a.mov", "ONE"));
    CHECK(work_remove(&temp, "cut/b.mov"));
    CHECK(work_status_is(&temp, "AM a.mov\nAD cut/b.mov\nA  cut-2\n"));
    CHECK_OK(work_add(&temp, NULL));
    CHECK(work_status_is(&temp, "A  a.mov\nA  cut-2\n"));
}

TEST(only_what_is_named_is_added)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CHECK_OK(temp_repo_make(&temp));
    CHECK(work_write(&temp, "a/x.mov", "1"));
    CHECK(work_write(&temp, "a/y.txt", "2"));
    CHECK(work_write(&temp, "b/x.mov", "3"));
    CHECK_OK(work_add(&temp, "a/x.mov"));
    CHECK(work_status_is(&temp, "A  a/x.mov\n?? a/y.txt\n?? b/\n"));
    CHECK_OK(work_add(&temp, "*.mov"));
    CHECK(work_status_is(&temp, "A  a/x.mov\n?? a/y.txt\nA  b/x.mov\n"));
    CHECK_FAILS(DITS_E_NOT_FOUND, work_add(&temp, "c"));
    CHECK_FAILS(DITS_E_INVALID, work_add(&temp, "../x"));
}
