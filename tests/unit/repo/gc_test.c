#include <string.h>
#include <time.h>

#include <dits/maintenance.h>

#include "repo/gc_marks.h"
#include "repo/index.h"
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

TEST(a_killed_gc_is_gone_on_with)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(reach_release) struct reach reach = {0};
    struct dits_gc_result result = {0};
    struct dits_oid commit = {0};
    struct dits_oid garbage = {0};
    CHECK_OK(make(&temp));
    CHECK_OK(temp_repo_commit(&temp, "a", "one", &commit));
    reach.repo = temp.repo;
    CHECK_OK(reach_mark(&reach));
    CHECK_OK(gc_marks_save(&reach));

    /* What was published since the marks were kept is marked, too. */
    CHECK_OK(temp_repo_commit(&temp, "b", "two", &commit));
    CHECK_OK(put_garbage(&temp, "left over", &garbage));
    temp.now += 10;
    CHECK_OK(gc(&temp, "now", false, &result));
    CHECK(result.resumed && result.removed_chunks == 1);
    CHECK(is_sound(&temp) && !is_stored(&temp, &garbage));
}

TEST(nothing_is_swept_where_something_is_missing)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(operation_freep) struct operation *operation = NULL;
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
    CHECK(is_stored(&temp, &garbage));
}
