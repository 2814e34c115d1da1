#include "repo/revision_search.h"

#include "repo/refs.h"
#include "support/mem_fault.h"
#include "support/temp_repo.h"
#include "support/test.h"

#include <dits/refs.h>

/* Three commits, of which each has its path as its message. */
static dits_error *make_history(struct temp_repo *temp, struct dits_oid ids[3])
{
    TRY(temp_repo_make(temp));
    for (int i = 0; i < 3; i++) {
        TRY(temp_repo_commit(temp, "a", i == 1 ? "two" : "one", &ids[i]));
        temp->now += 60;
    }
    return NULL;
}

TEST(the_youngest_that_matches_is_found)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    struct dits_oid ids[3] = {{{0}}};
    struct dits_oid found_id = {0};
    bool found = false;
    CHECK_OK(make_history(&temp, ids));
    CHECK_OK(revision_search(temp.repo, NULL, ".", &found_id, &found));
    CHECK(found && dits_oid_equal(&found_id, &ids[2]));
    CHECK_OK(revision_search(temp.repo, &ids[1], ".", &found_id, &found));
    CHECK(found && dits_oid_equal(&found_id, &ids[1]));
    CHECK_OK(revision_search(temp.repo, NULL, "!-.", &found_id, &found));
    CHECK(!found);
    CHECK_OK(revision_search(temp.repo, NULL, "!-!", &found_id, &found));
    CHECK(found && dits_oid_equal(&found_id, &ids[2]));
    CHECK_OK(revision_search(temp.repo, NULL, "!!", &found_id, &found));
    CHECK(!found);
}

TEST(what_is_no_expression_is_refused)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    struct dits_oid ids[3] = {{{0}}};
    bool found = false;
    CHECK_OK(make_history(&temp, ids));
    CHECK_FAILS(DITS_E_INVALID,
                revision_search(temp.repo, NULL, "(", &ids[0], &found));
    CHECK_FAILS(DITS_E_INVALID,
                revision_search(temp.repo, NULL, "!x", &ids[0], &found));
}

TEST(searching_survives_every_failed_allocation)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    struct dits_oid ids[3] = {{{0}}};
    CHECK_OK(make_history(&temp, ids));
    bool reached = true;
    for (unsigned nth = 1; reached; nth++) {
        struct dits_oid found_id = {0};
        bool found = false;
        mem_fault_arm(nth);
        dits_error *err =
            revision_search(temp.repo, NULL, "nowhere", &found_id, &found);
        reached = mem_fault_disarm();
        CHECK(reached == dits_error_has(err, DITS_E_NOMEM));
        dits_error_free(err);
    }
}
