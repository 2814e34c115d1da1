#include <dits/worktree.h>

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/pool.h"
#include "repo/index.h"
#include "repo/staging.h"
#include "support/test.h"
#include "support/work_files.h"

TEST(files_are_added_changed_and_removed)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CHECK_OK(temp_repo_make(&temp));
    CHECK(work_write(&temp, "a.mov", "one"));
    CHECK(work_write(&temp, "cut/b.mov", "two"));
    CHECK(work_write(&temp, "cut-2", "three"));
    CHECK(work_status_is(&temp, "?? a.mov\n?? cut/\n?? cut-2\n"));
    CHECK_OK(work_add(&temp, "."));
    CHECK(work_status_is(&temp, "A  a.mov\nA  cut/b.mov\nA  cut-2\n"));

    CHECK(work_write(&temp, "a.mov", "ONE"));
    CHECK(work_remove(&temp, "cut/b.mov"));
    CHECK(work_status_is(&temp, "AM a.mov\nAD cut/b.mov\nA  cut-2\n"));
    CHECK_OK(work_add(&temp, NULL));
    CHECK(work_status_is(&temp, "A  a.mov\nA  cut-2\n"));
}

TEST(only_what_is_named_is_added)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CHECK_OK(temp_repo_make(&temp));
    CHECK(work_write(&temp, "a/x.mov", "1"));
    CHECK(work_write(&temp, "a/y.txt", "2"));
    CHECK(work_write(&temp, "b/x.mov", "3"));
    CHECK_OK(work_add(&temp, "a/x.mov"));
    CHECK(work_status_is(&temp, "A  a/x.mov\n?? a/y.txt\n?? b/\n"));
    CHECK_OK(work_add(&temp, "*.mov"));
    CHECK(work_status_is(&temp, "A  a/x.mov\n?? a/y.txt\nA  b/x.mov\n"));
    CHECK_FAILS(DITS_E_NOT_FOUND, work_add(&temp, "c"));
    CHECK_FAILS(DITS_E_INVALID, work_add(&temp, "../x"));
}

static dits_error *mode_of(struct temp_repo *temp, const char *path,
                           enum tree_mode *out)
{
    CLEANUP(index_freep) struct index *index = NULL;
    TRY(index_open(temp->repo, &index));
    const struct index_entry *entry = index_find(index, path);
    *out = entry != NULL ? entry->mode : (enum tree_mode)0;
    return NULL;
}

TEST(symlinks_and_the_executable_bit_are_kept)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    enum tree_mode mode = TREE_FOLDER;
    CHECK_OK(temp_repo_make(&temp));
    CHECK(work_write(&temp, "run", "x") && work_chmod(&temp, "run", 0755));
    CHECK(work_link(&temp, "out", "/etc/passwd") &&
          work_link(&temp, "dead", "nowhere"));
    CHECK_OK(work_add(&temp, "."));
    CHECK_OK(mode_of(&temp, "run", &mode));
    CHECK(mode == TREE_EXECUTABLE);
    CHECK_OK(mode_of(&temp, "out", &mode));
    CHECK(mode == TREE_SYMLINK);
    CHECK(work_chmod(&temp, "run", 0644) && work_remove(&temp, "dead") &&
          work_write(&temp, "dead", "a file now"));
    CHECK(work_status_is(&temp, "AT dead\nA  out\nAM run\n"));
}

TEST(names_that_others_cannot_read_are_refused_or_warned_of)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CHECK_OK(temp_repo_make(&temp));
    CHECK(work_write(&temp, "a.mov", "1") && work_write(&temp, "ok", "1"));
    CHECK_OK(work_add(&temp, "."));
    CHECK(temp.warnings == 0);
    CHECK(work_write(&temp, "A.mov", "2"));
    CHECK_OK(work_add(&temp, "."));
    CHECK(temp.warnings == 1);
    CHECK(work_write(&temp, "x/con.mov", "3") && work_write(&temp, "q?", "4"));
    CHECK_OK(work_add(&temp, "."));
    CHECK(temp.warnings == 3);
    CHECK(work_write(&temp, "caf\xe9", "5"));
    CHECK_FAILS(DITS_E_INVALID, work_add(&temp, "."));
    CHECK(work_write(&temp, ".ditsignore", "caf*\n"));
    CHECK_OK(work_add(&temp, "."));
}

TEST(repositories_inside_are_left_out)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CHECK_OK(temp_repo_make(&temp));
    CHECK(work_write(&temp, "in/.dits/config", "") &&
          work_write(&temp, "in/a", "1") && work_write(&temp, "b", "2") &&
          work_write(&temp, ".git/config", ""));
    CHECK_OK(work_add(&temp, "."));
    CHECK(temp.warnings == 1);
    CHECK(work_status_is(&temp, "A  b\n?? in/\n"));
    CHECK_FAILS(DITS_E_INVALID, work_add(&temp, ".dits/config"));
    CHECK_FAILS(DITS_E_INVALID, work_add(&temp, ".git/config"));
}

TEST(a_touched_file_is_not_stored_again)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    const char *const items[] = {"."};
    struct dits_paths here = {.items = items, .count = 1};
    struct dits_add_result result = {0};
    CHECK_OK(temp_repo_make(&temp));
    CHECK(work_write(&temp, "a", "one"));
    CHECK_OK(work_add(&temp, "."));
    CHECK(work_write(&temp, "a", "one"));
    CHECK_OK(dits_add(temp.repo, &here, NULL, &result));
    CHECK(result.files_modified == 0 && result.stored_bytes == 0);
    CHECK(work_write(&temp, "b", "one"));
    CHECK_OK(dits_add(temp.repo, &here, NULL, &result));
    CHECK(result.files_added == 1 && result.stored_bytes == 0);
}

/* A camera that is still recording. */
struct recording {
    char path[128];
    atomic_bool stop;
};

static dits_error *record(unsigned worker, void *payload)
{
    struct recording *recording = payload;
    FILE *file = fopen(recording->path, "a");
    (void)worker;
    while (file != NULL && !atomic_load(&recording->stop)) {
        (void)fputs("more", file);
        (void)fflush(file);
        (void)usleep(200);
    }
    return file == NULL || fclose(file) != 0
               ? error_new(DITS_E_IO, "cannot write")
               : NULL;
}

TEST(a_file_that_grows_while_it_is_read_is_not_staged)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    struct recording recording = {0};
    struct pool_set here = {0};
    struct pool *pool = NULL;
    CHECK_OK(temp_repo_make(&temp));
    CHECK(work_write(&temp, "a", "x") && work_write(&temp, "clip", ""));
    (void)snprintf(recording.path, sizeof(recording.path), "%s/clip",
                   temp.folder);
    CHECK(truncate(recording.path, 48 << 20) == 0);
    pool_here(&here);
    CHECK_OK(pool_start(1, &here, record, &recording, &pool));
    dits_error *err = work_add(&temp, ".");
    atomic_store(&recording.stop, true);
    CHECK_OK(pool_join(pool));
    CHECK_FAILS(DITS_E_CONFLICT, err);
    CHECK(work_status_is(&temp, "?? a\n?? clip\n"));
}

/* Stage "b" as seen before "a" was staged by somebody else. */
static dits_error *add_late(struct temp_repo *temp)
{
    CLEANUP(index_freep) struct index *index = NULL;
    CLEANUP(pathspec_freep) struct pathspec *pathspec = NULL;
    CLEANUP(staging_release) struct staging staging = {0};
    CLEANUP(operation_freep) struct operation *operation = NULL;
    CLEANUP(store_writer_freep) struct store_writer *writer = NULL;
    const char *const items[] = {"b"};
    struct dits_paths paths = {.items = items, .count = 1};
    struct staging_options how = {0};
    TRY(index_open(temp->repo, &index));
    TRY(pathspec_of(temp->repo, &paths, &pathspec));
    TRY(staging_collect(temp->repo, index, pathspec, &how, &staging));
    TRY(work_add(temp, "a"));
    TRY(store_writer_begin(temp->repo->store, &writer));
    TRY(staging_store(&staging, writer));
    TRY(store_writer_commit(writer));
    TRY(operation_begin(temp->repo, "add", &operation));
    TRY(staging_apply(&staging, operation_index(operation)));
    return operation_commit(operation);
}

TEST(two_adds_at_once_both_count)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CHECK_OK(temp_repo_make(&temp));
    CHECK(work_write(&temp, "a", "1") && work_write(&temp, "b", "2"));
    CHECK_OK(add_late(&temp));
    CHECK(work_status_is(&temp, "A  a\nA  b\n"));
}

/* Stage all, with files that change between the look at them and the reading.
 */
static dits_error *add_changing(struct temp_repo *temp)
{
    CLEANUP(index_freep) struct index *index = NULL;
    CLEANUP(pathspec_freep) struct pathspec *pathspec = NULL;
    CLEANUP(staging_release) struct staging staging = {0};
    CLEANUP(operation_freep) struct operation *operation = NULL;
    CLEANUP(store_writer_freep) struct store_writer *writer = NULL;
    struct staging_options how = {0};
    TRY(index_open(temp->repo, &index));
    TRY(pathspec_of(temp->repo, NULL, &pathspec));
    TRY(staging_collect(temp->repo, index, pathspec, &how, &staging));
    if (!work_write(temp, "b", "longer") || !work_write(temp, "c", "C"))
        return error_new(DITS_E_IO, "cannot write");
    TRY(store_writer_begin(temp->repo->store, &writer));
    TRY(staging_store(&staging, writer));
    TRY(store_writer_commit(writer));
    TRY(operation_begin(temp->repo, "add", &operation));
    TRY(staging_apply(&staging, operation_index(operation)));
    return operation_commit(operation);
}

TEST(what_changes_before_it_is_read_is_stored_as_it_is_then)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(index_freep) struct index *index = NULL;
    struct dits_oid content[2] = {{{0}}};
    CHECK_OK(temp_repo_make(&temp));
    CHECK(work_write(&temp, "a", "1") && work_write(&temp, "b", "2"));
    CHECK(work_write(&temp, "c", "3") && work_write(&temp, "d/e", "4"));
    CHECK_OK(add_changing(&temp));
    CHECK(work_status_is(&temp, "A  a\nA  b\nA  c\nA  d/e\n"));
    CHECK_OK(index_open(temp.repo, &index));
    hash_bytes("longer", 6, &content[0]);
    hash_bytes("C", 1, &content[1]);
    CHECK(dits_oid_equal(&index_find(index, "b")->content, &content[0]));
    CHECK(dits_oid_equal(&index_find(index, "c")->content, &content[1]));
}
