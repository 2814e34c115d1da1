#include "repo/operation.h"

#include <dits/commit.h>
#include <dits/operation.h>
#include <dits/refs.h>

#include <string.h>

#include "base/text.h"
#include "repo/index.h"
#include "repo/operation_row.h"
#include "support/mem_fault.h"
#include "support/temp_repo.h"
#include "support/test.h"

static const struct dits_oid none = {0};

static bool staged_is(struct temp_repo *temp, const char *path,
                      const char *text)
{
    CLEANUP(text_free) char *staged = NULL;
    dits_error *err = temp_repo_staged(temp, path, &staged);
    bool same = err == NULL &&
                (text == NULL || staged == NULL ? text == staged
                                                : strcmp(text, staged) == 0);
    dits_error_free(err);
    return same;
}

TEST(an_operation_publishes_refs_index_and_row_together)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(operation_row_release) struct operation_row row = {0};
    struct dits_oid first = {0};
    bool found = false;
    CHECK_OK(temp_repo_make(&temp));
    CHECK_OK(temp_repo_commit(&temp, "a", "one", &first));
    CHECK_OK(temp_repo_reopen(&temp));
    CHECK(temp_repo_ref_is(&temp, "refs/heads/main", &first));
    CHECK(temp_repo_ref_is(&temp, "HEAD", &first));
    CHECK(staged_is(&temp, "a", "one"));
    CHECK_OK(operation_row_newest(temp.repo, &row, &found));
    CHECK(found && row.id == 1 && strcmp(row.kind, "commit") == 0);
    CHECK(strcmp(row.user, "Ada <ada@example.com>") == 0);
}

TEST(an_operation_that_is_dropped_changes_nothing)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CHECK_OK(temp_repo_make(&temp));
    CHECK_OK(temp_repo_stage(&temp, "a", "one"));
    {
        CLEANUP(operation_freep) struct operation *operation = NULL;
        CHECK_OK(operation_begin(temp.repo, "add", &operation));
        CHECK_OK(temp_repo_set(operation, "a", "two"));
    }
    CHECK(staged_is(&temp, "a", "one"));
}

TEST(an_operation_that_changes_nothing_leaves_no_row)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(operation_row_release) struct operation_row row = {0};
    bool found = false;
    CHECK_OK(temp_repo_make(&temp));
    CHECK_OK(temp_repo_stage(&temp, "a", "one"));
    CHECK_OK(temp_repo_stage(&temp, "a", "one"));
    CHECK_OK(operation_row_newest(temp.repo, &row, &found));
    CHECK(found && row.id == 1);
}

/* What a process leaves that dies between its two last steps. */
TEST(an_index_of_an_unpublished_operation_is_rolled_back)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CHECK_OK(temp_repo_make(&temp));
    CHECK_OK(temp_repo_stage(&temp, "a", "one"));
    {
        CLEANUP(operation_freep) struct operation *operation = NULL;
        struct dits_oid tree = {0};
        CHECK_OK(operation_begin(temp.repo, "add", &operation));
        CHECK_OK(temp_repo_set(operation, "a", "two"));
        CHECK_OK(temp_repo_set(operation, "b", "new"));
        CHECK_OK(index_write_tree(operation_index(operation),
                                  operation_writer(operation), &tree));
        CHECK_OK(store_writer_commit(operation_writer(operation)));
        CHECK_OK(index_save(operation_index(operation), 2));
    }
    CHECK(staged_is(&temp, "b", "new"));
    CHECK_OK(temp_repo_stage(&temp, "c", "three"));
    CHECK(staged_is(&temp, "a", "one"));
    CHECK(staged_is(&temp, "b", NULL));
    CHECK(staged_is(&temp, "c", "three"));
    CHECK(temp.infos == 1);
}

TEST(a_ref_that_moved_meanwhile_is_a_conflict)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(operation_freep) struct operation *operation = NULL;
    struct dits_oid first = {0};
    struct dits_oid second = {0};
    CHECK_OK(temp_repo_make(&temp));
    CHECK_OK(temp_repo_commit(&temp, "a", "one", &first));
    CHECK_OK(temp_repo_commit(&temp, "a", "two", &second));
    CHECK_OK(operation_begin(temp.repo, "branch", &operation));
    CHECK_OK(operation_set_ref(operation, "refs/heads/main", &first, &second,
                               "late"));
    CHECK_FAILS(DITS_E_CONFLICT, operation_commit(operation));
    CHECK(temp_repo_ref_is(&temp, "refs/heads/main", &second));
}

TEST(a_ref_cannot_be_a_folder_of_another)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    struct dits_oid first = {0};
    static const char *const names[] = {"refs/heads/main/x", "refs/heads/a"};
    CHECK_OK(temp_repo_make(&temp));
    CHECK_OK(temp_repo_commit(&temp, "a", "one", &first));
    {
        CLEANUP(operation_freep) struct operation *operation = NULL;
        CHECK_OK(operation_begin(temp.repo, "branch", &operation));
        CHECK_OK(operation_set_ref(operation, "refs/heads/a/b", &none, &first,
                                   "new"));
        CHECK_OK(operation_commit(operation));
    }
    for (size_t i = 0; i < 2; i++) {
        CLEANUP(operation_freep) struct operation *operation = NULL;
        CHECK_OK(operation_begin(temp.repo, "branch", &operation));
        CHECK_OK(operation_set_ref(operation, names[i], &none, &first, "new"));
        CHECK_FAILS(DITS_E_EXISTS, operation_commit(operation));
    }
}

TEST(a_ref_leads_only_to_commits_that_are_stored)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(operation_freep) struct operation *operation = NULL;
    struct dits_oid nothing = {.hash = {1}};
    CHECK_OK(temp_repo_make(&temp));
    CHECK_OK(operation_begin(temp.repo, "branch", &operation));
    CHECK_OK(operation_set_ref(operation, "refs/heads/x", &none, &nothing, ""));
    CHECK_FAILS(DITS_E_INVALID, operation_commit(operation));
}

static dits_error *make_commit(struct temp_repo *temp)
{
    struct dits_commit_options options = {.message = "x", .allow_empty = true};
    struct dits_commit_result result = {0};
    return dits_commit_create(temp->repo, &options, &result);
}

static dits_error *pass_commit(const dits_commit *commit, void *payload)
{
    (void)commit;
    (void)payload;
    return NULL;
}

static dits_error *show_log(struct temp_repo *temp)
{
    static const char *const path = "a";
    struct dits_log_options options = {.topological = true,
                                       .paths = {.items = &path, .count = 1}};
    return dits_log(temp->repo, &options, pass_commit, NULL);
}

static dits_error *make_branch(struct temp_repo *temp)
{
    return dits_branch_create(temp->repo, "x", "HEAD~1", true);
}

static dits_error *make_tag(struct temp_repo *temp)
{
    struct dits_tag_options options = {
        .name = "v", .message = "m", .force = true};
    return dits_tag_create(temp->repo, &options);
}

static dits_error *undo_tag(struct temp_repo *temp)
{
    return dits_undo(temp->repo, 0, NULL);
}

/* Until it succeeds, the command fails for want of memory and nothing else. */
static void run_out_of_memory(dits_error *(*command)(struct temp_repo *temp))
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    struct dits_oid first = {0};
    struct dits_oid second = {0};
    CHECK_OK(temp_repo_make(&temp));
    CHECK_OK(temp_repo_commit(&temp, "a", "one", &first));
    CHECK_OK(temp_repo_commit(&temp, "a", "two", &second));
    CHECK_OK(make_tag(&temp));
    for (unsigned nth = 1; nth < 10000; nth++) {
        mem_fault_arm(nth);
        dits_error *err = command(&temp);
        (void)mem_fault_disarm();
        if (err == NULL)
            return; /* what still fails then is only the copy of the refs */
        CHECK_FAILS(DITS_E_NOMEM, err);
        CHECK(temp_repo_ref_is(&temp, "HEAD", &second));
    }
    CHECK(false);
}

TEST(commands_that_run_out_of_memory_change_nothing)
{
    run_out_of_memory(make_commit);
    run_out_of_memory(show_log);
    run_out_of_memory(make_branch);
    run_out_of_memory(make_tag);
    run_out_of_memory(undo_tag);
}
