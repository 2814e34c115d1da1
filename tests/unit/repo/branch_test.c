#include <dits/refs.h>

#include <string.h>

#include "base/buf.h"
#include "support/temp_repo.h"
#include "support/test.h"

static const struct dits_oid none = {0};

static dits_error *add_name(const struct dits_ref *ref, void *payload)
{
    return buf_printf(payload, "%s%s ", ref->is_current ? "*" : "", ref->name);
}

static bool branches_are(struct temp_repo *temp, const char *names)
{
    CLEANUP(buf_release) struct buf found = {0};
    dits_error *err = dits_branch_each(temp->repo, add_name, &found);
    bool same = err == NULL && strcmp(buf_text(&found), names) == 0;
    dits_error_free(err);
    return same;
}

TEST(branches_are_made_listed_and_deleted)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    struct dits_oid first = {0};
    struct dits_oid second = {0};
    struct dits_oid was = {0};
    CHECK_OK(temp_repo_make(&temp));
    CHECK(branches_are(&temp, ""));
    CHECK_OK(temp_repo_commit(&temp, "a", "one", &first));
    CHECK_OK(temp_repo_commit(&temp, "a", "two", &second));
    CHECK_OK(dits_branch_create(temp.repo, "x/y", NULL, false));
    CHECK_OK(dits_branch_create(temp.repo, "b", "HEAD~1", false));
    CHECK(branches_are(&temp, "b *main x/y "));
    CHECK(temp_repo_ref_is(&temp, "refs/heads/b", &first));
    CHECK_FAILS(DITS_E_EXISTS, dits_branch_create(temp.repo, "b", NULL, false));
    CHECK_OK(dits_branch_create(temp.repo, "b", NULL, true));
    CHECK(temp_repo_ref_is(&temp, "refs/heads/b", &second));
    CHECK_OK(dits_branch_delete(temp.repo, "b", false, &was));
    CHECK(dits_oid_equal(&was, &second));
    CHECK(branches_are(&temp, "*main x/y "));
    CHECK_FAILS(DITS_E_NOT_FOUND,
                dits_branch_delete(temp.repo, "b", false, NULL));
    CHECK_FAILS(DITS_E_CONFLICT,
                dits_branch_delete(temp.repo, "main", true, NULL));
    CHECK_FAILS(DITS_E_CONFLICT,
                dits_branch_create(temp.repo, "main", "HEAD~1", true));
    CHECK_FAILS(DITS_E_INVALID,
                dits_branch_create(temp.repo, "a b", NULL, false));
    CHECK_FAILS(DITS_E_EXISTS, dits_branch_create(temp.repo, "x", NULL, false));
}

/* A commit on a detached HEAD, kept by a branch that HEAD then leaves. */
TEST(a_branch_that_head_does_not_contain_is_deleted_only_by_force)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    struct dits_oid first = {0};
    struct dits_oid second = {0};
    CHECK_OK(temp_repo_make(&temp));
    CHECK_OK(temp_repo_commit(&temp, "a", "one", &first));
    {
        CLEANUP(operation_freep) struct operation *operation = NULL;
        CHECK_OK(operation_begin(temp.repo, "switch", &operation));
        CHECK_OK(operation_set_head(operation, NULL, &first, "detach"));
        CHECK_OK(operation_commit(operation));
    }
    CHECK_OK(temp_repo_commit(&temp, "a", "two", &second));
    CHECK_OK(dits_branch_create(temp.repo, "side", NULL, false));
    CHECK_OK(dits_branch_delete(temp.repo, "main", false, NULL));
    CHECK_OK(dits_branch_create(temp.repo, "main", "HEAD~1", false));
    {
        CLEANUP(operation_freep) struct operation *operation = NULL;
        CHECK_OK(operation_begin(temp.repo, "switch", &operation));
        CHECK_OK(operation_set_head(operation, "refs/heads/main", NULL, "sw"));
        CHECK_OK(operation_commit(operation));
    }
    CHECK_FAILS(DITS_E_CONFLICT,
                dits_branch_delete(temp.repo, "side", false, NULL));
    CHECK_OK(dits_branch_delete(temp.repo, "side", true, NULL));
}

static dits_error *count_entry(const struct dits_reflog_entry *entry,
                               void *payload)
{
    (void)entry;
    ++*(size_t *)payload;
    return NULL;
}

TEST(renaming_takes_head_and_the_reflog_along)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    struct dits_oid first = {0};
    size_t entries = 0;
    CHECK_OK(temp_repo_make(&temp));
    CHECK_OK(temp_repo_commit(&temp, "a", "one", &first));
    CHECK_OK(dits_branch_create(temp.repo, "other", NULL, false));
    CHECK_FAILS(DITS_E_EXISTS,
                dits_branch_rename(temp.repo, NULL, "other", false));
    CHECK_OK(dits_branch_rename(temp.repo, NULL, "main/new", false));
    CHECK(branches_are(&temp, "*main/new other "));
    CHECK(temp_repo_ref_is(&temp, "HEAD", &first));
    CHECK_OK(dits_reflog_each(temp.repo, "main/new", count_entry, &entries));
    CHECK(entries == 2);
    CHECK_FAILS(DITS_E_NOT_FOUND,
                dits_reflog_each(temp.repo, "main", count_entry, &entries));
    CHECK_OK(dits_branch_rename(temp.repo, "main/new", "other", true));
    CHECK(branches_are(&temp, "*other "));
    CHECK(temp_repo_ref_is(&temp, "refs/heads/main/new", &none));
}

TEST(a_branch_without_a_commit_is_renamed_too)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    struct dits_head head = {0};
    struct dits_oid first = {0};
    CHECK_OK(temp_repo_make(&temp));
    CHECK_OK(dits_branch_rename(temp.repo, NULL, "trunk", false));
    CHECK_OK(dits_head_get(temp.repo, &head));
    bool moved = head.branch != NULL && strcmp(head.branch, "trunk") == 0 &&
                 dits_oid_is_zero(&head.commit);
    dits_head_release(&head);
    CHECK(moved);
    CHECK_OK(temp_repo_commit(&temp, "a", "one", &first));
    CHECK(branches_are(&temp, "*trunk "));
}
