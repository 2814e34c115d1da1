#include "repo/rescue.h"

#include <dits/maintenance.h>
#include <dits/refs.h>

#include <string.h>

#include "base/text.h"
#include "support/test.h"
#include "support/work_files.h"

static dits_error *break_file(struct temp_repo *temp, const char *name)
{
    static const char junk[5000] = "this is no database";
    CLEANUP(text_free) char *path = NULL;
    TRY(fs_join(temp->repo->dits_dir, name, &path));
    return fs_replace(path, junk, sizeof(junk));
}

static dits_error *remove_file(struct temp_repo *temp, const char *name)
{
    CLEANUP(text_free) char *path = NULL;
    TRY(fs_join(temp->repo->dits_dir, name, &path));
    return fs_remove(path);
}

/* Both the database and its log, which could heal it. */
static dits_error *break_database(struct temp_repo *temp)
{
    TRY(break_file(temp, "meta.db"));
    return break_file(temp, "meta.db-wal");
}

static dits_error *make(struct temp_repo *temp, struct dits_oid *first,
                        struct dits_oid *second)
{
    struct dits_tag_options tag = {.name = "v", .message = "m"};
    TRY(temp_repo_make(temp));
    TRY(temp_repo_commit(temp, "a", "one", first));
    TRY(dits_branch_create(temp->repo, "x", NULL, false));
    TRY(dits_tag_create(temp->repo, &tag));
    temp->now += 100;
    TRY(temp_repo_commit(temp, "a", "two", second));
    return temp_repo_stage(temp, "b", "staged");
}

static dits_error *rescue(struct temp_repo *temp, bool *out_rescued)
{
    return dits_repo_rescue(temp->context, temp->folder, NULL, NULL,
                            out_rescued);
}

TEST(a_whole_database_is_left_alone)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    struct dits_oid first = {0};
    struct dits_oid second = {0};
    bool rescued = true;
    CHECK_OK(make(&temp, &first, &second));
    CHECK_OK(rescue(&temp, &rescued));
    CHECK(!rescued);
}

TEST(refs_and_what_is_staged_survive_a_damaged_database)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(text_free) char *staged = NULL;
    struct dits_oid first = {0};
    struct dits_oid second = {0};
    struct dits_oid tagged = {0};
    bool rescued = false;
    CHECK_OK(make(&temp, &first, &second));
    CHECK_OK(break_database(&temp));
    CHECK_FAILS(DITS_E_CORRUPT, temp_repo_reopen(&temp));
    CHECK_OK(rescue(&temp, &rescued));
    CHECK(rescued);
    CHECK_OK(temp_repo_reopen(&temp));
    CHECK(temp_repo_ref_is(&temp, "HEAD", &second));
    CHECK(temp_repo_ref_is(&temp, "refs/heads/main", &second));
    CHECK(temp_repo_ref_is(&temp, "refs/heads/x", &first));
    CHECK_OK(
        dits_revision_resolve(temp.repo, "v", DITS_REVISION_COMMIT, &tagged));
    CHECK(dits_oid_equal(&tagged, &first));
    CHECK_OK(temp_repo_stage(&temp, "c", "more"));
    CHECK_OK(temp_repo_staged(&temp, "b", &staged));
    CHECK(staged != NULL && strcmp(staged, "staged") == 0);
}

TEST(a_database_that_is_gone_is_made_anew_too)
{
    static const char *const names[] = {"meta.db", "meta.db-wal",
                                        "meta.db-shm"};
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    struct dits_oid first = {0};
    struct dits_oid second = {0};
    CHECK_OK(make(&temp, &first, &second));
    for (size_t i = 0; i < 3; i++)
        CHECK_OK(remove_file(&temp, names[i]));
    CHECK_FAILS(DITS_E_NOT_FOUND, temp_repo_reopen(&temp));
    CHECK_OK(rescue(&temp, NULL));
    CHECK_OK(temp_repo_reopen(&temp));
    CHECK(temp_repo_ref_is(&temp, "HEAD", &second));
}

TEST(without_the_copy_the_newest_commits_are_found_in_the_store)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(buf_release) struct buf name = {0};
    struct dits_oid first = {0};
    struct dits_oid second = {0};
    struct dits_oid other = {0};
    char hex[OID_HEX_SIZE] = "";
    CHECK_OK(make(&temp, &first, &second));
    {
        CLEANUP(operation_freep) struct operation *operation = NULL;
        CHECK_OK(operation_begin(temp.repo, "switch", &operation));
        CHECK_OK(operation_set_head(operation, NULL, &first, "detach"));
        CHECK_OK(operation_commit(operation));
    }
    CHECK_OK(temp_repo_commit(&temp, "z", "side", &other));
    temp.now += 1000;
    CHECK_OK(temp_repo_commit(&temp, "z", "side two", &other));
    CHECK_OK(break_database(&temp));
    CHECK_OK(remove_file(&temp, "refs.backup"));
    CHECK_OK(rescue(&temp, NULL));
    CHECK_OK(temp_repo_reopen(&temp));
    CHECK(temp_repo_ref_is(&temp, "refs/heads/main", &other));
    dits_oid_hex(&second, hex);
    CHECK_OK(buf_printf(&name, "refs/heads/recovered/%.12s", hex));
    CHECK(temp_repo_ref_is(&temp, buf_text(&name), &second));
}
