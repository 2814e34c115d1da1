#include <dits/commit.h>
#include <dits/operation.h>
#include <dits/worktree.h>

#include "support/test.h"
#include "support/work_files.h"

static dits_error *commit_all(struct temp_repo *temp)
{
    struct dits_commit_options options = {.message = "a step"};
    struct dits_commit_result result = {0};
    TRY(work_add(temp, NULL));
    return dits_commit_create(temp->repo, &options, &result);
}

static dits_error *make_files(struct temp_repo *temp)
{
    TRY(temp_repo_make(temp));
    if (!work_write(temp, "a", "one") || !work_write(temp, "f/b", "two") ||
        !work_write(temp, "f/g/c", "three"))
        return error_new(DITS_E_IO, "cannot write");
    return commit_all(temp);
}

static dits_error *move(struct temp_repo *temp, const char *from,
                        const char *to, bool force)
{
    struct dits_paths paths = {.items = &from, .count = 1};
    struct dits_move_options options = {.force = force};
    return dits_move(temp->repo, &paths, to, &options);
}

static dits_error *drop(struct temp_repo *temp, const char *path,
                        const struct dits_remove_options *options)
{
    struct dits_paths paths = {.items = &path, .count = 1};
    return dits_remove(temp->repo, &paths, options);
}

TEST(files_and_folders_are_renamed)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    uint64_t undone = 0;
    CHECK_OK(make_files(&temp));
    CHECK_OK(move(&temp, "a", "z", false));
    CHECK(work_status_is(&temp, "R  a -> z\n"));
    CHECK_OK(move(&temp, "f", "h", false));
    CHECK(
        work_status_is(&temp, "R  f/b -> h/b\nR  f/g/c -> h/g/c\nR  a -> z\n"));
    CHECK(work_is(&temp, "h/g/c", "three") && !work_exists(&temp, "f"));
    CHECK_OK(move(&temp, "z", "h", false));
    CHECK(work_is(&temp, "h/z", "one"));
    for (int i = 0; i < 3; i++)
        CHECK_OK(dits_undo(temp.repo, 0, &undone));
    CHECK(work_is(&temp, "a", "one") && work_is(&temp, "f/g/c", "three"));
    CHECK(work_status_is(&temp, ""));
}

TEST(a_move_refuses_what_would_lose_something)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    uint64_t undone = 0;
    CHECK_OK(make_files(&temp));
    CHECK(work_write(&temp, "u", "untracked"));
    CHECK_FAILS(DITS_E_EXISTS, move(&temp, "a", "u", false));
    CHECK_FAILS(DITS_E_INVALID, move(&temp, "u", "v", false));
    CHECK_FAILS(DITS_E_INVALID, move(&temp, "f", "f/g", false));
    CHECK_FAILS(DITS_E_NOT_FOUND, move(&temp, "a", "no/where", false));
    CHECK_FAILS(DITS_E_INVALID, move(&temp, "a", ".dits/a", false));
    CHECK_FAILS(DITS_E_INVALID, move(&temp, "a", "../a", false));
    CHECK(work_status_is(&temp, "?? u\n"));

    CHECK_OK(move(&temp, "a", "u", true));
    CHECK(work_is(&temp, "u", "one"));
    CHECK_OK(dits_undo(temp.repo, 0, &undone));
    CHECK(work_is(&temp, "u", "untracked") && work_is(&temp, "a", "one"));
}

TEST(removing_follows_gits_rules)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    struct dits_remove_options cached = {.cached = true};
    struct dits_remove_options forced = {.force = true};
    struct dits_remove_options deep = {.recursive = true};
    uint64_t undone = 0;
    CHECK_OK(make_files(&temp));
    CHECK_FAILS(DITS_E_NOT_FOUND, drop(&temp, "nothing", NULL));
    CHECK_FAILS(DITS_E_INVALID, drop(&temp, "f", NULL));
    CHECK_OK(drop(&temp, "f", &deep));
    CHECK(!work_exists(&temp, "f"));
    CHECK(work_status_is(&temp, "D  f/b\nD  f/g/c\n"));
    CHECK_OK(dits_undo(temp.repo, 0, &undone));
    CHECK(work_status_is(&temp, "") && work_is(&temp, "f/b", "two"));

    CHECK(work_write(&temp, "a", "mine"));
    CHECK_FAILS(DITS_E_CONFLICT, drop(&temp, "a", NULL));
    CHECK_OK(work_add(&temp, "a"));
    CHECK_FAILS(DITS_E_CONFLICT, drop(&temp, "a", NULL));
    CHECK_OK(drop(&temp, "a", &forced));
    CHECK(!work_exists(&temp, "a"));
    CHECK_OK(dits_undo(temp.repo, 0, &undone));
    CHECK(work_is(&temp, "a", "mine"));
    CHECK_OK(drop(&temp, "a", &cached));
    CHECK(work_status_is(&temp, "D  a\n?? a\n"));
}
