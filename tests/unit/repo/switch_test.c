#include <dits/commit.h>
#include <dits/operation.h>
#include <dits/refs.h>
#include <dits/worktree.h>

#include <string.h>

#include "object/path_tree.h"
#include "repo/checkout.h"
#include "repo/index.h"
#include "support/test.h"
#include "support/work_files.h"

static dits_error *commit_all(struct temp_repo *temp)
{
    struct dits_commit_options options = {.message = "a step"};
    struct dits_commit_result result = {0};
    TRY(work_add(temp, NULL));
    return dits_commit_create(temp->repo, &options, &result);
}

static dits_error *go(struct temp_repo *temp, const char *branch)
{
    struct dits_switch_options options = {.target = branch};
    struct dits_switch_result result = {0};
    return dits_switch(temp->repo, &options, &result);
}

static dits_error *start(struct temp_repo *temp, const char *branch)
{
    struct dits_switch_options options = {.create = branch};
    struct dits_switch_result result = {0};
    return dits_switch(temp->repo, &options, &result);
}

static dits_error *force(struct temp_repo *temp, const char *branch)
{
    struct dits_switch_options options = {.target = branch,
                                          .discard_changes = true};
    struct dits_switch_result result = {0};
    return dits_switch(temp->repo, &options, &result);
}

/* main: a=one, b/c=two; cut: a=ONE, d/e=three, no b. On main. */
static dits_error *make_branches(struct temp_repo *temp)
{
    TRY(temp_repo_make(temp));
    if (!work_write(temp, "a", "one") || !work_write(temp, "b/c", "two"))
        return error_new(DITS_E_IO, "cannot write");
    TRY(commit_all(temp));
    TRY(start(temp, "cut"));
    if (!work_write(temp, "a", "ONE") || !work_remove(temp, "b/c") ||
        !work_write(temp, "d/e", "three"))
        return error_new(DITS_E_IO, "cannot write");
    TRY(commit_all(temp));
    return go(temp, "main");
}

TEST(switching_brings_every_file_along)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CHECK_OK(make_branches(&temp));
    CHECK(work_is(&temp, "a", "one") && work_is(&temp, "b/c", "two"));
    CHECK(!work_exists(&temp, "d"));
    CHECK(work_status_is(&temp, ""));
    CHECK_OK(go(&temp, "cut"));
    CHECK(work_is(&temp, "a", "ONE") && work_is(&temp, "d/e", "three"));
    CHECK(!work_exists(&temp, "b"));
    CHECK_OK(go(&temp, "-"));
    CHECK(work_is(&temp, "a", "one") && work_is(&temp, "b/c", "two"));
    CHECK(work_status_is(&temp, ""));
    CHECK_FAILS(DITS_E_NOT_FOUND, go(&temp, "nowhere"));
}

TEST(changes_in_the_way_stop_a_switch_and_others_are_kept)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CHECK_OK(make_branches(&temp));
    CHECK(work_write(&temp, "a", "mine"));
    CHECK_FAILS(DITS_E_CONFLICT, go(&temp, "cut"));
    CHECK(work_is(&temp, "a", "mine") && work_is(&temp, "b/c", "two"));
    CHECK_OK(work_add(&temp, "a"));
    CHECK_FAILS(DITS_E_CONFLICT, go(&temp, "cut"));
    CHECK(work_write(&temp, "a", "one"));
    CHECK_OK(work_add(&temp, "a"));

    CHECK(work_write(&temp, "d/e", "untracked"));
    CHECK_FAILS(DITS_E_CONFLICT, go(&temp, "cut"));
    CHECK(work_is(&temp, "d/e", "untracked"));
    CHECK(work_remove(&temp, "d/e"));

    CHECK(work_write(&temp, "new", "kept"));
    CHECK_OK(work_add(&temp, "new"));
    CHECK_OK(go(&temp, "cut"));
    CHECK(work_status_is(&temp, "A  new\n"));
}

TEST(a_forced_switch_can_be_undone_with_what_it_gave_up)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    uint64_t undone = 0;
    CHECK_OK(make_branches(&temp));
    CHECK(work_write(&temp, "a", "mine"));
    CHECK(work_write(&temp, "b/c", "mine too"));
    CHECK_OK(force(&temp, "cut"));
    CHECK(work_is(&temp, "a", "ONE") && !work_exists(&temp, "b"));
    CHECK(work_status_is(&temp, ""));
    CHECK_OK(dits_undo(temp.repo, 0, &undone));
    CHECK(work_is(&temp, "a", "mine") && work_is(&temp, "b/c", "mine too"));
    CHECK(!work_exists(&temp, "d"));
    CHECK(work_status_is(&temp, " M a\n M b/c\n"));
}

TEST(a_file_and_a_folder_change_places)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CHECK_OK(temp_repo_make(&temp));
    CHECK(work_write(&temp, "x", "file") && work_write(&temp, "y/z", "deep"));
    CHECK_OK(commit_all(&temp));
    CHECK_OK(start(&temp, "other"));
    CHECK(work_remove(&temp, "x") && work_write(&temp, "x/w", "folder"));
    CHECK(work_remove(&temp, "y/z") && work_remove(&temp, "y"));
    CHECK(work_write(&temp, "y", "flat"));
    CHECK_OK(commit_all(&temp));
    CHECK_OK(go(&temp, "main"));
    CHECK(work_is(&temp, "x", "file") && work_is(&temp, "y/z", "deep"));
    CHECK_OK(go(&temp, "other"));
    CHECK(work_is(&temp, "x/w", "folder") && work_is(&temp, "y", "flat"));
    CHECK(work_status_is(&temp, ""));
}

TEST(nothing_is_written_through_a_symlink)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CHECK_OK(make_branches(&temp));
    CHECK(work_write(&temp, ".outside/e", "safe"));
    CHECK(work_link(&temp, "d", ".outside"));
    CHECK_FAILS(DITS_E_CONFLICT, go(&temp, "cut"));
    CHECK(work_is(&temp, ".outside/e", "safe"));
}

TEST(restoring_captures_what_it_replaces)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    const char *const items[] = {"."};
    struct dits_paths here = {.items = items, .count = 1};
    struct dits_restore_options from = {.source = "cut"};
    struct dits_restore_options staged = {.staged = true};
    uint64_t undone = 0;
    CHECK_OK(make_branches(&temp));
    CHECK(work_write(&temp, "a", "mine") && work_remove(&temp, "b/c"));
    CHECK_OK(dits_restore(temp.repo, &here, NULL));
    CHECK(work_is(&temp, "a", "one") && work_is(&temp, "b/c", "two"));
    CHECK(work_status_is(&temp, ""));
    CHECK_OK(dits_undo(temp.repo, 0, &undone));
    CHECK(work_is(&temp, "a", "mine") && !work_exists(&temp, "b/c"));

    CHECK_OK(dits_restore(temp.repo, &here, &from));
    CHECK(work_is(&temp, "a", "ONE") && work_is(&temp, "d/e", "three"));
    CHECK(work_status_is(&temp, " M a\n D b/c\n?? d/\n"));
    CHECK_OK(work_add(&temp, NULL));
    CHECK_OK(dits_restore(temp.repo, &here, &staged));
    CHECK(work_status_is(&temp, " M a\n D b/c\n?? d/\n"));
}

TEST(files_that_the_source_has_not_may_stay)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    const char *const all[] = {"."};
    const char *const gone[] = {"b"};
    struct dits_paths here = {.items = all, .count = 1};
    struct dits_paths folder = {.items = gone, .count = 1};
    struct dits_restore_options options = {
        .source = "cut", .staged = true, .worktree = true, .keep_others = true};
    CHECK_OK(make_branches(&temp));
    CHECK(work_write(&temp, "b/c", "edited"));
    CHECK_FAILS(DITS_E_NOT_FOUND, dits_restore(temp.repo, &folder, &options));
    CHECK_OK(dits_restore(temp.repo, &here, &options));
    CHECK(work_is(&temp, "a", "ONE") && work_is(&temp, "b/c", "edited"));
    CHECK(work_status_is(&temp, "M  a\n M b/c\nA  d/e\n"));
}

TEST(branches_before_are_gone_to_by_their_number)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CHECK_OK(make_branches(&temp));
    CHECK_OK(start(&temp, "third"));
    CHECK_OK(go(&temp, "@{-2}"));
    CHECK(work_is(&temp, "a", "ONE"));
    CHECK_OK(go(&temp, "@{-1}"));
    CHECK(work_is(&temp, "a", "one"));
    CHECK_FAILS(DITS_E_NOT_FOUND, go(&temp, "@{-9}"));
    CHECK_FAILS(DITS_E_INVALID, go(&temp, "@{-1"));
    CHECK_FAILS(DITS_E_INVALID, go(&temp, "@{-1}~1"));
}

/* A tree with one entry more than `before`: an asset that does not exist. */
static dits_error *break_tree(struct temp_repo *temp,
                              struct operation *operation, struct dits_oid *out)
{
    CLEANUP(path_tree_builder_freep) struct path_tree_builder *builder = NULL;
    struct dits_oid nothing = {{0x77}};
    const struct index_entry *a = index_find(operation_index(operation), "a");
    (void)temp;
    TRY(path_tree_builder_new(operation_writer(operation), &builder));
    TRY(path_tree_builder_add(builder, "0", TREE_FILE, &a->asset));
    TRY(path_tree_builder_add(builder, "a", TREE_EXECUTABLE, &a->asset));
    TRY(path_tree_builder_add(builder, "z", TREE_FILE, &nothing));
    TRY(path_tree_builder_finish(builder, out));
    return store_writer_commit(operation_writer(operation));
}

TEST(what_fails_half_way_is_taken_back)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CHECK_OK(make_branches(&temp));
    {
        CLEANUP(operation_freep) struct operation *operation = NULL;
        CLEANUP(checkout_freep) struct checkout *checkout = NULL;
        struct checkout_options options = {.task = "testing"};
        struct checkout_result result = {0};
        struct dits_oid broken = {0};
        CHECK_OK(operation_begin(temp.repo, "test", &operation));
        CHECK_OK(break_tree(&temp, operation, &broken));
        CHECK_OK(checkout_new(temp.repo, operation, &options, &checkout));
        CHECK_OK(checkout_add_trees(
            checkout, index_tree(operation_index(operation)), &broken));
        CHECK_FAILS(DITS_E_NOT_FOUND, checkout_run(checkout, &result));
    }
    CHECK(work_is(&temp, "a", "one") && work_is(&temp, "b/c", "two"));
    CHECK(!work_exists(&temp, "0"));
    CHECK(work_status_is(&temp, ""));
}

TEST(trees_that_reach_for_git_or_dits_are_refused)
{
    static const char *const bad[] = {".git/hooks/x", "a/.GIT", "sub/.git"};
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(operation_freep) struct operation *operation = NULL;
    struct checkout_options options = {.task = "testing"};
    struct tree_entry entry = {.mode = TREE_FILE};
    CHECK_OK(temp_repo_make(&temp));
    CHECK_OK(operation_begin(temp.repo, "test", &operation));
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        CLEANUP(checkout_freep) struct checkout *checkout = NULL;
        CHECK_OK(checkout_new(temp.repo, operation, &options, &checkout));
        CHECK_FAILS(DITS_E_CORRUPT,
                    checkout_add(checkout, bad[i], NULL, &entry));
    }
}
