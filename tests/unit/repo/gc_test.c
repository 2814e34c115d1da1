#include <string.h>
#include <time.h>

#include <dits/config.h>
#include <dits/maintenance.h>

#include "repo/gc_marks.h"
#include "repo/gc_status.h"
#include "repo/index.h"
#include "repo/run_log.h"
#include "support/temp_repo.h"
#include "support/test.h"

enum { YEAR = 365 * 24 * 3600 };

/* A repository whose clock goes right, as the age of packs is that of files. */
static dits_error *make(struct temp_repo *temp)
{
    TRY(temp_repo_make(temp));
    temp->now = (int64_t)time(NULL);
    return NULL;
}

static dits_error *put_garbage(struct temp_repo *temp, const char *text,
                               struct dits_oid *out)
{
    CLEANUP(store_writer_freep) struct store_writer *writer = NULL;
    TRY(store_writer_begin(temp->repo->store, &writer));
    TRY(store_writer_put(writer, CHUNK_DATA, text, strlen(text), out));
    return store_writer_commit(writer);
}

static bool is_stored(struct temp_repo *temp, const struct dits_oid *id)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    CLEANUP(dits_error_freep)
    dits_error *err = store_read(temp->repo->store, CHUNK_DATA, id, &bytes);
    return err == NULL;
}

static dits_error *gc(struct temp_repo *temp, const char *prune, bool dry_run,
                      struct dits_gc_result *out)
{
    struct dits_gc_options options = {.prune = prune, .dry_run = dry_run};
    TRY(temp_repo_reopen(temp));
    TRY(dits_gc(temp->repo, &options, out));
    return temp_repo_reopen(temp);
}

static bool is_sound(struct temp_repo *temp)
{
    struct dits_fsck_options options = {.full = true};
    struct dits_fsck_result result = {0};
    CLEANUP(dits_error_freep)
    dits_error *err = dits_fsck(temp->repo, &options, &result);
    return err == NULL && result.damaged == 0;
}

TEST(garbage_goes_when_it_is_old_and_what_is_needed_stays)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    struct dits_gc_result result = {0};
    struct dits_oid commit = {0};
    struct dits_oid garbage = {0};
    CHECK_OK(make(&temp));
    CHECK_OK(temp_repo_commit(&temp, "a", "one", &commit));
    CHECK_OK(temp_repo_commit(&temp, "a", "two", &commit));
    CHECK_OK(temp_repo_stage(&temp, "b", "three"));
    CHECK_OK(put_garbage(&temp, "left over", &garbage));

    /* Young garbage may be what somebody is about to use. */
    CHECK_OK(gc(&temp, NULL, false, &result));
    CHECK(result.removed_chunks == 0 && is_stored(&temp, &garbage));
    temp.now += 10;
    CHECK_OK(gc(&temp, "now", true, &result));
    CHECK(result.removed_chunks == 1 && is_stored(&temp, &garbage));
    CHECK_OK(gc(&temp, "now", false, &result));
    CHECK(result.removed_chunks == 1 && result.removed_bytes > 0);
    CHECK(!is_stored(&temp, &garbage) && is_sound(&temp));
    CHECK_OK(gc(&temp, "now", false, &result));
    CHECK(result.removed_chunks == 0 && !result.resumed);
}

TEST(what_undo_needs_stays_until_the_operation_expires)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    struct dits_gc_result result = {0};
    CHECK_OK(make(&temp));
    CHECK_OK(temp_repo_stage(&temp, "a", "first"));
    CHECK_OK(temp_repo_stage(&temp, "a", "second"));
    CHECK_OK(temp_repo_stage(&temp, "a", "third"));
    temp.now += 10;
    CHECK_OK(gc(&temp, "now", false, &result));
    CHECK(result.removed_chunks == 0);
    temp.now += YEAR;
    CHECK_OK(gc(&temp, "now", false, &result));
    CHECK(result.removed_chunks > 0 && is_sound(&temp));
}

/* As a gc that is killed once all is marked. */
static dits_error *leave_marks(struct temp_repo *temp, struct reach *reach)
{
    reach->repo = temp->repo;
    reach->started = temp->now;
    TRY(reach_mark(reach));
    return gc_marks_save(reach);
}

TEST(a_killed_gc_is_gone_on_with)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(reach_release) struct reach reach = {0};
    struct dits_gc_result result = {0};
    struct dits_oid commit = {0};
    struct dits_oid garbage = {0};
    CHECK_OK(make(&temp));
    CHECK_OK(temp_repo_commit(&temp, "a", "one", &commit));
    CHECK_OK(leave_marks(&temp, &reach));

    /* What was published since the marks were kept is marked, too. */
    CHECK_OK(temp_repo_commit(&temp, "b", "two", &commit));
    CHECK_OK(put_garbage(&temp, "left over", &garbage));
    temp.now += 10;
    CHECK_OK(gc(&temp, "now", false, &result));
    CHECK(result.resumed && result.removed_chunks == 1);
    CHECK(is_sound(&temp) && !is_stored(&temp, &garbage));
}

TEST(marks_older_than_the_grace_are_made_anew)
{
    enum { GRACE = 14 * 24 * 3600 };
    static const struct {
        int64_t age;
        const char *prune; /* the setting */
        bool resumed;
    } rows[] = {
        {GRACE - 1, NULL, true}, {GRACE + 1, NULL, false},
        {3599, "now", true},     {25 * 3600, "now", false},
        {-10, NULL, false}, /* from the future */
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        CLEANUP(temp_repo_release) struct temp_repo temp = {0};
        CLEANUP(reach_release) struct reach reach = {0};
        struct dits_gc_result result = {0};
        struct dits_oid commit = {0};
        CHECK_OK(make(&temp));
        CHECK_OK(temp_repo_commit(&temp, "a", "one", &commit));
        CHECK_OK(leave_marks(&temp, &reach));
        if (rows[i].prune != NULL)
            CHECK_OK(dits_config_set(temp.context, temp.repo, DITS_CONFIG_REPO,
                                     "gc.prune", rows[i].prune));
        temp.now += rows[i].age;
        CHECK_OK(gc(&temp, NULL, false, &result));
        CHECK(result.resumed == rows[i].resumed);
    }
}

/* Lets a marking be cut off after each of its steps, and go on. */
struct cut {
    struct temp_repo *temp;
    size_t steps;
    size_t left;
};

static dits_error *on_step(struct reach *reach, void *payload)
{
    struct cut *cut = payload;
    TRY(gc_marks_save(reach));
    cut->steps++;
    return cut->left-- == 0 ? error_new(DITS_E_CANCELLED, "cut") : NULL;
}

static dits_error *mark_with_cut(struct cut *cut, size_t after,
                                 struct id_set *out)
{
    struct reach first = {.repo = cut->temp->repo,
                          .started = cut->temp->now,
                          .on_pause = on_step,
                          .payload = cut};
    struct reach second = {.repo = cut->temp->repo};
    bool found = false;
    cut->left = after;
    dits_error_free(reach_mark(&first));
    reach_release(&first);
    TRY(gc_marks_load(&second, 0, &found));
    dits_error *err = reach_mark(&second);
    *out = second.seen;
    second.seen = (struct id_set){0};
    reach_release(&second);
    return err;
}

TEST(marking_cut_off_after_any_step_marks_the_same)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    struct cut cut = {.temp = &temp};
    struct dits_oid commit = {0};
    size_t marks = 0;
    CHECK_OK(make(&temp));
    CHECK_OK(temp_repo_commit(&temp, "a", "one", &commit));
    CHECK_OK(temp_repo_commit(&temp, "dir/b", "two", &commit));
    CHECK_OK(temp_repo_commit(&temp, "dir/a", "three", &commit));
    for (size_t after = 0; after == 0 || after < cut.steps; after++) {
        struct id_set seen = {0};
        cut.steps = 0;
        CHECK_OK(mark_with_cut(&cut, after == 0 ? SIZE_MAX : after, &seen));
        marks = after == 0 ? seen.count : marks;
        CHECK(seen.count == marks);
        id_set_release(&seen);
        if (after > 0 && cut.steps <= after)
            break;
    }
    CHECK(marks > 9);
}

TEST(the_log_tells_how_a_gc_ended)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(dits_gc_status_release) struct dits_gc_status status = {0};
    CLEANUP(fs_close) struct fs_file lock = {0};
    struct dits_gc_result result = {0};
    struct dits_oid commit = {0};
    uint64_t id = 0;
    CHECK_OK(make(&temp));
    CHECK_OK(temp_repo_commit(&temp, "a", "one", &commit));
    CHECK_OK(dits_gc_status_get(temp.repo, &status));
    CHECK(status.state == DITS_RUN_NEVER && status.operations == 1);
    CHECK_OK(gc(&temp, "now", false, &result));
    CHECK_OK(dits_gc_status_get(temp.repo, &status));
    CHECK(status.state == DITS_RUN_DONE && status.operations == 0);
    CHECK(status.started == temp.now && status.ended == temp.now);

    CHECK_OK(run_log_begin(temp.repo, GC_RUN, &id));
    CHECK_OK(dits_gc_status_get(temp.repo, &status));
    CHECK(status.state == DITS_RUN_CUT_OFF);
    CHECK_OK(gc_lock(temp.repo, &lock));
    CHECK_OK(dits_gc_status_get(temp.repo, &status));
    CHECK(status.state == DITS_RUN_GOES_ON);
    CHECK_FAILS(DITS_E_LOCKED, gc(&temp, "now", false, &result));
}

TEST(nothing_is_swept_where_something_is_missing)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(operation_freep) struct operation *operation = NULL;
    CLEANUP(dits_gc_status_release) struct dits_gc_status status = {0};
    struct dits_gc_result result = {0};
    struct dits_oid garbage = {0};
    struct index_entry lost = {
        .path = "lost", .mode = TREE_FILE, .asset = {{7}}};
    CHECK_OK(make(&temp));
    CHECK_OK(put_garbage(&temp, "left over", &garbage));
    CHECK_OK(operation_begin(temp.repo, "add", &operation));
    CHECK_OK(index_set(operation_index(operation), &lost));
    CHECK_OK(operation_commit(operation));
    operation_free(operation);
    operation = NULL;
    temp.now += 10;
    CHECK_FAILS(DITS_E_NOT_FOUND, gc(&temp, "now", false, &result));
    CHECK_OK(temp_repo_reopen(&temp));
    CHECK_OK(dits_gc_status_get(temp.repo, &status));
    CHECK(status.state == DITS_RUN_FAILED && status.error != NULL);
    CHECK(is_stored(&temp, &garbage));
}
