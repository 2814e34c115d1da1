#include "repo/grep_files.h"

#include <string.h>

#include "support/mem_fault.h"
#include "support/temp_repo.h"
#include "support/test.h"
#include "support/work_files.h"

static dits_error *make(struct temp_repo *temp)
{
    struct dits_oid id = {{0}};
    TRY(temp_repo_make(temp));
    TRY(temp_repo_commit(temp, "b/c", "one", &id));
    TRY(temp_repo_stage(temp, "a", "two"));
    if (!work_write(temp, "a", "two") || !work_write(temp, "b/c", "one") ||
        !work_write(temp, "b/new", "three"))
        return error_new(DITS_E_IO, "cannot write");
    return NULL;
}

/* "a+ b/c" with a plus for what is stored. */
static dits_error *list(struct temp_repo *temp,
                        const struct dits_grep_options *options,
                        const char *revision, struct buf *out)
{
    CLEANUP(pathspec_freep) struct pathspec *pathspec = NULL;
    CLEANUP(grep_files_release) struct grep_files files = {0};
    TRY(pathspec_of(temp->repo, &options->paths, &pathspec));
    TRY(grep_files_find(temp->repo, options, pathspec, revision, &files));
    for (size_t i = 0; i < files.count; i++)
        TRY(buf_printf(out, "%s%s%s", i > 0 ? " " : "", files.items[i].path,
                       dits_oid_is_zero(&files.items[i].asset) ? "" : "+"));
    return NULL;
}

static bool finds(struct temp_repo *temp,
                  const struct dits_grep_options *options, const char *revision,
                  const char *wanted)
{
    CLEANUP(buf_release) struct buf found = {0};
    return test_ok(list(temp, options, revision, &found), wanted, __FILE__,
                   __LINE__) &&
           strcmp(buf_text(&found), wanted) == 0;
}

TEST(files_come_from_where_they_are_asked_for)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    static const char *const below = "b";
    struct dits_grep_options options = {0};
    CHECK_OK(make(&temp));
    CHECK(finds(&temp, &options, NULL, "a b/c"));
    CHECK(finds(&temp, &options, "HEAD", "b/c+"));
    options.untracked = true;
    CHECK(finds(&temp, &options, NULL, "a b/c b/new"));
    options = (struct dits_grep_options){.staged = true};
    CHECK(finds(&temp, &options, NULL, "a+ b/c+"));
    options = (struct dits_grep_options){
        .untracked = true, .paths = {.items = &below, .count = 1}};
    CHECK(finds(&temp, &options, NULL, "b/c b/new"));
}

TEST(every_failed_allocation_is_an_error)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    const struct dits_grep_options options = {0};
    CHECK_OK(make(&temp));
    /* What the store keeps once it was read is not needed to read it. */
    CHECK(finds(&temp, &options, "HEAD", "b/c+"));
    for (unsigned nth = 1;; nth++) {
        CLEANUP(buf_release) struct buf found = {0};
        mem_fault_arm(nth);
        dits_error *err = list(&temp, &options, "HEAD", &found);
        bool reached = mem_fault_disarm();
        if (!reached) {
            CHECK_OK(err);
            return;
        }
        CHECK_FAILS(DITS_E_NOMEM, err);
    }
}
