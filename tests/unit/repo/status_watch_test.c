/* A status with a watcher's help, and how it finds what changed. */
#include "repo/status_watch.h"

#include <stdio.h>
#include <string.h>

#include "base/pool.h"
#include "base/text.h"
#include "repo/watcher.h"
#include "support/mem_fault.h"
#include "support/temp_repo.h"
#include "support/test.h"
#include "support/work_files.h"

/* A watcher in a thread, with a repository of its own. */
struct watched {
    struct temp_repo temp;
    dits_context *context;
    dits_repo *repo;
    struct pool *pool;
};

static dits_error *run_watcher(unsigned worker, void *payload)
{
    struct watched *watched = payload;
    (void)worker;
    return dits_watcher_run(watched->repo);
}

static dits_error *end(struct watched *watched)
{
    bool ran = false;
    if (watched->pool != NULL) {
        TRY(dits_watcher_stop(watched->temp.repo, &ran));
        TRY(pool_join(MOVE(watched->pool)));
    }
    return ran ? NULL : error_new(DITS_E_NOT_FOUND, "no watcher ran");
}

static void watched_release(struct watched *watched)
{
    if (watched->pool != NULL)
        dits_error_free(end(watched));
    dits_repo_free(watched->repo);
    dits_context_free(watched->context);
    temp_repo_release(&watched->temp);
}

static dits_error *start(struct watched *out)
{
    struct pool_set here;
    struct dits_watcher_state state = {0};
    pool_here(&here);
    TRY(pool_start(1, &here, run_watcher, out, &out->pool));
    while (!state.runs) {
        fs_pause_ms(2);
        TRY(dits_watcher_state_get(out->temp.repo, &state));
    }
    return NULL;
}

static dits_error *make(struct watched *out)
{
    TRY(temp_repo_make(&out->temp));
    if (!work_write(&out->temp, "a/one", "1") ||
        !work_write(&out->temp, "a/two", "2") ||
        !work_write(&out->temp, "b", "3"))
        return error_new(DITS_E_IO, "cannot write");
    TRY(work_add(&out->temp, NULL));
    TRY(temp_repo_context(&out->temp, &out->context));
    TRY(dits_repo_open(out->context, out->temp.folder, &out->repo));
    return start(out);
}

static dits_error *put_line(const struct dits_status_entry *entry,
                            void *payload)
{
    static const char letters[] = {
        [DITS_UNCHANGED] = ' ', [DITS_ADDED] = 'A',     [DITS_MODIFIED] = 'M',
        [DITS_DELETED] = 'D',   [DITS_UNTRACKED] = '?',
    };
    return buf_printf(payload, "%c%c %s\n", letters[entry->staged],
                      letters[entry->worktree], entry->path);
}

/* With the default options: what is ignored is not told of. */
static bool says(const struct watched *watched, const char *expected)
{
    CLEANUP(buf_release) struct buf out = {0};
    dits_error *err = dits_status(watched->temp.repo, NULL, put_line, &out);
    bool same = err == NULL && strcmp(buf_text(&out), expected) == 0;
    dits_error_free(err);
    if (!same)
        fputs(buf_text(&out), stderr);
    return same;
}

/* What the next status would do. */
static dits_error *ask(const struct watched *watched, struct status_watch *out)
{
    const struct dits_status_options options = {0};
    return status_watch_ask(watched->temp.repo, &options, true, out);
}

TEST(nothing_changed_is_known_without_the_index)
{
    CLEANUP(watched_release) struct watched watched = {0};
    CLEANUP(status_watch_release) struct status_watch first = {0};
    CLEANUP(status_watch_release) struct status_watch next = {0};
    CHECK_OK(make(&watched));
    CHECK_OK(ask(&watched, &first));
    CHECK(first.is_kept && !first.is_known);
    /* In doubt as long as the files are new. */
    for (unsigned i = 0; i < 1000 && !next.is_same; i++) {
        status_watch_release(&next);
        fs_pause_ms(2);
        CHECK(says(&watched, "A  a/one\nA  a/two\nA  b\n"));
        CHECK_OK(ask(&watched, &next));
        CHECK(next.is_known);
    }
    CHECK(next.is_same && next.path_count == 0);
    CHECK(says(&watched, "A  a/one\nA  a/two\nA  b\n"));
}

TEST(what_changed_is_looked_at_and_what_was_found)
{
    CLEANUP(watched_release) struct watched watched = {0};
    CLEANUP(status_watch_release) struct status_watch next = {0};
    CHECK_OK(make(&watched));
    CHECK(says(&watched, "A  a/one\nA  a/two\nA  b\n"));
    CHECK(work_write(&watched.temp, "a/one", "other"));
    CHECK(work_write(&watched.temp, "new/x", "1"));
    CHECK_OK(ask(&watched, &next));
    CHECK(next.is_known && !next.is_same && next.path_count > 0);
    CHECK(says(&watched, "AM a/one\nA  a/two\nA  b\n ? new/\n"));
    CHECK(says(&watched, "AM a/one\nA  a/two\nA  b\n ? new/\n"));
    CHECK(work_write(&watched.temp, "a/one", "1"));
    CHECK(work_remove(&watched.temp, "new/x"));
    CHECK(says(&watched, "A  a/one\nA  a/two\nA  b\n"));
}

TEST(what_was_staged_meanwhile_is_looked_at)
{
    CLEANUP(watched_release) struct watched watched = {0};
    CHECK_OK(make(&watched));
    CHECK(work_write(&watched.temp, "new/x", "1"));
    CHECK(work_write(&watched.temp, "new/y", "1"));
    CHECK(says(&watched, "A  a/one\nA  a/two\nA  b\n ? new/\n"));
    CHECK_OK(work_add(&watched.temp, "new/x"));
    CHECK(says(&watched, "A  a/one\nA  a/two\nA  b\n"
                         "A  new/x\n ? new/y\n"));
}

/* The question, and then the index, with a change of it in between. */
TEST(what_is_staged_after_the_question_is_looked_at)
{
    CLEANUP(watched_release) struct watched watched = {0};
    CLEANUP(status_watch_release) struct status_watch next = {0};
    CLEANUP(index_freep) struct index *before = NULL;
    CLEANUP(index_freep) struct index *after = NULL;
    struct scan_options scan = {0};
    CHECK_OK(make(&watched));
    CHECK(says(&watched, "A  a/one\nA  a/two\nA  b\n"));
    CHECK_OK(ask(&watched, &next));
    CHECK(next.is_known);
    CHECK_OK(index_open(watched.temp.repo, &before));
    CHECK_OK(temp_repo_stage(&watched.temp, "a/one", "other"));
    CHECK_OK(index_open(watched.temp.repo, &after));
    CHECK_OK(status_watch_narrow(&next, after, &scan));
    CHECK(scan.starts == NULL);
    CHECK_OK(status_watch_narrow(&next, before, &scan));
    CHECK(scan.starts != NULL);
}

TEST(new_rules_hold_for_what_lies_there)
{
    CLEANUP(watched_release) struct watched watched = {0};
    CLEANUP(status_watch_release) struct status_watch next = {0};
    CHECK_OK(make(&watched));
    CHECK(work_write(&watched.temp, "a/x.o", "1"));
    CHECK(says(&watched, "A  a/one\nA  a/two\n ? a/x.o\nA  b\n"));
    CHECK(work_write(&watched.temp, "a/.ditsignore", "*\n"));
    CHECK(says(&watched, "A  a/one\nA  a/two\nA  b\n"));
    CHECK(work_remove(&watched.temp, "a/.ditsignore"));
    CHECK(says(&watched, "A  a/one\nA  a/two\n ? a/x.o\nA  b\n"));
    CHECK(work_write(&watched.temp, ".dits/info/exclude", "*.o\n"));
    CHECK_OK(ask(&watched, &next));
    CHECK(next.is_kept && !next.is_known);
    CHECK(says(&watched, "A  a/one\nA  a/two\nA  b\n"));
}

TEST(another_watcher_knows_nothing_of_before)
{
    CLEANUP(watched_release) struct watched watched = {0};
    CLEANUP(status_watch_release) struct status_watch next = {0};
    CHECK_OK(make(&watched));
    CHECK(says(&watched, "A  a/one\nA  a/two\nA  b\n"));
    CHECK_OK(end(&watched));
    CHECK(work_write(&watched.temp, "b", "other"));
    CHECK_OK(start(&watched));
    CHECK_OK(ask(&watched, &next));
    CHECK(next.is_kept && !next.is_known);
    CHECK(says(&watched, "A  a/one\nA  a/two\nAM b\n"));
}

TEST(only_one_watcher_is_at_work)
{
    CLEANUP(watched_release) struct watched watched = {0};
    CHECK_OK(make(&watched));
    CHECK_FAILS(DITS_E_LOCKED, dits_watcher_run(watched.temp.repo));
}

TEST(without_a_watcher_nothing_is_kept)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(status_watch_release) struct status_watch watch = {0};
    const struct dits_status_options options = {0};
    struct dits_watcher_state state = {0};
    bool ran = true;
    CHECK_OK(temp_repo_make(&temp));
    CHECK_OK(status_watch_ask(temp.repo, &options, true, &watch));
    CHECK(!watch.is_kept && !watch.is_known && !watch.is_same);
    CHECK_OK(dits_watcher_state_get(temp.repo, &state));
    CHECK(!state.runs);
    CHECK_OK(dits_watcher_stop(temp.repo, &ran));
    CHECK(!ran);
}
