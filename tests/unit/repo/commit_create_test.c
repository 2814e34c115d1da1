#include <dits/commit.h>
#include <dits/refs.h>

#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "repo/commit_handle.h"
#include "repo/open.h"
#include "support/test.h"
#include "support/work_files.h"

static dits_error *commit(struct temp_repo *temp,
                          const struct dits_commit_options *options)
{
    struct dits_commit_result result = {0};
    return dits_commit_create(temp->repo, options, &result);
}

static dits_error *load_head(struct temp_repo *temp, dits_commit **out)
{
    struct dits_oid head = {0};
    TRY(refs_head_commit(temp->repo, &head));
    return dits_commit_load(temp->repo, &head, out);
}

TEST(a_commit_holds_what_was_staged)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(commit_handle_freep) dits_commit *made = NULL;
    struct dits_commit_options options = {.message = "  first\n\n\nbody \n"};
    struct dits_commit_result result = {0};
    CHECK_OK(temp_repo_make(&temp));
    CHECK(work_write(&temp, "a", "one") && work_write(&temp, "b/c", "two"));
    CHECK_OK(work_add(&temp, NULL));
    CHECK_OK(dits_commit_create(temp.repo, &options, &result));
    CHECK(result.is_root && result.files_changed == 2);
    CHECK(result.bytes_before == 0 && result.bytes_after == 6);
    CHECK_OK(load_head(&temp, &made));
    CHECK(dits_oid_equal(dits_commit_id(made), &result.id));
    CHECK(strcmp(dits_commit_message(made), "  first\n\nbody\n") == 0);
    CHECK(dits_commit_parent_count(made) == 0);
    CHECK(strcmp(dits_commit_author(made)->name, "Ada") == 0);
    CHECK(dits_commit_committer(made)->time == temp.now);
    CHECK(work_status_is(&temp, ""));
}

TEST(nothing_staged_is_nothing_to_commit)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    struct dits_commit_options options = {.message = "x"};
    struct dits_commit_options empty = {.message = "x", .allow_empty = true};
    CHECK_OK(temp_repo_make(&temp));
    CHECK_FAILS(DITS_E_CONFLICT, commit(&temp, &options));
    CHECK_OK(commit(&temp, &empty));
    CHECK_FAILS(DITS_E_CONFLICT, commit(&temp, &options));
}

TEST(messages_people_and_dates_are_checked)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    struct dits_commit_options options = {.message = " \n",
                                          .allow_empty = true};
    CHECK_OK(temp_repo_make(&temp));
    CHECK_FAILS(DITS_E_INVALID, commit(&temp, &options));
    options.message = "x";
    options.author = "nobody";
    CHECK_FAILS(DITS_E_INVALID, commit(&temp, &options));
    options.author = "Grace <g@x>";
    options.date = "some day";
    CHECK_FAILS(DITS_E_INVALID, commit(&temp, &options));
    options.date = "@1000 +0200";
    CHECK_OK(commit(&temp, &options));
    CLEANUP(commit_handle_freep) dits_commit *made = NULL;
    CHECK_OK(load_head(&temp, &made));
    const struct dits_person *author = dits_commit_author(made);
    CHECK(strcmp(author->name, "Grace") == 0 && author->time == 1000);
    CHECK(author->offset_minutes == 120);
    CHECK(strcmp(dits_commit_committer(made)->name, "Ada") == 0);
}

TEST(without_an_identity_there_is_no_commit)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    struct dits_context_options nobody = {0};
    struct dits_commit_options options = {.message = "x", .allow_empty = true};
    CHECK_OK(temp_repo_make(&temp));
    dits_repo_free(MOVE(temp.repo));
    dits_context_free(MOVE(temp.context));
    CHECK_OK(dits_context_new(&nobody, &temp.context));
    CHECK_OK(temp_repo_reopen(&temp));
    CHECK_FAILS(DITS_E_INVALID, commit(&temp, &options));
}

TEST(amending_replaces_the_last_commit)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(commit_handle_freep) dits_commit *made = NULL;
    struct dits_commit_options options = {.message = "first"};
    struct dits_commit_options amend = {.amend = true};
    struct dits_oid first = {0};
    CHECK_OK(temp_repo_make(&temp));
    CHECK_FAILS(DITS_E_CONFLICT, commit(&temp, &amend));
    CHECK_OK(temp_repo_commit(&temp, "a", "one", &first));
    CHECK_OK(temp_repo_stage(&temp, "b", "two"));
    options.author = "Grace <g@x>";
    CHECK_OK(commit(&temp, &options));
    CHECK_OK(temp_repo_stage(&temp, "b", "three"));
    temp.now += 100;
    CHECK_OK(commit(&temp, &amend));
    CHECK_OK(load_head(&temp, &made));
    CHECK(dits_commit_parent_count(made) == 1);
    CHECK(dits_oid_equal(dits_commit_parent(made, 0), &first));
    CHECK(strcmp(dits_commit_message(made), "first\n") == 0);
    CHECK(strcmp(dits_commit_author(made)->name, "Grace") == 0);
    CHECK(dits_commit_author(made)->time == temp.now - 100);
    CHECK(dits_commit_committer(made)->time == temp.now);
    /* What is left of it changes nothing. */
    CHECK_OK(temp_repo_stage(&temp, "b", NULL));
    CHECK_FAILS(DITS_E_CONFLICT, commit(&temp, &amend));
}

TEST(paths_are_committed_and_the_rest_stays_staged)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    static const char *const path = "a";
    struct dits_commit_options first = {.message = "first"};
    struct dits_commit_options some = {.message = "some",
                                       .paths = {.items = &path, .count = 1}};
    CHECK_OK(temp_repo_make(&temp));
    CHECK(work_write(&temp, "a", "one") && work_write(&temp, "b", "two") &&
          work_write(&temp, "d", "four"));
    CHECK_OK(work_add(&temp, NULL));
    CHECK_OK(commit(&temp, &first));
    CHECK(work_write(&temp, "a", "ONE!") && work_write(&temp, "b", "TWO!") &&
          work_remove(&temp, "d") && work_write(&temp, "c", "new"));
    CHECK_OK(work_add(&temp, "b"));
    CHECK_OK(work_add(&temp, "c"));
    CHECK_OK(commit(&temp, &some));
    CHECK(work_status_is(&temp, "M  b\nA  c\n D d\n"));
}

/* Walks rely on it, and clocks go back. */
TEST(no_commit_is_older_than_its_parent)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(commit_handle_freep) dits_commit *made = NULL;
    struct dits_commit_options options = {.message = "x", .allow_empty = true};
    CHECK_OK(temp_repo_make(&temp));
    CHECK_OK(commit(&temp, &options));
    temp.now -= 1000000;
    CHECK_OK(commit(&temp, &options));
    CHECK_OK(load_head(&temp, &made));
    CHECK(dits_commit_committer(made)->time == temp.now + 1000000);
    CHECK(dits_commit_author(made)->time == temp.now);
}

static dits_error *commit_often(struct temp_repo *temp, int count)
{
    struct dits_commit_options options = {.message = "x", .allow_empty = true};
    CLEANUP(open_freep) dits_repo *repo = NULL;
    TRY(dits_repo_open(temp->context, temp->folder, &repo));
    for (int i = 0; i < count; i++) {
        struct dits_commit_result result = {0};
        TRY(dits_commit_create(repo, &options, &result));
    }
    return NULL;
}

static dits_error *count_commit(const dits_commit *made, void *payload)
{
    (void)made;
    ++*(int *)payload;
    return NULL;
}

/* CONC-H3: all succeed, one after the other, and none is lost. */
TEST(processes_that_commit_at_once_take_turns)
{
    enum { WRITERS = 4, EACH = 5 };
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    pid_t writers[WRITERS] = {0};
    int count = 0;
    bool all_well = true;
    CHECK_OK(temp_repo_make(&temp));
    for (int i = 0; i < WRITERS; i++) {
        writers[i] = fork();
        if (writers[i] == 0)
            _exit(commit_often(&temp, EACH) == NULL ? 0 : 1);
    }
    for (int i = 0; i < WRITERS; i++) {
        int status = 0;
        (void)waitpid(writers[i], &status, 0);
        all_well = all_well && WIFEXITED(status) && WEXITSTATUS(status) == 0;
    }
    CHECK(all_well);
    CHECK_OK(dits_log(temp.repo, NULL, count_commit, &count));
    CHECK(count == WRITERS * EACH);
}
