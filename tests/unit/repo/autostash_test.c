#include "repo/autostash.h"

#include <dits/operation.h>
#include <dits/replay.h>
#include <dits/stash.h>

#include "support/parted_repo.h"
#include "support/test.h"
#include "support/work_files.h"

static dits_error *count_stash(const struct dits_stash *stash, void *payload)
{
    (void)stash;
    ++*(size_t *)payload;
    return NULL;
}

static size_t stashes(struct parted *at)
{
    size_t count = 0;
    dits_error *err = dits_stash_each(at->temp.repo, count_stash, &count);
    dits_error_free(err);
    return err == NULL ? count : SIZE_MAX;
}

static dits_error *rebase(struct parted *at, struct dits_replay_result *out)
{
    const struct dits_rebase_options options = {.upstream = "other",
                                                .autostash = true};
    return dits_rebase(at->temp.repo, &options, out);
}

/* k is changed; of main and other only a may be in conflict. */
static dits_error *make(struct parted *at, const char *theirs)
{
    TRY(parted_make(at, "a=1 k=1", "a=o k=1", theirs));
    return work_write(&at->temp, "k", "mine")
               ? NULL
               : error_new(DITS_E_IO, "cannot write");
}

TEST(what_was_put_aside_comes_back_at_the_end)
{
    CLEANUP(parted_release) struct parted at = {0};
    struct dits_replay_result result = {0};
    CHECK_OK(make(&at, "a=1 k=1 new=t"));
    CHECK_OK(rebase(&at, &result));
    CHECK(result.outcome == DITS_REPLAY_DONE && stashes(&at) == 0);
    CHECK(work_is(&at.temp, "k", "mine") && work_is(&at.temp, "new", "t"));
    for (int i = 0; i < 3; i++) /* the stash, the rebase, the stash again */
        CHECK_OK(dits_undo(at.temp.repo, 0, NULL));
    CHECK(parted_is_untouched(&at, " M k\n") && stashes(&at) == 0);
}

TEST(a_stop_keeps_it_out_of_the_list)
{
    CLEANUP(parted_release) struct parted at = {0};
    struct dits_replay_result result = {0};
    CHECK_OK(make(&at, "a=t k=1"));
    CHECK_OK(rebase(&at, &result));
    CHECK(result.outcome == DITS_REPLAY_CONFLICTS && stashes(&at) == 0);
    CHECK(work_is(&at.temp, "k", "1"));
    CHECK_OK(dits_abort(at.temp.repo, DITS_WORK_REBASE));
    CHECK(parted_is_untouched(&at, " M k\n") && stashes(&at) == 0);
    CHECK(work_is(&at.temp, "k", "mine"));
}

TEST(forgotten_it_is_a_stash_like_others)
{
    CLEANUP(parted_release) struct parted at = {0};
    struct dits_replay_result result = {0};
    CHECK_OK(make(&at, "a=t k=1"));
    CHECK_OK(rebase(&at, &result));
    CHECK_OK(dits_quit(at.temp.repo, DITS_WORK_REBASE));
    CHECK(work_is(&at.temp, "k", "1") && stashes(&at) == 1);
}

TEST(what_does_not_fit_stays_in_the_list)
{
    CLEANUP(parted_release) struct parted at = {0};
    struct dits_replay_result result = {0};
    CHECK_OK(make(&at, "a=1 k=2"));
    CHECK_OK(rebase(&at, &result));
    CHECK(result.outcome == DITS_REPLAY_DONE && stashes(&at) == 1);
    CHECK(atomic_load(&at.temp.warnings) == 1);
}

TEST(a_rebase_that_fails_brings_it_back)
{
    CLEANUP(parted_release) struct parted at = {0};
    struct dits_replay_result result = {0};
    CHECK_OK(make(&at, "a=1 k=1 new=t"));
    CHECK(work_write(&at.temp, "new", "in the way"));
    CHECK_FAILS(DITS_E_CONFLICT, rebase(&at, &result));
    CHECK(parted_is_untouched(&at, " M k\n?? new\n") && stashes(&at) == 0);
    CHECK(work_is(&at.temp, "k", "mine"));
}
