#include <dits/remote.h>

#include <string.h>

#include <dits/worktree.h>

#include "base/mem.h"
#include "base/text.h"
#include "repo/remote.h"
#include "support/temp_repo.h"
#include "support/test.h"

static const struct dits_oid none = {0};

static dits_error *set_ref(struct temp_repo *temp, const char *name,
                           const struct dits_oid *id)
{
    CLEANUP(operation_freep) struct operation *operation = NULL;
    TRY(operation_begin(temp->repo, "fetch", &operation));
    TRY(operation_set_ref(operation, name, &none, id, "fetch"));
    return operation_commit(operation);
}

static bool upstream_is(struct temp_repo *temp, const char *branch,
                        const char *name, uint64_t ahead, uint64_t behind)
{
    struct dits_upstream upstream = {0};
    bool found = false;
    dits_error *err =
        dits_upstream_get(temp->repo, branch, true, &upstream, &found);
    bool same = err == NULL && found == (name != NULL) &&
                upstream.ahead == ahead && upstream.behind == behind &&
                (name == NULL ||
                 (upstream.name != NULL && strcmp(upstream.name, name) == 0));
    dits_error_free(err);
    dits_upstream_release(&upstream);
    return same;
}

/* main has two commits; origin/main one of them and one of its own. */
static dits_error *make_both(struct temp_repo *temp, struct dits_oid *theirs)
{
    struct dits_oid id = {0};
    TRY(temp_repo_make(temp));
    TRY(temp_repo_commit(temp, "a", "one", &id));
    TRY(temp_repo_commit(temp, "a", "theirs", theirs));
    TRY(set_ref(temp, "refs/remotes/origin/main", theirs));
    TRY(dits_branch_create(temp->repo, "mine", "HEAD~1", false));
    const struct dits_switch_options options = {.target = "mine",
                                                .discard_changes = true};
    struct dits_switch_result result = {0};
    TRY(dits_switch(temp->repo, &options, &result));
    TRY(temp_repo_commit(temp, "a", "two", &id));
    TRY(temp_repo_commit(temp, "a", "three", &id));
    return dits_remote_add(temp->repo, "origin", "/x");
}

TEST(a_branch_knows_how_far_it_is_from_what_it_follows)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    struct dits_oid theirs = {0};
    CHECK_OK(make_both(&temp, &theirs));
    CHECK(upstream_is(&temp, NULL, NULL, 0, 0));
    CHECK_OK(dits_upstream_set(temp.repo, NULL, "origin/main"));
    CHECK(upstream_is(&temp, NULL, "origin/main", 2, 1));
    CHECK(upstream_is(&temp, "main", NULL, 0, 0));
    CHECK_OK(dits_upstream_set(temp.repo, "main", "mine"));
    CHECK(upstream_is(&temp, "main", "mine", 1, 2));
    CHECK_OK(dits_upstream_set(temp.repo, "main", NULL));
    CHECK(upstream_is(&temp, "main", NULL, 0, 0));
    CHECK_FAILS(DITS_E_NOT_FOUND, dits_upstream_set(temp.repo, "main", NULL));
    CHECK_FAILS(DITS_E_NOT_FOUND,
                dits_upstream_set(temp.repo, NULL, "origin/none"));
    CHECK_FAILS(DITS_E_NOT_FOUND,
                dits_upstream_set(temp.repo, "none", "origin/main"));
}

TEST(revisions_know_what_a_branch_follows)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    struct dits_oid theirs = {0};
    struct dits_oid id = {0};
    CHECK_OK(make_both(&temp, &theirs));
    CHECK_OK(dits_revision_resolve(temp.repo, "origin/main",
                                   DITS_REVISION_COMMIT, &id));
    CHECK(dits_oid_equal(&id, &theirs));
    CHECK_FAILS(
        DITS_E_NOT_FOUND,
        dits_revision_resolve(temp.repo, "@{u}", DITS_REVISION_COMMIT, &id));
    CHECK_OK(dits_upstream_set(temp.repo, "mine", "origin/main"));
    static const char *const names[] = {"@{u}", "@{upstream}", "mine@{U}",
                                        "HEAD@{u}"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        id = none;
        CHECK_OK(dits_revision_resolve(temp.repo, names[i],
                                       DITS_REVISION_COMMIT, &id));
        CHECK(dits_oid_equal(&id, &theirs));
    }
    CHECK_FAILS(DITS_E_NOT_FOUND,
                dits_revision_resolve(temp.repo, "main@{u}",
                                      DITS_REVISION_COMMIT, &id));
    CHECK_FAILS(DITS_E_NOT_FOUND,
                dits_revision_resolve(temp.repo, "origin/main@{u}",
                                      DITS_REVISION_COMMIT, &id));
}

TEST(a_branch_made_from_that_of_a_remote_follows_it)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    struct dits_oid theirs = {0};
    struct dits_switch_result result = {0};
    const struct dits_switch_options guessed = {.target = "grade",
                                                .discard_changes = true};
    CHECK_OK(make_both(&temp, &theirs));
    CHECK_OK(dits_branch_create(temp.repo, "copy", "origin/main", false));
    CHECK(upstream_is(&temp, "copy", "origin/main", 0, 0));
    CHECK_OK(dits_branch_create(temp.repo, "plain", "mine", false));
    CHECK(upstream_is(&temp, "plain", NULL, 0, 0));
    CHECK_OK(set_ref(&temp, "refs/remotes/origin/grade", &theirs));
    CHECK_OK(dits_switch(temp.repo, &guessed, &result));
    CHECK(temp_repo_ref_is(&temp, "refs/heads/grade", &theirs));
    CHECK(upstream_is(&temp, NULL, "origin/grade", 0, 0));
}

TEST(what_a_branch_follows_goes_with_its_name)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    struct dits_oid theirs = {0};
    CHECK_OK(make_both(&temp, &theirs));
    CHECK_OK(dits_branch_create(temp.repo, "copy", "origin/main", false));
    CHECK_OK(dits_branch_rename(temp.repo, "copy", "kept", false));
    CHECK(upstream_is(&temp, "copy", NULL, 0, 0));
    CHECK(upstream_is(&temp, "kept", "origin/main", 0, 0));
    CHECK_OK(dits_branch_delete(temp.repo, "kept", true, NULL));
    CHECK(upstream_is(&temp, "kept", NULL, 0, 0));
}

TEST(an_upstream_that_is_gone_has_a_name_and_no_commit)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    struct dits_upstream upstream = {0};
    struct dits_oid theirs = {0};
    bool found = false;
    CHECK_OK(make_both(&temp, &theirs));
    CHECK_OK(tracking_set(temp.repo, "mine", "origin", "refs/heads/gone"));
    CHECK_OK(dits_upstream_get(temp.repo, NULL, true, &upstream, &found));
    bool same = found && strcmp(upstream.name, "origin/gone") == 0 &&
                dits_oid_is_zero(&upstream.commit);
    dits_upstream_release(&upstream);
    CHECK(same);
}
