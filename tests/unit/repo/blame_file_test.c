#include "repo/blame_file.h"

#include <string.h>

#include "repo/head_tree.h"
#include "support/temp_repo.h"
#include "support/test.h"
#include "support/work_files.h"

TEST(versions_are_read_from_commits_and_from_disk)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(buf_release) struct buf bytes = {0};
    struct dits_oid commit = {{0}};
    struct dits_oid tree = {{0}};
    struct dits_oid asset = {{0}};
    CHECK_OK(temp_repo_make(&temp));
    CHECK_OK(temp_repo_commit(&temp, "a/b", "stored", &commit));
    CHECK_OK(head_tree(temp.repo, &tree));
    CHECK_OK(blame_file_find(temp.repo, &tree, "a", &asset));
    CHECK(dits_oid_is_zero(&asset));
    CHECK_OK(blame_file_find(temp.repo, &tree, "a/b", &asset));
    CHECK_OK(blame_file_read(temp.repo, &asset, "a/b", &bytes));
    CHECK(strcmp(buf_text(&bytes), "stored") == 0);
    CHECK_FAILS(DITS_E_NOT_FOUND,
                blame_file_read_disk(temp.repo, "a/b", &bytes));
    CHECK(work_write(&temp, "a/b", "on disk"));
    CHECK_OK(blame_file_read_disk(temp.repo, "a/b", &bytes));
    CHECK(strcmp(buf_text(&bytes), "on disk") == 0);
    CHECK(work_link(&temp, "link", "target"));
    CHECK_OK(blame_file_read_disk(temp.repo, "link", &bytes));
    CHECK(strcmp(buf_text(&bytes), "target") == 0);
}
