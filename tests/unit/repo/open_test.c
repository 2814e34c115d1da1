#include "repo/open.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "db/db.h"
#include "support/temp_repo.h"
#include "support/test.h"

static dits_error *open_below(struct temp_repo *temp, const char *below,
                              char **out_prefix)
{
    CLEANUP(open_freep) dits_repo *repo = NULL;
    CLEANUP(text_free) char *path = NULL;
    TRY(fs_join(temp->folder, below, &path));
    TRY(dits_repo_open(temp->context, path, &repo));
    return text_copy(dits_repo_prefix(repo), out_prefix);
}

TEST(a_repository_is_found_from_any_folder_in_it)
{
    static const struct {
        const char *folder;
        const char *prefix;
    } rows[] = {{".", ""},
                {"a", "a"},
                {"a/b", "a/b"},
                {".dits", ""},
                {".dits/packs", ""}};
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(text_free) char *deep = NULL;
    CHECK_OK(temp_repo_make(&temp));
    CHECK_OK(fs_join(temp.folder, "a/b", &deep));
    CHECK_OK(fs_make_dirs(deep));
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        CLEANUP(text_free) char *prefix = NULL;
        CHECK_OK(open_below(&temp, rows[i].folder, &prefix));
        CHECK(strcmp(prefix, rows[i].prefix) == 0);
    }
}

TEST(outside_of_any_repository_none_is_found)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(open_freep) dits_repo *repo = NULL;
    CHECK_OK(temp_repo_make(&temp));
    CHECK_FAILS(DITS_E_NOT_FOUND, dits_repo_open(temp.context, "/", &repo));
    CHECK_FAILS(DITS_E_NOT_FOUND,
                dits_repo_open(temp.context, "/no/such/folder", &repo));
}

TEST(making_a_repository_twice_changes_nothing)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(open_freep) dits_repo *again = NULL;
    struct dits_init_options options = {.initial_branch = "other"};
    struct dits_head head = {0};
    struct dits_oid first = {0};
    bool existed = false;
    CHECK_OK(temp_repo_make(&temp));
    CHECK_OK(temp_repo_commit(&temp, "a", "one", &first));
    CHECK_OK(
        dits_repo_init(temp.context, temp.folder, &options, &existed, &again));
    CHECK(existed);
    CHECK_OK(dits_head_get(again, &head));
    bool same = strcmp(head.branch, "main") == 0 &&
                dits_oid_equal(&head.commit, &first);
    dits_head_release(&head);
    CHECK(same);
}

/* A killed init leaves all but the file that says it is finished. */
TEST(an_init_that_was_cut_off_is_finished_by_the_next)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(text_free) char *config = NULL;
    bool existed = true;
    CHECK_OK(temp_repo_make(&temp));
    CHECK_OK(fs_join(temp.repo->dits_dir, "config", &config));
    dits_repo_free(MOVE(temp.repo));
    CHECK_OK(fs_remove(config));
    CHECK_FAILS(DITS_E_NOT_FOUND, temp_repo_reopen(&temp));
    CHECK_OK(
        dits_repo_init(temp.context, temp.folder, NULL, &existed, &temp.repo));
    CHECK(!existed);
    CHECK_OK(temp_repo_stage(&temp, "a", "one"));
}

TEST(bad_names_of_the_first_branch_are_refused)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(open_freep) dits_repo *repo = NULL;
    struct dits_init_options options = {.initial_branch = "a..b"};
    CHECK_OK(temp_repo_make(&temp));
    CHECK_FAILS(DITS_E_INVALID, dits_repo_init(temp.context, temp.folder,
                                               &options, NULL, &repo));
}

TEST(a_newer_format_is_refused)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(text_free) char *config = NULL;
    static const char text[] = "[core]\nformat = 2\n";
    CHECK_OK(temp_repo_make(&temp));
    CHECK_OK(fs_join(temp.repo->dits_dir, "config", &config));
    CHECK_OK(fs_replace(config, text, sizeof(text) - 1));
    CHECK_FAILS(DITS_E_UNSUPPORTED, temp_repo_reopen(&temp));
}

TEST(a_newer_database_is_refused)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CHECK_OK(temp_repo_make(&temp));
    CHECK_OK(
        db_run(temp.repo->db, "PRAGMA user_version = 999", DB_NO_ARGS, NULL));
    CHECK_FAILS(DITS_E_UNSUPPORTED, temp_repo_reopen(&temp));
}

TEST(the_work_lock_keeps_others_out_while_it_is_held)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(fs_close) struct fs_file lock = {0};
    CLEANUP(fs_close) struct fs_file other = {0};
    CLEANUP(text_free) char *path = NULL;
    CHECK_OK(temp_repo_make(&temp));
    CHECK_OK(repo_lock_work(temp.repo, &lock));
    CHECK_OK(fs_join(temp.repo->dits_dir, "work.lock", &path));
    CHECK_FAILS(DITS_E_LOCKED, fs_lock(path, FS_LOCK_EXCLUSIVE, 0, &other));
    fs_close(&lock);
    CHECK_OK(fs_lock(path, FS_LOCK_EXCLUSIVE, 0, &other));
}
