#include <dits/commit.h>
#include <dits/operation.h>
#include <dits/worktree.h>

#include "support/mem_fault.h"
#include "support/parted_repo.h"
#include "support/test.h"
#include "support/work_files.h"

/* A text, a clip, and a file that either side deleted, all in conflict. */
static dits_error *make(struct parted *at)
{
    TRY(parted_make(at, "a=1| c/clip.mov=^1 o=1 t=3", "a=o| c/clip.mov=^o o=2",
                    "a=t| c/clip.mov=^t t=4"));
    return parted_merge(at, (struct dits_merge_options){0}, NULL);
}

static dits_error *resolve(struct parted *at, enum dits_resolution how,
                           const char *path)
{
    struct dits_paths paths = {.items = &path, .count = path != NULL};
    struct dits_resolve_options options = {.how = how};
    return dits_resolve(at->temp.repo, &paths, &options);
}

TEST(a_side_takes_the_place_of_all_that_lay_there)
{
    static const struct {
        enum dits_resolution how;
        const char *status;
        const char *a; /* NULL: not there */
        const char *o;
        const char *t;
    } cases[] = {
        {DITS_RESOLVE_OURS, "", "o\n", "2", NULL},
        {DITS_RESOLVE_THEIRS, "M  a\nM  c/clip.mov\nD  o\nA  t\n", "t\n", NULL,
         "4"},
        {DITS_RESOLVE_BASE, "M  a\nM  c/clip.mov\nM  o\nA  t\n", "1\n", "1",
         "3"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        CLEANUP(parted_release) struct parted at = {0};
        CHECK_OK(make(&at));
        CHECK_OK(resolve(&at, cases[i].how, NULL));
        CHECK(work_status_is(&at.temp, cases[i].status));
        CHECK(work_is(&at.temp, "a", cases[i].a));
        CHECK(cases[i].o != NULL ? work_is(&at.temp, "o", cases[i].o)
                                 : !work_exists(&at.temp, "o"));
        CHECK(cases[i].t != NULL ? work_is(&at.temp, "t", cases[i].t)
                                 : !work_exists(&at.temp, "t"));
        CHECK(!work_exists(&at.temp, "c/clip.ours.mov"));
        CHECK(parted_is_unfinished(&at, DITS_WORK_MERGE, 0));
        CHECK_OK(dits_undo(at.temp.repo, 0, NULL));
        CHECK(parted_is_unfinished(&at, DITS_WORK_MERGE, 4));
        CHECK(work_exists(&at.temp, "c/clip.ours.mov"));
        CHECK(work_exists(&at.temp, "o") && work_exists(&at.temp, "t"));
    }
}

TEST(both_stay_side_by_side)
{
    CLEANUP(parted_release) struct parted at = {0};
    CHECK_OK(make(&at));
    CHECK_OK(resolve(&at, DITS_RESOLVE_BOTH, "a"));
    CHECK_OK(resolve(&at, DITS_RESOLVE_BOTH, "c"));
    CHECK(work_is(&at.temp, "a", "o\n"));
    CHECK(work_is(&at.temp, "a.theirs", "t\n"));
    CHECK(work_exists(&at.temp, "c/clip.theirs.mov"));
    CHECK(!work_exists(&at.temp, "c/clip.ours.mov"));
    CHECK_FAILS(DITS_E_CONFLICT, resolve(&at, DITS_RESOLVE_BOTH, "o"));
    CHECK(work_status_is(&at.temp, "A  a.theirs\nA  c/clip.theirs.mov\n"
                                   "UD o\nDU t\n"));
}

TEST(names_that_are_taken_meanwhile_are_left_alone)
{
    CLEANUP(parted_release) struct parted at = {0};
    CHECK_OK(make(&at));
    CHECK(work_write(&at.temp, "a.theirs", "mine"));
    CHECK_OK(resolve(&at, DITS_RESOLVE_BOTH, "a"));
    CHECK(work_is(&at.temp, "a.theirs", "mine"));
    CHECK(work_is(&at.temp, "a.theirs2", "t\n"));
}

TEST(files_that_are_gone_come_back_as_decided)
{
    CLEANUP(parted_release) struct parted at = {0};
    CHECK_OK(make(&at));
    CHECK(work_remove(&at.temp, "c/clip.mov") &&
          work_remove(&at.temp, "c/clip.ours.mov") &&
          work_remove(&at.temp, "c/clip.theirs.mov") &&
          work_remove(&at.temp, "c"));
    CHECK_OK(resolve(&at, DITS_RESOLVE_OURS, "c/clip.mov"));
    CHECK(work_exists(&at.temp, "c/clip.mov"));
    CHECK(!work_exists(&at.temp, "c/clip.ours.mov"));
}

TEST(what_has_no_conflict_is_refused)
{
    CLEANUP(parted_release) struct parted at = {0};
    CHECK_OK(make(&at));
    CHECK_FAILS(DITS_E_NOT_FOUND, resolve(&at, DITS_RESOLVE_OURS, "nothing"));
    CHECK(parted_is_unfinished(&at, DITS_WORK_MERGE, 4));
    CHECK_OK(resolve(&at, DITS_RESOLVE_OURS, NULL));
    CHECK_FAILS(DITS_E_NOT_FOUND, resolve(&at, DITS_RESOLVE_OURS, NULL));
    CHECK_FAILS(DITS_E_NOT_FOUND, resolve(&at, DITS_RESOLVE_OURS, "a"));
}

TEST(failed_allocations_decide_nothing)
{
    CLEANUP(parted_release) struct parted at = {0};
    CHECK_OK(make(&at));
    bool reached = true;
    for (unsigned nth = 1; reached; nth += 1 + nth / 8) {
        mem_fault_arm(nth);
        dits_error *err = resolve(&at, DITS_RESOLVE_THEIRS, "a");
        reached = mem_fault_disarm();
        bool failed = dits_error_has(err, DITS_E_NOMEM);
        CHECK(failed || err == NULL);
        dits_error_free(err);
        CHECK(parted_is_unfinished(&at, DITS_WORK_MERGE, failed ? 4 : 3));
        if (!failed)
            break;
    }
    CHECK(work_is(&at.temp, "a", "t\n"));
}
