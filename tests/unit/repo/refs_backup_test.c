#include "repo/refs_backup.h"

#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "support/temp_repo.h"
#include "support/test.h"

static bool has(const struct refs_backup *backup, const char *name,
                const struct dits_oid *id)
{
    for (size_t i = 0; i < backup->count; i++) {
        if (strcmp(backup->refs[i].name, name) == 0)
            return dits_oid_equal(&backup->refs[i].id, id);
    }
    return false;
}

static dits_error *make_refs(struct temp_repo *temp, struct dits_oid *first,
                             struct dits_oid *second)
{
    TRY(temp_repo_make(temp));
    TRY(temp_repo_commit(temp, "a", "one", first));
    TRY(dits_branch_create(temp->repo, "x", NULL, false));
    TRY(temp_repo_commit(temp, "a", "two", second));
    TRY(dits_branch_create(temp->repo, "gone", NULL, false));
    TRY(dits_branch_delete(temp->repo, "gone", false, NULL));
    return dits_branch_rename(temp->repo, "main", "trunk", false);
}

TEST(the_backup_follows_every_change)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(refs_backup_release) struct refs_backup backup = {0};
    struct dits_oid first = {0};
    struct dits_oid second = {0};
    CHECK_OK(make_refs(&temp, &first, &second));
    CHECK_OK(refs_backup_load(temp.repo->dits_dir, &backup));
    CHECK(backup.count == 2 && !backup.is_cut);
    CHECK(has(&backup, "refs/heads/trunk", &second));
    CHECK(has(&backup, "refs/heads/x", &first));
    CHECK(backup.has_head && backup.head_branch != NULL);
    CHECK(strcmp(backup.head_branch, "refs/heads/trunk") == 0);
}

/* The power may fail at any byte: what is whole is still read. */
TEST(a_backup_cut_anywhere_gives_what_is_whole)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(text_free) char *path = NULL;
    CLEANUP(buf_release) struct buf text = {0};
    struct dits_oid first = {0};
    struct dits_oid second = {0};
    CHECK_OK(make_refs(&temp, &first, &second));
    CHECK_OK(fs_join(temp.repo->dits_dir, "refs.backup", &path));
    CHECK_OK(fs_read_all(path, 100000, &text));
    for (size_t size = 0; size < text.size; size += 7) {
        CLEANUP(refs_backup_release) struct refs_backup backup = {0};
        CHECK_OK(fs_replace(path, text.data, size));
        CHECK_OK(refs_backup_load(temp.repo->dits_dir, &backup));
        CHECK(backup.count <= 3);
    }
    CHECK_OK(fs_replace(path, text.data, text.size - 3));
    CHECK_OK(dits_branch_create(temp.repo, "after", NULL, false));
    CLEANUP(refs_backup_release) struct refs_backup backup = {0};
    CHECK_OK(refs_backup_load(temp.repo->dits_dir, &backup));
    CHECK(backup.is_cut && has(&backup, "refs/heads/after", &second));
}

TEST(a_line_that_was_changed_is_not_believed)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(refs_backup_release) struct refs_backup backup = {0};
    CLEANUP(text_free) char *path = NULL;
    CLEANUP(buf_release) struct buf text = {0};
    struct dits_oid first = {0};
    struct dits_oid second = {0};
    CHECK_OK(make_refs(&temp, &first, &second));
    CHECK_OK(fs_join(temp.repo->dits_dir, "refs.backup", &path));
    CHECK_OK(fs_read_all(path, 100000, &text));
    char *name = strstr((char *)text.data, "refs/heads/x");
    CHECK(name != NULL);
    name[11] = 'y';
    CHECK_OK(fs_replace(path, text.data, text.size));
    CHECK_OK(refs_backup_load(temp.repo->dits_dir, &backup));
    CHECK(backup.is_cut && backup.count == 1);
}

/* As after a power cut that took the line by which the first one ended. */
TEST(a_name_has_the_work_tree_that_got_it_last)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(refs_backup_release) struct refs_backup backup = {0};
    CLEANUP(text_free) char *path = NULL;
    CLEANUP(text_free) char *place = NULL;
    CLEANUP(buf_release) struct buf text = {0};
    CLEANUP(dits_worktree_add_release)
    struct dits_worktree_add_result result = {0};
    struct dits_oid head = {0};
    CHECK_OK(temp_repo_make(&temp));
    CHECK_OK(temp_repo_commit(&temp, "a", "one", &head));
    CHECK_OK(fs_join(temp.folder, "w", &place));
    CHECK_OK(fs_join(temp.repo->dits_dir, "refs.backup", &path));
    const struct dits_worktree_add_options options = {.path = place,
                                                      .target = "HEAD"};
    CHECK_OK(dits_worktree_add(temp.repo, &options, &result));
    CHECK_OK(fs_read_all(path, 100000, &text));
    CHECK_OK(dits_worktree_remove(temp.repo, "w", false));
    CHECK_OK(fs_replace(path, text.data, text.size));
    dits_worktree_add_release(&result);
    CHECK_OK(dits_worktree_add(temp.repo, &options, &result));
    CHECK_OK(refs_backup_load(temp.repo->dits_dir, &backup));
    CHECK(backup.linked_count == 2 && backup.linked[0].id == 0);
    CHECK(backup.linked[1].id == 2 && !backup.is_cut);
    CHECK(strcmp(backup.linked[1].name, "w") == 0);
}
