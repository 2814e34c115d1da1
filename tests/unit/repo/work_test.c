#include <dits/commit.h>
#include <dits/operation.h>
#include <dits/worktree.h>

#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "support/parted_repo.h"
#include "support/test.h"
#include "support/work_files.h"

static dits_error *make(struct parted *at)
{
    TRY(parted_make(at, "a=1| b=^1 d=1 k=1 n=1", "a=o| b=^o k=1 n=1",
                    "a=t| b=^t d=2 k=1 n=2 new=t"));
    return parted_merge(at, (struct dits_merge_options){0}, NULL);
}

TEST(what_is_unfinished_is_told)
{
    CLEANUP(parted_release) struct parted at = {0};
    CLEANUP(dits_work_release) struct dits_work work = {0};
    CHECK_OK(make(&at));
    CHECK_OK(dits_work_get(at.temp.repo, &work));
    CHECK(work.kind == DITS_WORK_MERGE && work.conflicts == 3);
    CHECK(dits_oid_equal(&work.start, &at.ours));
    CHECK(dits_oid_equal(&work.other, &at.theirs));
    CHECK(text_starts_with(work.message, "Merge branch 'other'"));
    CHECK(work.branch == NULL && work.steps_left == 0);
}

static dits_error *put_conflict(const struct dits_conflict *conflict,
                                void *payload)
{
    return buf_printf(payload, "%s%s%s%s%s%s%s ", conflict->path,
                      dits_oid_is_zero(&conflict->base) ? "" : ":b",
                      dits_oid_is_zero(&conflict->ours) ? "" : ":o",
                      dits_oid_is_zero(&conflict->theirs) ? "" : ":t",
                      conflict->ours_file != NULL ? conflict->ours_file : "",
                      conflict->theirs_file != NULL ? "," : "",
                      conflict->theirs_file != NULL ? conflict->theirs_file
                                                    : "");
}

TEST(each_conflict_is_told_with_what_lies_beside_it)
{
    CLEANUP(parted_release) struct parted at = {0};
    CLEANUP(buf_release) struct buf text = {0};
    CHECK_OK(make(&at));
    CHECK_OK(dits_conflict_each(at.temp.repo, put_conflict, &text));
    CHECK(strcmp(buf_text(&text), "a:b:o:t b:b:o:tb.ours,b.theirs d:b:t ") ==
          0);
}

TEST(given_up_all_is_as_it_was)
{
    CLEANUP(parted_release) struct parted at = {0};
    CHECK_OK(make(&at));
    CHECK_OK(dits_abort(at.temp.repo, DITS_WORK_MERGE));
    CHECK(parted_is_untouched(&at, ""));
    CHECK(work_is(&at.temp, "a", "o\n") && work_is(&at.temp, "n", "1"));
    CHECK(!work_exists(&at.temp, "d") && !work_exists(&at.temp, "new") &&
          !work_exists(&at.temp, "b.ours"));
}

/* In every state that a path may be in by then. */
TEST(what_was_edited_meanwhile_comes_back_with_undo)
{
    static const struct {
        const char *path;
        bool is_added;
    } edits[] = {{"a", false}, {"a", true},  {"b.theirs", false}, {"d", false},
                 {"d", true},  {"n", false}, {"new", true},       {"b", true}};
    for (size_t i = 0; i < sizeof(edits) / sizeof(edits[0]); i++) {
        CLEANUP(parted_release) struct parted at = {0};
        const char *path = edits[i].path;
        CHECK_OK(make(&at));
        CHECK(work_write(&at.temp, path, "mine"));
        if (edits[i].is_added)
            CHECK_OK(work_add(&at.temp, path));
        CHECK_OK(dits_abort(at.temp.repo, DITS_WORK_MERGE));
        CHECK(parted_is_untouched(&at, ""));
        CHECK_OK(dits_undo(at.temp.repo, 0, NULL));
        CHECK(work_is(&at.temp, path, "mine"));
    }
}

TEST(changes_of_other_files_stay)
{
    CLEANUP(parted_release) struct parted at = {0};
    CHECK_OK(make(&at));
    CHECK(work_write(&at.temp, "k", "mine"));
    CHECK(work_write(&at.temp, "untracked", "mine too"));
    CHECK_OK(dits_abort(at.temp.repo, DITS_WORK_MERGE));
    CHECK(parted_is_untouched(&at, " M k\n?? untracked\n"));
}

TEST(folders_in_the_way_stop_it)
{
    CLEANUP(parted_release) struct parted at = {0};
    CHECK_OK(make(&at));
    CHECK(work_remove(&at.temp, "n") && work_write(&at.temp, "n/x", "mine"));
    CHECK_FAILS(DITS_E_CONFLICT, dits_abort(at.temp.repo, DITS_WORK_MERGE));
    CHECK(parted_is_unfinished(&at, DITS_WORK_MERGE, 3));
    CHECK(work_is(&at.temp, "n/x", "mine"));
}

TEST(forgotten_it_leaves_conflicts_that_stand_for_themselves)
{
    CLEANUP(parted_release) struct parted at = {0};
    CHECK_OK(make(&at));
    CHECK_FAILS(DITS_E_NOT_FOUND, dits_quit(at.temp.repo, DITS_WORK_REBASE));
    CHECK_OK(dits_quit(at.temp.repo, DITS_WORK_MERGE));
    CHECK(parted_main_is(&at, &at.ours));
    CHECK(parted_is_unfinished(&at, DITS_WORK_STASH, 3));
    CHECK(work_is(&at.temp, "new", "t"));
    CHECK_OK(dits_undo(at.temp.repo, 0, NULL));
    CHECK(parted_is_unfinished(&at, DITS_WORK_MERGE, 3));
}

TEST(forgotten_without_conflicts_nothing_is_left)
{
    CLEANUP(parted_release) struct parted at = {0};
    CHECK_OK(make(&at));
    CHECK_OK(dits_abort(at.temp.repo, DITS_WORK_MERGE));
    CHECK_OK(parted_merge(
        &at,
        (struct dits_merge_options){.squash = true, .favor = DITS_FAVOR_OURS},
        NULL));
    CHECK_OK(dits_quit(at.temp.repo, DITS_WORK_MERGE));
    CHECK_FAILS(DITS_E_NOT_FOUND, dits_quit(at.temp.repo, DITS_WORK_MERGE));
}

TEST(only_what_is_unfinished_is_given_up)
{
    CLEANUP(parted_release) struct parted at = {0};
    CHECK_OK(make(&at));
    CHECK_FAILS(DITS_E_NOT_FOUND, dits_abort(at.temp.repo, DITS_WORK_REBASE));
    CHECK_FAILS(DITS_E_NOT_FOUND, dits_abort(at.temp.repo, DITS_WORK_PICK));
    CHECK_OK(dits_abort(at.temp.repo, DITS_WORK_MERGE));
    CHECK_FAILS(DITS_E_NOT_FOUND, dits_abort(at.temp.repo, DITS_WORK_MERGE));
    CHECK_OK(
        parted_merge(&at, (struct dits_merge_options){.squash = true}, NULL));
    CHECK_OK(dits_abort(at.temp.repo, DITS_WORK_MERGE));
    CHECK(parted_is_untouched(&at, ""));
}
