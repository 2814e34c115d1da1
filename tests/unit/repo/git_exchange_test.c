/* Import and export with the real git; the stories are in tests/e2e. */
#include <dits/exchange.h>
#include <dits/operation.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "object/commit.h"
#include "object/object.h"
#include "object/tree.h"
#include "support/mem_fault.h"
#include "support/test.h"
#include "support/work_files.h"

/* A repository of ours, and one of git beside it. */
struct pair {
    struct temp_repo temp;
    char git[96];
};

static bool shell(const struct pair *pair, const char *script)
{
    char command[2048];
    (void)snprintf(command, sizeof(command),
                   "cd '%s' && export HOME=/nowhere GIT_AUTHOR_NAME=A "
                   "GIT_AUTHOR_EMAIL=a@b GIT_COMMITTER_NAME=A "
                   "GIT_COMMITTER_EMAIL=a@b && { %s; } >/dev/null 2>&1",
                   pair->git, script);
    return system(command) == 0;
}

static void pair_release(struct pair *pair)
{
    char command[128];
    (void)snprintf(command, sizeof(command), "rm -rf '%s'", pair->git);
    if (pair->git[0] != '\0' && system(command) != 0)
        (void)fputs("cannot clean up\n", stderr);
    temp_repo_release(&pair->temp);
}

static dits_error *make(struct pair *out)
{
    TRY(temp_repo_make(&out->temp));
    (void)snprintf(out->git, sizeof(out->git), "/tmp/dits-git-XXXXXX");
    if (mkdtemp(out->git) == NULL ||
        !shell(out, "git init -q -b main . && echo one >a && mkdir d && "
                    "echo two >d/b && git add . && git commit -qm one && "
                    "echo ONE >a && git commit -qam two && git tag v1 && "
                    "git tag -a v2 -m words"))
        return error_new(DITS_E_IO, "cannot make a git repository");
    return NULL;
}

static bool git_is_here(void)
{
    return system("git --version >/dev/null 2>&1") == 0;
}

TEST(a_history_comes_in_and_undo_takes_it_back)
{
    CLEANUP(pair_release) struct pair at = {0};
    struct dits_import_result result = {0};
    if (!git_is_here())
        return;
    CHECK_OK(make(&at));
    CHECK_OK(dits_import_git(at.temp.repo, at.git, NULL, &result));
    CHECK(result.commits == 2 && result.branches == 1 && result.tags == 2);
    CHECK(dits_oid_is_zero(&result.before));
    CHECK(temp_repo_ref_is(&at.temp, "refs/heads/main", &result.after));
    CHECK(work_is(&at.temp, "a", "ONE\n") && work_is(&at.temp, "d/b", "two\n"));
    CHECK(work_status_is(&at.temp, ""));
    CHECK_OK(dits_undo(at.temp.repo, 0, NULL));
    CHECK(!work_exists(&at.temp, "a") && !work_exists(&at.temp, "d/b"));
}

TEST(nothing_is_imported_twice)
{
    CLEANUP(pair_release) struct pair at = {0};
    struct dits_import_result first = {0};
    struct dits_import_result second = {0};
    if (!git_is_here())
        return;
    CHECK_OK(make(&at));
    CHECK_OK(dits_import_git(at.temp.repo, at.git, NULL, &first));
    CHECK_OK(dits_import_git(at.temp.repo, at.git, NULL, &second));
    CHECK(second.commits == 0 && second.branches == 0 && second.tags == 0);
    CHECK(shell(&at, "echo more >>d/b && git commit -qam three"));
    CHECK_OK(dits_import_git(at.temp.repo, at.git, NULL, &second));
    CHECK(second.commits == 1 && second.branches == 1);
    CHECK(dits_oid_equal(&second.before, &first.after));
}

TEST(a_history_goes_out_with_the_same_ids)
{
    CLEANUP(pair_release) struct pair at = {0};
    struct dits_import_result in = {0};
    struct dits_export_result out = {0};
    char target[128];
    if (!git_is_here())
        return;
    CHECK_OK(make(&at));
    CHECK_OK(dits_import_git(at.temp.repo, at.git, NULL, &in));
    (void)snprintf(target, sizeof(target), "%s/back", at.git);
    CHECK_OK(dits_export_git(at.temp.repo, target, NULL, &out));
    CHECK(out.commits == 2 && out.branches == 1 && out.tags == 2);
    CHECK(shell(&at, "test \"$(git for-each-ref)\" = "
                     "\"$(git --git-dir=back for-each-ref)\""));
    CHECK_OK(dits_export_git(at.temp.repo, target, NULL, &out));
    CHECK(out.commits == 0 && out.branches == 0 && out.tags == 0);
}

TEST(what_cannot_be_imported_is_told)
{
    CLEANUP(pair_release) struct pair at = {0};
    static const char *const branches[] = {"nothing"};
    struct dits_import_git_options options = {.branches = branches,
                                              .branch_count = 1};
    struct dits_import_result result = {0};
    if (!git_is_here())
        return;
    CHECK_OK(make(&at));
    CHECK_FAILS(DITS_E_NOT_FOUND,
                dits_import_git(at.temp.repo, "/nowhere", NULL, &result));
    CHECK_FAILS(DITS_E_NOT_FOUND,
                dits_import_git(at.temp.repo, at.git, &options, &result));
    options = (struct dits_import_git_options){.prefix = "a b"};
    CHECK_FAILS(DITS_E_INVALID,
                dits_import_git(at.temp.repo, at.git, &options, &result));
    dits_context_cancel(at.temp.context);
    CHECK_FAILS(DITS_E_CANCELLED,
                dits_import_git(at.temp.repo, at.git, NULL, &result));
}

struct sink {
    struct buf bytes;
    size_t max;
};

static dits_error *take(const void *data, size_t size, void *payload)
{
    struct sink *sink = payload;
    if (sink->bytes.size + size > sink->max)
        return error_new(DITS_E_LIMIT, "enough");
    return buf_put(&sink->bytes, data, size);
}

static void sink_release(struct sink *sink)
{
    buf_release(&sink->bytes);
}

TEST(a_stream_ends_with_its_last_word)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(sink_release) struct sink sink = {.max = 100000};
    struct dits_export_result result = {0};
    struct dits_oid id = {0};
    CHECK_OK(temp_repo_make(&temp));
    CHECK_OK(temp_repo_commit(&temp, "\"a\nb\"", "text", &id));
    CHECK_OK(dits_fast_export(temp.repo, NULL, take, &sink, &result));
    CHECK(result.commits == 1 && result.files == 1 && result.branches == 1);
    CHECK(strstr(buf_text(&sink.bytes), "M 100644 :1 \"\\\"a\\nb\\\"\"\n") !=
          NULL);
    CHECK(strcmp(buf_text(&sink.bytes) + sink.bytes.size - 6, "\ndone\n") == 0);
    sink.max = sink.bytes.size;
    CHECK_FAILS(DITS_E_LIMIT,
                dits_fast_export(temp.repo, NULL, take, &sink, &result));
}

static dits_error *put_header(struct buf *out, const char *name,
                              const char *value)
{
    TRY(object_put_bytes(out, name, strlen(name)));
    return object_put_bytes(out, value, strlen(value));
}

/* A commit whose extra headers want to be more than they are. */
static dits_error *commit_hostile(struct temp_repo *temp)
{
    static const char line[] = "A\nreset refs/heads/evil\n <a> 1 +0000";
    CLEANUP(operation_freep) struct operation *operation = NULL;
    CLEANUP(commit_release) struct commit commit = {0};
    struct dits_oid none = {0};
    struct dits_oid id = {0};
    tree_empty_id(&commit.tree);
    TRY(put_header(&commit.extra_headers, "git-author", line));
    TRY(put_header(&commit.extra_headers, "git-committer", "A < <a> 1 +0000"));
    TRY(put_header(&commit.extra_headers, "git-encoding",
                   "x\nreset refs/heads/evil"));
    TRY(operation_begin(temp->repo, "commit", &operation));
    TRY(commit_store(operation_writer(operation), &commit, &id));
    TRY(operation_set_ref(operation, "refs/heads/main", &none, &id, "commit"));
    return operation_commit(operation);
}

TEST(no_commit_puts_lines_into_the_stream)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(sink_release) struct sink sink = {.max = 100000};
    struct dits_export_result result = {0};
    CHECK_OK(temp_repo_make(&temp));
    CHECK_OK(commit_hostile(&temp));
    CHECK_OK(dits_fast_export(temp.repo, NULL, take, &sink, &result));
    CHECK(strstr(buf_text(&sink.bytes), "evil") == NULL);
    CHECK(strstr(buf_text(&sink.bytes), "A <") == NULL);
    CHECK(strstr(buf_text(&sink.bytes), "author <> 0 +0000\n") != NULL);
}

TEST(a_stream_that_runs_out_of_memory_is_told)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    struct dits_export_result result = {0};
    struct dits_oid id = {0};
    bool reached = true;
    CHECK_OK(temp_repo_make(&temp));
    CHECK_OK(temp_repo_commit(&temp, "a", "text", &id));
    for (unsigned nth = 1; reached; nth++) {
        CLEANUP(sink_release) struct sink sink = {.max = 100000};
        size_t live = mem_fault_live();
        mem_fault_arm(nth);
        dits_error *err =
            dits_fast_export(temp.repo, NULL, take, &sink, &result);
        reached = mem_fault_disarm();
        CHECK(err == NULL || dits_error_has(err, DITS_E_NOMEM));
        CHECK(err != NULL || !reached || sink.bytes.size > 0);
        dits_error_free(err);
        sink_release(&sink);
        CHECK(mem_fault_live() >= live); /* statements stay compiled */
    }
}

/* Until it succeeds, it fails for want of memory and has changed nothing. */
TEST(an_import_that_runs_out_of_memory_changes_nothing)
{
    CLEANUP(pair_release) struct pair at = {0};
    struct dits_import_result result = {0};
    if (!git_is_here())
        return;
    CHECK_OK(make(&at));
    for (unsigned nth = 1; nth < 20000; nth += 1 + nth / 40) {
        mem_fault_arm(nth);
        dits_error *err = dits_import_git(at.temp.repo, at.git, NULL, &result);
        (void)mem_fault_disarm();
        if (err == NULL) { /* what still fails is only the copy of the refs */
            CHECK(result.commits == 2);
            return;
        }
        CHECK_FAILS(DITS_E_NOMEM, err);
        CHECK(!work_exists(&at.temp, "a"));
    }
    CHECK(false);
}
