#include <dits/commit.h>
#include <dits/operation.h>
#include <dits/refs.h>
#include <dits/worktree.h>

#include <string.h>

#include "support/mem_fault.h"
#include "support/test.h"
#include "support/work_files.h"

/* Two commits on main: a=one, b/c=two; then a=ONE, d=three, no b. */
struct history {
    struct temp_repo temp;
    struct dits_oid first;
    struct dits_oid second;
};

static void history_release(struct history *history)
{
    temp_repo_release(&history->temp);
}

static dits_error *commit_all(struct temp_repo *temp, struct dits_oid *out)
{
    struct dits_commit_options options = {.message = "a step"};
    struct dits_commit_result result = {0};
    TRY(work_add(temp, NULL));
    TRY(dits_commit_create(temp->repo, &options, &result));
    *out = result.id;
    return NULL;
}

static dits_error *make_history(struct history *out)
{
    struct temp_repo *temp = &out->temp;
    TRY(temp_repo_make(temp));
    if (!work_write(temp, "a", "one") || !work_write(temp, "b/c", "two"))
        return error_new(DITS_E_IO, "cannot write");
    TRY(commit_all(temp, &out->first));
    if (!work_write(temp, "a", "ONE") || !work_remove(temp, "b/c") ||
        !work_write(temp, "d", "three"))
        return error_new(DITS_E_IO, "cannot write");
    return commit_all(temp, &out->second);
}

static dits_error *reset(struct temp_repo *temp, enum dits_reset_mode mode,
                         const char *target)
{
    struct dits_reset_options options = {.target = target, .mode = mode};
    struct dits_reset_result result = {0};
    return dits_reset(temp->repo, &options, &result);
}

static bool main_is(struct temp_repo *temp, const struct dits_oid *id)
{
    return temp_repo_ref_is(temp, "refs/heads/main", id);
}

TEST(soft_moves_the_branch_alone)
{
    CLEANUP(history_release) struct history at = {0};
    CHECK_OK(make_history(&at));
    CHECK(work_write(&at.temp, "a", "mine"));
    CHECK_OK(reset(&at.temp, DITS_RESET_SOFT, "HEAD~1"));
    CHECK(main_is(&at.temp, &at.first));
    CHECK(work_status_is(&at.temp, "MM a\nD  b/c\nA  d\n"));
    CHECK(work_is(&at.temp, "a", "mine"));
    CHECK_OK(dits_undo(at.temp.repo, 0, NULL));
    CHECK(main_is(&at.temp, &at.second));
    CHECK(work_status_is(&at.temp, " M a\n"));
}

TEST(mixed_takes_what_is_staged_along)
{
    CLEANUP(history_release) struct history at = {0};
    CHECK_OK(make_history(&at));
    CHECK_OK(reset(&at.temp, DITS_RESET_MIXED, "HEAD~1"));
    CHECK(main_is(&at.temp, &at.first));
    CHECK(work_status_is(&at.temp, " M a\n D b/c\n?? d\n"));
    CHECK(work_is(&at.temp, "a", "ONE") && work_is(&at.temp, "d", "three"));
    CHECK_OK(dits_undo(at.temp.repo, 0, NULL));
    CHECK(main_is(&at.temp, &at.second));
    CHECK(work_status_is(&at.temp, ""));
}

TEST(without_options_what_was_added_is_unstaged)
{
    CLEANUP(history_release) struct history at = {0};
    struct dits_reset_result result = {0};
    CHECK_OK(make_history(&at));
    CHECK(work_write(&at.temp, "e", "new"));
    CHECK_OK(work_add(&at.temp, NULL));
    CHECK_OK(dits_reset(at.temp.repo, NULL, &result));
    CHECK(dits_oid_equal(&result.before, &at.second));
    CHECK(dits_oid_equal(&result.after, &at.second));
    CHECK(work_status_is(&at.temp, "?? e\n"));
}

TEST(hard_takes_the_files_along)
{
    CLEANUP(history_release) struct history at = {0};
    struct dits_reset_options options = {.target = "HEAD~1",
                                         .mode = DITS_RESET_HARD};
    struct dits_reset_result result = {0};
    CHECK_OK(make_history(&at));
    CHECK(work_write(&at.temp, "u", "untracked"));
    CHECK_OK(dits_reset(at.temp.repo, &options, &result));
    CHECK(result.files_written == 2 && result.files_removed == 1);
    CHECK(main_is(&at.temp, &at.first));
    CHECK(work_is(&at.temp, "a", "one") && work_is(&at.temp, "b/c", "two"));
    CHECK(!work_exists(&at.temp, "d"));
    CHECK(work_status_is(&at.temp, "?? u\n"));
    CHECK(work_is(&at.temp, "u", "untracked"));
}

/* What only the index and the work tree have, in all ways. */
static bool make_changes(struct temp_repo *temp)
{
    bool written = work_write(temp, "a", "staged") &&
                   work_write(temp, "new", "staged too");
    dits_error *err = work_add(temp, NULL);
    bool added = err == NULL;
    dits_error_free(err);
    return written && added && work_write(temp, "a", "mine") &&
           work_write(temp, "d", "mine too") &&
           work_write(temp, "b/c", "in the way");
}

static bool has_changes(struct temp_repo *temp)
{
    return work_is(temp, "a", "mine") && work_is(temp, "d", "mine too") &&
           work_is(temp, "new", "staged too") &&
           work_is(temp, "b/c", "in the way") &&
           work_status_is(temp, "MM a\n?? b/\n M d\nA  new\n");
}

TEST(undoing_a_hard_reset_brings_back_what_was_never_committed)
{
    CLEANUP(history_release) struct history at = {0};
    CHECK_OK(make_history(&at));
    CHECK(make_changes(&at.temp) && has_changes(&at.temp));
    CHECK_OK(reset(&at.temp, DITS_RESET_HARD, "HEAD~1"));
    CHECK(work_is(&at.temp, "a", "one") && work_is(&at.temp, "b/c", "two"));
    CHECK(!work_exists(&at.temp, "new") && work_status_is(&at.temp, ""));
    CHECK_OK(dits_undo(at.temp.repo, 0, NULL));
    CHECK(main_is(&at.temp, &at.second) && has_changes(&at.temp));
    CHECK_OK(dits_redo(at.temp.repo, NULL));
    CHECK(main_is(&at.temp, &at.first) && work_status_is(&at.temp, ""));
}

/* A folder where a file shall be, and a file where a folder shall be. */
static bool turn_around(struct temp_repo *temp)
{
    return work_remove(temp, "a") && work_write(temp, "a/u", "mine") &&
           work_write(temp, "a/v/w", "deep") && work_remove(temp, "b") &&
           work_write(temp, "b", "a file") && work_write(temp, "d", "mine too");
}

static bool is_turned_around(struct temp_repo *temp)
{
    return work_is(temp, "a/u", "mine") && work_is(temp, "a/v/w", "deep") &&
           work_is(temp, "b", "a file") && work_is(temp, "d", "mine too");
}

TEST(untracked_files_make_room_for_a_hard_reset_and_come_back)
{
    CLEANUP(history_release) struct history at = {0};
    CHECK_OK(make_history(&at));
    CHECK(turn_around(&at.temp));
    CHECK_OK(reset(&at.temp, DITS_RESET_HARD, "HEAD~1"));
    CHECK(work_is(&at.temp, "a", "one") && work_is(&at.temp, "b/c", "two"));
    CHECK(work_status_is(&at.temp, ""));
    CHECK_OK(dits_undo(at.temp.repo, 0, NULL));
    CHECK(main_is(&at.temp, &at.second) && is_turned_around(&at.temp));
    CHECK_OK(dits_redo(at.temp.repo, NULL));
    CHECK(main_is(&at.temp, &at.first) && work_status_is(&at.temp, ""));
}

TEST(a_hard_reset_stops_where_files_cannot_be_captured)
{
    CLEANUP(history_release) struct history at = {0};
    CHECK_OK(make_history(&at));
    CHECK(work_remove(&at.temp, "a") && work_write(&at.temp, "a/u", "mine") &&
          work_write(&at.temp, "a/.git/config", "another repository"));
    CHECK_FAILS(DITS_E_CONFLICT, reset(&at.temp, DITS_RESET_HARD, NULL));
    CHECK(work_is(&at.temp, "a/u", "mine") &&
          work_is(&at.temp, "a/.git/config", "another repository"));
}

TEST(without_a_branch_head_itself_moves)
{
    CLEANUP(history_release) struct history at = {0};
    struct dits_switch_options away = {.detach = true};
    struct dits_switch_result went = {0};
    CHECK_OK(make_history(&at));
    CHECK_OK(dits_switch(at.temp.repo, &away, &went));
    CHECK_OK(reset(&at.temp, DITS_RESET_HARD, "main~1"));
    CHECK(temp_repo_ref_is(&at.temp, "HEAD", &at.first));
    CHECK(main_is(&at.temp, &at.second));
    CHECK(work_is(&at.temp, "a", "one"));
    CHECK_OK(dits_undo(at.temp.repo, 0, NULL));
    CHECK(temp_repo_ref_is(&at.temp, "HEAD", &at.second));
    CHECK(work_is(&at.temp, "a", "ONE"));
}

static dits_error *newest_message(const struct dits_reflog_entry *entry,
                                  void *payload)
{
    bool *is_ours = payload;
    if (entry->number == 0)
        *is_ours = strcmp(entry->message, "reset: moving to HEAD~1") == 0;
    return NULL;
}

TEST(both_reflogs_tell_of_a_reset)
{
    static const char *const names[] = {"HEAD", "main"};
    CLEANUP(history_release) struct history at = {0};
    CHECK_OK(make_history(&at));
    CHECK_OK(reset(&at.temp, DITS_RESET_SOFT, "HEAD~1"));
    for (size_t i = 0; i < 2; i++) {
        bool is_ours = false;
        CHECK_OK(
            dits_reflog_each(at.temp.repo, names[i], newest_message, &is_ours));
        CHECK(is_ours);
    }
}

static dits_error *make_unborn(struct temp_repo *out)
{
    TRY(temp_repo_make(out));
    if (!work_write(out, "a", "one"))
        return error_new(DITS_E_IO, "cannot write");
    return work_add(out, NULL);
}

TEST(before_the_first_commit_head_is_nothing)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CHECK_OK(make_unborn(&temp));
    CHECK_OK(reset(&temp, DITS_RESET_SOFT, NULL));
    CHECK(work_status_is(&temp, "A  a\n"));
    CHECK_OK(reset(&temp, DITS_RESET_MIXED, "HEAD"));
    CHECK(work_status_is(&temp, "?? a\n"));
    CHECK_FAILS(DITS_E_NOT_FOUND, reset(&temp, DITS_RESET_SOFT, "HEAD~1"));
}

TEST(before_the_first_commit_a_hard_reset_can_be_undone)
{
    static const struct dits_oid none = {0};
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CHECK_OK(make_unborn(&temp));
    CHECK_OK(reset(&temp, DITS_RESET_HARD, NULL));
    CHECK(!work_exists(&temp, "a") && main_is(&temp, &none));
    CHECK_OK(dits_undo(temp.repo, 0, NULL));
    CHECK(work_is(&temp, "a", "one") && work_status_is(&temp, "A  a\n"));
}

TEST(what_is_no_commit_is_refused)
{
    CLEANUP(history_release) struct history at = {0};
    CHECK_OK(make_history(&at));
    CHECK_FAILS(DITS_E_NOT_FOUND, reset(&at.temp, DITS_RESET_HARD, "nowhere"));
    CHECK_FAILS(DITS_E_INVALID, reset(&at.temp, DITS_RESET_SOFT, "HEAD:a"));
    CHECK(main_is(&at.temp, &at.second) && work_status_is(&at.temp, ""));
}

static bool is_unchanged(struct history *at)
{
    return main_is(&at->temp, &at->second) && work_is(&at->temp, "a", "mine") &&
           work_is(&at->temp, "d", "three");
}

/* Until it succeeds, it fails for want of memory and has changed nothing. */
static void run_out_of_memory(enum dits_reset_mode mode)
{
    CLEANUP(history_release) struct history at = {0};
    CHECK_OK(make_history(&at));
    CHECK(work_write(&at.temp, "a", "mine"));
    for (unsigned nth = 1; nth < 10000; nth++) {
        mem_fault_arm(nth);
        dits_error *err = reset(&at.temp, mode, "HEAD~1");
        (void)mem_fault_disarm();
        if (err == NULL) { /* what still fails is only the copy of the refs */
            CHECK(main_is(&at.temp, &at.first));
            return;
        }
        CHECK_FAILS(DITS_E_NOMEM, err);
        CHECK(is_unchanged(&at));
    }
    CHECK(false);
}

TEST(a_reset_that_runs_out_of_memory_changes_nothing)
{
    run_out_of_memory(DITS_RESET_SOFT);
    run_out_of_memory(DITS_RESET_MIXED);
    run_out_of_memory(DITS_RESET_HARD);
}
