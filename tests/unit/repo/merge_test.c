#include <dits/commit.h>
#include <dits/merge.h>
#include <dits/operation.h>
#include <dits/refs.h>
#include <dits/worktree.h>

#include <string.h>

#include "repo/head_tree.h"
#include "support/mem_fault.h"
#include "support/test.h"
#include "support/tree_text.h"
#include "support/work_files.h"

/* main and other, both one commit on from where they parted. */
struct parted {
    struct temp_repo temp;
    struct dits_oid base;
    struct dits_oid ours;
    struct dits_oid theirs;
};

static void parted_release(struct parted *parted)
{
    temp_repo_release(&parted->temp);
}

static dits_error *commit_tree(struct temp_repo *temp, const char *tree,
                               struct dits_oid *out)
{
    struct dits_commit_options options = {.message = "a step",
                                          .allow_empty = true};
    struct dits_commit_result result = {0};
    TRY(tree_text_write(temp, tree));
    TRY(work_add(temp, NULL));
    TRY(dits_commit_create(temp->repo, &options, &result));
    *out = result.id;
    return NULL;
}

static dits_error *go_to(struct temp_repo *temp, const char *branch,
                         bool create)
{
    struct dits_switch_options options = {.target = branch};
    struct dits_switch_result result = {0};
    if (create) {
        options.create = branch;
        options.target = NULL;
    }
    return dits_switch(temp->repo, &options, &result);
}

static dits_error *part(struct parted *out, const char *base, const char *ours,
                        const char *theirs)
{
    struct temp_repo *temp = &out->temp;
    TRY(temp_repo_make(temp));
    TRY(commit_tree(temp, base, &out->base));
    TRY(go_to(temp, "other", true));
    TRY(commit_tree(temp, theirs, &out->theirs));
    TRY(go_to(temp, "main", false));
    out->ours = out->base;
    return ours != NULL ? commit_tree(temp, ours, &out->ours) : NULL;
}

static dits_error *merge(struct parted *parted,
                         struct dits_merge_options options,
                         struct dits_merge_result *out)
{
    options.target = "other";
    return dits_merge(parted->temp.repo, &options, out);
}

static bool main_is(struct parted *parted, const struct dits_oid *id)
{
    return temp_repo_ref_is(&parted->temp, "refs/heads/main", id);
}

static enum dits_work_kind work_of(struct parted *parted, uint64_t *out_left)
{
    CLEANUP(dits_work_release) struct dits_work work = {0};
    CLEANUP(dits_error_freep)
    dits_error *err = dits_work_get(parted->temp.repo, &work);
    *out_left = work.conflicts;
    return err == NULL ? work.kind : (enum dits_work_kind) - 1;
}

static bool is_unfinished(struct parted *parted, enum dits_work_kind kind,
                          uint64_t conflicts)
{
    uint64_t left = 0;
    return work_of(parted, &left) == kind && left == conflicts;
}

/* Nothing came of it: no commit, no file, nothing staged or unfinished. */
static bool is_untouched(struct parted *parted, const char *status)
{
    return main_is(parted, &parted->ours) &&
           is_unfinished(parted, DITS_WORK_NONE, 0) &&
           work_status_is(&parted->temp, status);
}

static bool head_is(struct parted *parted, const char *expected)
{
    CLEANUP(buf_release) struct buf text = {0};
    struct dits_oid tree = {0};
    dits_error *err = head_tree(parted->temp.repo, &tree);
    if (err == NULL)
        err = tree_text_show(parted->temp.repo, &tree, &text);
    bool same = err == NULL && strcmp(buf_text(&text), expected) == 0;
    dits_error_free(err);
    return same;
}

TEST(what_is_merged_already_changes_nothing)
{
    CLEANUP(parted_release) struct parted at = {0};
    struct dits_merge_result result = {.outcome = DITS_MERGE_CONFLICTS};
    struct dits_merge_options again = {.target = "main"};
    CHECK_OK(part(&at, "a=1", "a=2", "a=1"));
    CHECK_OK(dits_merge(at.temp.repo, &again, &result));
    CHECK(result.outcome == DITS_MERGE_UP_TO_DATE);
    again.target = "main~1";
    CHECK_OK(dits_merge(at.temp.repo, &again, &result));
    CHECK(result.outcome == DITS_MERGE_UP_TO_DATE);
    CHECK(dits_oid_equal(&result.after, &at.ours) && is_untouched(&at, ""));
}

TEST(a_branch_that_is_behind_moves_or_not_as_asked)
{
    static const struct {
        struct dits_merge_options options;
        enum dits_merge_outcome outcome;
    } cases[] = {
        {{0}, DITS_MERGE_FAST_FORWARD},
        {{.fast_forward = DITS_FF_ONLY}, DITS_MERGE_FAST_FORWARD},
        {{.no_commit = true}, DITS_MERGE_FAST_FORWARD},
        {{.fast_forward = DITS_FF_NEVER}, DITS_MERGE_COMMITTED},
        {{.fast_forward = DITS_FF_NEVER, .no_commit = true}, DITS_MERGE_STAGED},
        {{.squash = true}, DITS_MERGE_STAGED},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        CLEANUP(parted_release) struct parted at = {0};
        struct dits_merge_result result = {0};
        CHECK_OK(part(&at, "a=1", NULL, "a=2 b=2"));
        CHECK_OK(merge(&at, cases[i].options, &result));
        CHECK(result.outcome == cases[i].outcome);
        bool moved = result.outcome == DITS_MERGE_FAST_FORWARD;
        CHECK(moved == dits_oid_equal(&result.after, &at.theirs));
        CHECK(work_is(&at.temp, "a", "2") && work_is(&at.temp, "b", "2"));
        CHECK_OK(dits_undo(at.temp.repo, 0, NULL));
        CHECK(is_untouched(&at, "") && work_is(&at.temp, "a", "1"));
    }
}

TEST(both_sides_come_together_in_a_commit)
{
    CLEANUP(parted_release) struct parted at = {0};
    struct dits_merge_result result = {0};
    CHECK_OK(part(&at, "a=1 b=1 c=1", "a=2 b=1 c=1", "a=1 b=2 d@=a"));
    CHECK_FAILS(DITS_E_CONFLICT,
                merge(&at,
                      (struct dits_merge_options){.fast_forward = DITS_FF_ONLY},
                      &result));
    CHECK(is_untouched(&at, ""));
    CHECK_OK(merge(&at, (struct dits_merge_options){0}, &result));
    CHECK(result.outcome == DITS_MERGE_COMMITTED && result.conflicts == 0);
    CHECK(main_is(&at, &result.after) && head_is(&at, "a=2 b=2 d@=a"));
    CHECK(work_status_is(&at.temp, "") && !work_exists(&at.temp, "c"));
    CHECK_OK(dits_undo(at.temp.repo, 0, NULL));
    CHECK(is_untouched(&at, "") && work_is(&at.temp, "c", "1"));
}

TEST(squashed_it_has_one_parent)
{
    CLEANUP(parted_release) struct parted at = {0};
    struct dits_merge_result result = {0};
    struct dits_commit_result made = {0};
    CHECK_OK(part(&at, "a=1 b=1", "a=2 b=1", "a=1 b=2"));
    CHECK_OK(merge(&at, (struct dits_merge_options){.squash = true}, &result));
    CHECK(result.outcome == DITS_MERGE_STAGED);
    CHECK(is_unfinished(&at, DITS_WORK_SQUASH, 0));
    CHECK(work_status_is(&at.temp, "M  b\n"));
    CHECK_OK(dits_commit_create(at.temp.repo, NULL, &made));
    CHECK(is_unfinished(&at, DITS_WORK_NONE, 0));
    CHECK_OK(merge(&at, (struct dits_merge_options){0}, &result));
    CHECK(result.outcome == DITS_MERGE_COMMITTED);
}

/* Texts are marked, other files lie beside; the index stays ours. */
TEST(conflicts_wait_for_an_answer)
{
    CLEANUP(parted_release) struct parted at = {0};
    struct dits_merge_result result = {0};
    struct dits_commit_result made = {0};
    CHECK_OK(part(&at, "a=1| d/clip.mov=^1", "a=o| d/clip.mov=^o",
                  "a=t| d/clip.mov=^t new=t"));
    CHECK_OK(merge(&at, (struct dits_merge_options){0}, &result));
    CHECK(result.outcome == DITS_MERGE_CONFLICTS && result.conflicts == 2);
    CHECK(is_unfinished(&at, DITS_WORK_MERGE, 2) && main_is(&at, &at.ours));
    CHECK(work_status_is(&at.temp, "UU a\nUU d/clip.mov\n"
                                   "!! d/clip.ours.mov\n"
                                   "!! d/clip.theirs.mov\nA  new\n"));
    CHECK(
        work_is(&at.temp, "a", "<<<<<<< HEAD\no\n=======\nt\n>>>>>>> other\n"));
    CHECK_FAILS(DITS_E_CONFLICT, dits_commit_create(at.temp.repo, NULL, &made));
    CHECK_FAILS(DITS_E_CONFLICT,
                merge(&at, (struct dits_merge_options){0}, &result));
    CHECK_OK(work_add(&at.temp, "a"));
    CHECK(is_unfinished(&at, DITS_WORK_MERGE, 1));
    CHECK_OK(work_add(&at.temp, "d"));
    CHECK(is_unfinished(&at, DITS_WORK_MERGE, 0));
    CHECK_OK(dits_commit_create(at.temp.repo, NULL, &made));
    CHECK(is_unfinished(&at, DITS_WORK_NONE, 0));
    CHECK_OK(merge(&at, (struct dits_merge_options){0}, &result));
    CHECK(result.outcome == DITS_MERGE_UP_TO_DATE);
}

TEST(every_step_can_be_undone_and_done_again)
{
    CLEANUP(parted_release) struct parted at = {0};
    struct dits_merge_result result = {0};
    struct dits_commit_result made = {0};
    CHECK_OK(part(&at, "a=1| b=^1", "a=o| b=^o", "a=t| b=^t"));
    CHECK_OK(merge(&at, (struct dits_merge_options){0}, &result));
    CHECK(work_write(&at.temp, "a", "both"));
    CHECK_OK(work_add(&at.temp, "a"));
    CHECK_OK(work_add(&at.temp, "b"));
    CHECK_OK(dits_commit_create(at.temp.repo, NULL, &made));
    CHECK_OK(dits_undo(at.temp.repo, 0, NULL));
    CHECK(is_unfinished(&at, DITS_WORK_MERGE, 0));
    CHECK_OK(dits_undo(at.temp.repo, 0, NULL));
    CHECK(is_unfinished(&at, DITS_WORK_MERGE, 1));
    CHECK_OK(dits_undo(at.temp.repo, 0, NULL));
    CHECK(is_unfinished(&at, DITS_WORK_MERGE, 2));
    for (int i = 0; i < 3; i++)
        CHECK_OK(dits_redo(at.temp.repo, NULL));
    CHECK(is_unfinished(&at, DITS_WORK_NONE, 0) && main_is(&at, &made.id));
}

/* Each is refused before anything is changed. */
TEST(what_would_be_lost_stops_it)
{
    static const struct {
        const char *path;
        bool is_added;
        const char *status;
    } cases[] = {
        {"a", false, " M a\n"},
        {"a", true, "M  a\n"},
        {"new", false, "?? new\n"},
        {"k", true, "M  k\n"},
        {"other.mov", true, "A  other.mov\n"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        CLEANUP(parted_release) struct parted at = {0};
        struct dits_merge_result result = {0};
        CHECK_OK(part(&at, "a=1 k=1 o=1", "a=1 k=1 o=2", "a=2 k=1 new=1 o=1"));
        CHECK(work_write(&at.temp, cases[i].path, "mine"));
        if (cases[i].is_added)
            CHECK_OK(work_add(&at.temp, cases[i].path));
        CHECK_FAILS(DITS_E_CONFLICT,
                    merge(&at, (struct dits_merge_options){0}, &result));
        CHECK(is_untouched(&at, cases[i].status));
        CHECK(work_is(&at.temp, cases[i].path, "mine"));
    }
}

static dits_error *refuse(const struct dits_merge_event *event, void *payload)
{
    (void)event;
    (*(unsigned *)payload)++;
    return error_new(DITS_E_CANCELLED, "no");
}

TEST(an_error_of_the_caller_ends_it_with_nothing_changed)
{
    CLEANUP(parted_release) struct parted at = {0};
    struct dits_merge_result result = {0};
    unsigned told = 0;
    struct dits_merge_options options = {.on_path = refuse, .payload = &told};
    CHECK_OK(part(&at, "a=^1", "a=^o", "a=^t"));
    CHECK_FAILS(DITS_E_CANCELLED, merge(&at, options, &result));
    CHECK(told == 1 && is_untouched(&at, "") && work_is(&at.temp, "a", ""));
    CHECK(!work_exists(&at.temp, "a.ours"));
}

TEST(mistakes_are_refused)
{
    CLEANUP(parted_release) struct parted at = {0};
    struct dits_merge_options options = {0};
    struct dits_merge_result result = {0};
    CHECK_OK(part(&at, "a=1", "a=2", "a=3"));
    CHECK_FAILS(DITS_E_INVALID, dits_merge(at.temp.repo, &options, &result));
    options.target = "nowhere";
    CHECK_FAILS(DITS_E_NOT_FOUND, dits_merge(at.temp.repo, &options, &result));
    options.target = "other:a";
    CHECK_FAILS(DITS_E_INVALID, dits_merge(at.temp.repo, &options, &result));
    CHECK(is_untouched(&at, ""));
}

/* Two bases, which differ in the same line; one renamed a file to two names. */
TEST(histories_that_crossed_begin_from_what_both_knew)
{
    CLEANUP(parted_release) struct parted at = {0};
    struct dits_merge_options options = {0};
    struct dits_merge_result result = {0};
    struct dits_oid id = {0};
    CHECK_OK(
        part(&at, "a=1| x=^1 k=1", "a=1| x/o=^1 x/z=1 k=2", "a=2| x/t=^1 k=1"));
    options.target = "other";
    CHECK_OK(dits_merge(at.temp.repo, &options, &result));
    CHECK(result.outcome == DITS_MERGE_CONFLICTS);
    CHECK_OK(commit_tree(&at.temp, "a=2| x/o=^1 x/z=1 k=2", &id));
    CHECK_OK(go_to(&at.temp, "other", false));
    options.target = "main~1";
    CHECK_OK(dits_merge(at.temp.repo, &options, &result));
    CHECK_OK(commit_tree(&at.temp, "a=2| x/o=^1 x/z=1 k=3", &id));
    CHECK_OK(go_to(&at.temp, "main", false));
    options.target = "other";
    CHECK_OK(dits_merge(at.temp.repo, &options, &result));
    CHECK(result.outcome == DITS_MERGE_COMMITTED);
    CHECK(head_is(&at, "a=2| k=3 x/o=^1 x/z=1"));
}

/* Files may be on their way; HEAD, what is staged and the work are not. */
TEST(failed_allocations_publish_nothing)
{
    static const char ours[] = "a=o| b=^o c=1";
    CLEANUP(parted_release) struct parted at = {0};
    CHECK_OK(part(&at, "a=1| b=^1 c=1", ours, "a=t| b=^t c=2"));
    bool reached = true;
    for (unsigned nth = 1; reached; nth += 1 + nth / 8) {
        struct dits_merge_result result = {0};
        mem_fault_arm(nth);
        dits_error *err = merge(&at, (struct dits_merge_options){0}, &result);
        reached = mem_fault_disarm();
        bool failed = dits_error_has(err, DITS_E_NOMEM);
        CHECK(failed || err == NULL);
        dits_error_free(err);
        if (failed) {
            CHECK_OK(tree_text_write(&at.temp, ours));
            CHECK(is_untouched(&at, ""));
            continue;
        }
        CHECK(is_unfinished(&at, DITS_WORK_MERGE, 2));
        CHECK_OK(dits_abort(at.temp.repo, DITS_WORK_MERGE));
        CHECK(is_untouched(&at, ""));
    }
}
