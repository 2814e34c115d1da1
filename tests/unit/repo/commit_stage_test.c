#include <dits/commit.h>
#include <dits/operation.h>
#include <dits/refs.h>

#include "support/mem_fault.h"
#include "support/test.h"
#include "support/work_files.h"

/* One commit with a and b; then a is another. */
static dits_error *make(struct temp_repo *temp)
{
    const struct dits_commit_options first = {.message = "first"};
    struct dits_commit_result result = {0};
    TRY(temp_repo_make(temp));
    if (!work_write(temp, "a", "one") || !work_write(temp, "b", "two"))
        return error_new(DITS_E_IO, "cannot prepare the files");
    TRY(work_add(temp, NULL));
    TRY(dits_commit_create(temp->repo, &first, &result));
    if (!work_write(temp, "a", "changed"))
        return error_new(DITS_E_IO, "cannot prepare the files");
    return NULL;
}

static dits_error *count_one(const struct dits_operation *operation,
                             void *payload)
{
    (void)operation;
    (*(unsigned *)payload)++;
    return NULL;
}

static bool operations_are(struct temp_repo *temp, unsigned expected)
{
    unsigned count = 0;
    dits_error *err = dits_operation_each(temp->repo, count_one, &count);
    bool same = err == NULL && count == expected;
    dits_error_free(err);
    return same;
}

TEST(both_steps_are_one_operation)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    struct dits_commit_options options = {.message = "x", .all = true};
    struct dits_commit_result result = {0};
    CHECK_OK(make(&temp));
    CHECK_OK(dits_commit_stage(temp.repo, &options, &options.ahead));
    CHECK(options.ahead == 3 && work_status_is(&temp, "M  a\n"));
    options.is_staged = true;
    CHECK(work_write(&temp, "b", "not staged any more"));
    CHECK_OK(dits_commit_create(temp.repo, &options, &result));
    CHECK(result.files_changed == 1 && work_status_is(&temp, " M b\n"));
    CHECK(operations_are(&temp, 3));
    CHECK_OK(dits_undo(temp.repo, 0, NULL));
    CHECK(work_status_is(&temp, " M a\n M b\n"));
    CHECK_OK(dits_redo(temp.repo, NULL));
    CHECK(work_status_is(&temp, " M b\n"));
}

TEST(paths_are_staged_on_top_of_what_is)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    const char *const names[] = {"a"};
    struct dits_commit_options options = {
        .message = "x", .paths = {.items = names, .count = 1}};
    struct dits_commit_result result = {0};
    CHECK_OK(make(&temp));
    CHECK(work_write(&temp, "c", "staged"));
    CHECK_OK(work_add(&temp, "c"));
    CHECK_OK(dits_commit_stage(temp.repo, &options, &options.ahead));
    CHECK(work_status_is(&temp, "M  a\nA  c\n"));
    options.is_staged = true;
    CHECK_OK(dits_commit_create(temp.repo, &options, &result));
    CHECK(result.files_changed == 1 && work_status_is(&temp, "A  c\n"));
}

TEST(given_up_it_was_never_done)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    const struct dits_commit_options options = {.message = "x", .all = true};
    uint64_t ahead = 0;
    CHECK_OK(make(&temp));
    CHECK(work_write(&temp, "c", "staged"));
    CHECK_OK(work_add(&temp, "c"));
    CHECK_OK(dits_undo(temp.repo, 0, NULL));
    CHECK_OK(dits_commit_stage(temp.repo, &options, &ahead));
    CHECK(work_status_is(&temp, "M  a\n?? c\n"));
    CHECK_OK(dits_commit_unstage(temp.repo, ahead));
    CHECK(work_status_is(&temp, " M a\n?? c\n") && operations_are(&temp, 4));
    CHECK_OK(dits_redo(temp.repo, NULL));
    CHECK(work_status_is(&temp, " M a\nA  c\n"));
}

TEST(with_nothing_to_stage_there_is_nothing_to_give_up)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    const struct dits_commit_options options = {.message = "x", .all = true};
    uint64_t ahead = 7;
    CHECK_OK(make(&temp));
    CHECK_OK(work_add(&temp, "a"));
    CHECK_OK(dits_commit_stage(temp.repo, &options, &ahead));
    CHECK(ahead == 0 && operations_are(&temp, 3));
    CHECK_OK(dits_commit_unstage(temp.repo, ahead));
    CHECK(work_status_is(&temp, "M  a\n") && operations_are(&temp, 3));
}

/* As a hook may do it: then the two operations stay apart. */
TEST(what_was_done_meanwhile_stays)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    struct dits_commit_options options = {.message = "x", .all = true};
    struct dits_commit_result result = {0};
    CHECK_OK(make(&temp));
    CHECK(work_write(&temp, "c", "of the hook"));
    CHECK_OK(dits_commit_stage(temp.repo, &options, &options.ahead));
    CHECK_OK(work_add(&temp, "c"));
    CHECK_OK(dits_commit_unstage(temp.repo, options.ahead));
    CHECK(work_status_is(&temp, " M a\nA  c\n"));
    CHECK_OK(dits_commit_stage(temp.repo, &options, &options.ahead));
    CHECK(work_write(&temp, "d", "of the hook"));
    CHECK_OK(work_add(&temp, "d"));
    options.is_staged = true;
    CHECK_OK(dits_commit_create(temp.repo, &options, &result));
    CHECK(result.files_changed == 3 && work_status_is(&temp, ""));
}

TEST(failed_allocations_leave_what_was_staged)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    const struct dits_commit_options options = {.message = "x", .all = true};
    CHECK_OK(make(&temp));
    bool reached = true;
    for (unsigned nth = 1; reached; nth += 1 + nth / 8) {
        uint64_t ahead = 0;
        mem_fault_arm(nth);
        dits_error *err = dits_commit_stage(temp.repo, &options, &ahead);
        reached = mem_fault_disarm();
        CHECK(err == NULL || dits_error_has(err, DITS_E_NOMEM));
        if (err != NULL) /* perhaps saved, but not published: once more */
            CHECK_OK(dits_commit_stage(temp.repo, &options, &ahead));
        dits_error_free(err);
        CHECK_OK(dits_commit_unstage(temp.repo, ahead));
        CHECK(work_status_is(&temp, " M a\n"));
    }
}

TEST(failed_allocations_while_giving_up_can_be_undone)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    const struct dits_commit_options options = {.message = "x", .all = true};
    CHECK_OK(make(&temp));
    bool reached = true;
    for (unsigned nth = 1; reached; nth += 1 + nth / 8) {
        uint64_t ahead = 0;
        CHECK_OK(dits_commit_stage(temp.repo, &options, &ahead));
        mem_fault_arm(nth);
        dits_error *err = dits_commit_unstage(temp.repo, ahead);
        reached = mem_fault_disarm();
        CHECK(err == NULL || dits_error_has(err, DITS_E_NOMEM));
        bool failed = err != NULL;
        dits_error_free(err);
        if (failed) { /* half of it is done by the next operation */
            dits_error_free(dits_commit_unstage(temp.repo, ahead));
            CHECK_OK(dits_commit_stage(temp.repo, &options, &ahead));
            CHECK_OK(dits_commit_unstage(temp.repo, ahead));
        }
        CHECK(work_status_is(&temp, " M a\n"));
    }
}
