#include "repo/sparse.h"

#include <dits/commit.h>
#include <dits/operation.h>
#include <dits/sparse.h>
#include <dits/worktree.h>

#include <string.h>

#include "base/text.h"
#include "db/db.h"
#include "repo/operation_row.h"
#include "support/mem_fault.h"
#include "support/test.h"
#include "support/work_files.h"

/* top, a/1, a/b/2, c/3: committed. */
static dits_error *make_files(struct temp_repo *temp)
{
    struct dits_commit_options options = {.message = "one"};
    struct dits_commit_result result = {0};
    TRY(temp_repo_make(temp));
    if (!work_write(temp, "top", "top") || !work_write(temp, "a/1", "one") ||
        !work_write(temp, "a/b/2", "two") || !work_write(temp, "c/3", "three"))
        return error_new(DITS_E_IO, "cannot write");
    TRY(work_add(temp, NULL));
    return dits_commit_create(temp->repo, &options, &result);
}

static void count_kept(const char *path, void *payload)
{
    (void)path;
    ++*(unsigned *)payload;
}

static dits_error *set_cone(struct temp_repo *temp, const char *folder)
{
    const struct dits_sparse_options options = {
        .mode = DITS_SPARSE_CONE,
        .patterns = {.items = &folder, .count = 1},
    };
    return dits_sparse_set(temp->repo, &options, NULL);
}

static dits_error *disable(struct temp_repo *temp)
{
    const struct dits_sparse_options options = {.mode = DITS_SPARSE_ALL};
    return dits_sparse_set(temp->repo, &options, NULL);
}

static bool only_c_is_there(const struct temp_repo *temp)
{
    return work_is(temp, "top", "top") && work_is(temp, "c/3", "three") &&
           !work_exists(temp, "a");
}

static bool all_is_there(const struct temp_repo *temp)
{
    return work_is(temp, "top", "top") && work_is(temp, "c/3", "three") &&
           work_is(temp, "a/1", "one") && work_is(temp, "a/b/2", "two");
}

TEST(what_is_not_wanted_goes_and_comes_back)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CHECK_OK(make_files(&temp));
    CHECK_OK(set_cone(&temp, "c"));
    CHECK(only_c_is_there(&temp));
    CHECK(work_status_is(&temp, ""));
    CHECK_OK(dits_undo(temp.repo, 0, NULL));
    CHECK(all_is_there(&temp));
    CHECK_OK(dits_redo(temp.repo, NULL));
    CHECK(only_c_is_there(&temp));
    CHECK_OK(disable(&temp));
    CHECK(all_is_there(&temp));
    CHECK(work_status_is(&temp, ""));
}

TEST(changes_stay_and_are_told_of)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    unsigned kept = 0;
    const char *folder = "c";
    const struct dits_sparse_options options = {
        .mode = DITS_SPARSE_CONE,
        .patterns = {.items = &folder, .count = 1},
        .on_kept = count_kept,
        .payload = &kept,
    };
    struct dits_sparse_result result = {0};
    CHECK_OK(make_files(&temp));
    CHECK(work_write(&temp, "a/1", "mine") && work_remove(&temp, "top"));
    CHECK_OK(dits_sparse_set(temp.repo, &options, &result));
    CHECK(kept == 1 && result.files_kept == 1 && result.files_removed == 1);
    CHECK(work_is(&temp, "a/1", "mine") && !work_exists(&temp, "a/b"));
    CHECK(work_status_is(&temp, " M a/1\n D top\n"));

    /* A file that the user deleted is not written: it was wanted before. */
    CHECK_OK(disable(&temp));
    CHECK(work_status_is(&temp, " M a/1\n D top\n"));
}

TEST(a_change_that_was_cut_off_shows_nothing_as_deleted_and_is_finished)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(sparse_set_freep) struct sparse_set *from = NULL;
    CLEANUP(sparse_set_freep) struct sparse_set *to = NULL;
    CLEANUP(sparse_freep) struct sparse *sparse = NULL;
    CHECK_OK(make_files(&temp));
    CHECK_OK(set_cone(&temp, "c"));
    CHECK_OK(sparse_set_parse(slice_of_text("cone\nc\n"), &from));
    CHECK_OK(sparse_set_parse(slice_of_text("cone\na/b\n"), &to));
    CHECK_OK(sparse_save(temp.repo, from, to, 4));
    CHECK(work_remove(&temp, "c/3") && work_write(&temp, "a/1", "one"));
    CHECK(work_status_is(&temp, ""));
    CHECK_FAILS(DITS_E_CONFLICT, dits_undo(temp.repo, 0, NULL));

    CHECK_OK(dits_sparse_reapply(temp.repo, NULL, NULL));
    CHECK(work_is(&temp, "a/b/2", "two") && !work_exists(&temp, "c/3"));
    CHECK(work_status_is(&temp, ""));
    CHECK_OK(sparse_open(temp.repo, &sparse));
    CHECK(sparse_target(sparse) == NULL);
    CHECK_OK(dits_undo(temp.repo, 0, NULL));
    CHECK(only_c_is_there(&temp));
}

TEST(a_change_that_was_published_has_come_to_its_end)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(sparse_set_freep) struct sparse_set *from = NULL;
    CLEANUP(sparse_set_freep) struct sparse_set *to = NULL;
    CHECK_OK(make_files(&temp));
    CHECK_OK(set_cone(&temp, "c")); /* operation 3 */
    CHECK_OK(sparse_set_parse(slice_of_text("all\n"), &from));
    CHECK_OK(sparse_set_parse(slice_of_text("cone\nc\n"), &to));
    CHECK_OK(sparse_save(temp.repo, from, to, 3));
    CHECK_OK(dits_undo(temp.repo, 0, NULL));
    CHECK(all_is_there(&temp));
}

TEST(a_lost_or_damaged_file_is_known_from_the_operations)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(text_free) char *path = NULL;
    CHECK_OK(make_files(&temp));
    CHECK_OK(set_cone(&temp, "c"));
    CHECK_OK(fs_join(temp.repo->dits_dir, "sparse", &path));
    CHECK_OK(fs_replace(path, "dits sparse 1\nset", 17));
    CHECK(work_status_is(&temp, ""));
    CHECK(temp.warnings > 0);
    CHECK_OK(fs_remove(path));
    CHECK(work_status_is(&temp, ""));
    CHECK_OK(dits_sparse_reapply(temp.repo, NULL, NULL));
    CHECK(only_c_is_there(&temp) && fs_exists(path));
}

TEST(a_failure_leaves_the_files_and_the_set)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CHECK_OK(make_files(&temp));
    CHECK_OK(set_cone(&temp, "c"));
    CHECK(work_write(&temp, "a/b/2/untracked", "in the way"));
    CHECK_FAILS(DITS_E_CONFLICT, disable(&temp));
    CHECK(work_status_is(&temp, "?? a/b/2/\n"));
    CHECK(work_is(&temp, "a/b/2/untracked", "in the way"));
    CHECK(!work_exists(&temp, "a/1"));
}

TEST(adding_needs_a_set)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    const char *folder = "a/b";
    const struct dits_sparse_options options = {
        .add = true, .patterns = {.items = &folder, .count = 1}};
    const char *top = ".";
    const struct dits_sparse_options whole = {
        .mode = DITS_SPARSE_CONE, .patterns = {.items = &top, .count = 1}};
    const struct dits_sparse_options odd = {
        .patterns = {.items = &folder, .count = 1}};
    CHECK_OK(make_files(&temp));
    CHECK_FAILS(DITS_E_INVALID, dits_sparse_set(temp.repo, &options, NULL));
    CHECK_FAILS(DITS_E_INVALID, dits_sparse_set(temp.repo, &whole, NULL));
    CHECK_FAILS(DITS_E_INVALID, dits_sparse_set(temp.repo, &odd, NULL));
    CHECK_OK(set_cone(&temp, "c"));
    CHECK_OK(dits_sparse_set(temp.repo, &options, NULL));
    CHECK(all_is_there(&temp));
}

static dits_error *count_set(const struct dits_sparse_info *info, void *payload)
{
    size_t *count = payload;
    *count = info->patterns.count + (info->is_cut_off ? 100 : 0);
    return NULL;
}

TEST(the_set_is_told)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    size_t count = 9;
    CHECK_OK(make_files(&temp));
    CHECK_OK(dits_sparse_look(temp.repo, count_set, &count));
    CHECK(count == 0);
    CHECK_OK(set_cone(&temp, "c"));
    CHECK_OK(dits_sparse_look(temp.repo, count_set, &count));
    CHECK(count == 1);
}

TEST(the_newest_set_outlives_the_operations)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    int64_t left = 0;
    CHECK_OK(make_files(&temp));
    CHECK_OK(set_cone(&temp, "a"));
    CHECK_OK(set_cone(&temp, "c"));
    CHECK(work_write(&temp, "new", "new"));
    CHECK_OK(work_add(&temp, NULL));
    CHECK_OK(db_run(temp.repo->db, "UPDATE operations SET time = 1", DB_NO_ARGS,
                    NULL));
    uint64_t dropped = 0;
    CHECK_OK(operation_row_expire(temp.repo, 2, &dropped));
    CHECK(dropped == 4);
    CLEANUP(db_rows_freep) struct db_rows *rows = NULL;
    bool found = false;
    CHECK_OK(db_query(temp.repo->db,
                      "SELECT count(*), max(after) FROM operation_sparse",
                      DB_NO_ARGS, &rows));
    CHECK_OK(db_next(rows, &found));
    left = db_column_int(rows, 0);
    CHECK(left == 1 && strcmp(db_column_text(rows, 1), "cone\nc\n") == 0);
}

TEST(a_failed_allocation_loses_nothing)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    bool reached = true;
    CHECK_OK(make_files(&temp));
    for (unsigned nth = 1; reached && nth < 20000; nth++) {
        bool is_set = nth % 2 == 1;
        mem_fault_arm(nth);
        dits_error *err = is_set ? set_cone(&temp, "c") : disable(&temp);
        reached = mem_fault_disarm();
        CHECK(err == NULL || dits_error_has(err, DITS_E_NOMEM));
        dits_error_free(err);
        CHECK(work_status_is(&temp, ""));
    }
    CHECK(!reached);
    CHECK_OK(set_cone(&temp, "c"));
    CHECK(only_c_is_there(&temp));
    CHECK_OK(disable(&temp));
    CHECK(all_is_there(&temp));
}
