#include "repo/folder_times.h"

#include "base/dir.h"
#include "support/temp_repo.h"
#include "support/test.h"
#include "support/work_files.h"

TEST(a_local_disk_tells)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(dir_close) struct dir top = {0};
    bool told = false;
    CHECK_OK(temp_repo_make(&temp));
    CHECK_OK(dir_open(temp.folder, &top));
    CHECK_OK(folder_times_try(temp.folder, &told));
    CHECK(told || !dir_is_local(&top));
    CHECK(!work_exists(&temp, "untracked.try"));
    CHECK_OK(folder_times_try(temp.folder, &told));
}

TEST(only_one_tries_at_a_time)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    bool told = false;
    CHECK_OK(temp_repo_make(&temp));
    CHECK(work_write(&temp, "untracked.try/file", ""));
    CHECK_FAILS(DITS_E_EXISTS, folder_times_try(temp.folder, &told));
    CHECK(work_exists(&temp, "untracked.try/file"));
}

TEST(what_a_killed_one_left_is_cleared)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    bool told = false;
    CHECK_OK(temp_repo_make(&temp));
    CHECK(work_write(&temp, "untracked.try/renamed", ""));
    CHECK(work_write(&temp, "untracked.try/inner/x", ""));
    CHECK(work_remove(&temp, "untracked.try/inner/x"));
    for (unsigned i = 0; i < 22; i++)
        fs_pause_ms(100);
    CHECK_OK(folder_times_try(temp.folder, &told));
    CHECK(!work_exists(&temp, "untracked.try"));
}

TEST(it_fails_where_there_is_no_folder)
{
    bool told = false;
    CHECK_FAILS(DITS_E_NOT_FOUND, folder_times_try("/nowhere/at/all", &told));
}
