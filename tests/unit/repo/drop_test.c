#include <dits/commit.h>
#include <dits/operation.h>
#include <dits/worktree.h>

#include <string.h>

#include "base/text.h"
#include "repo/index.h"
#include "repo/stand_in.h"
#include "support/mem_fault.h"
#include "support/test.h"
#include "support/work_files.h"

enum { SIZE = 5000 };

/* A text of SIZE bytes for each letter. */
static const char *big(char letter, char *room)
{
    memset(room, letter, SIZE);
    room[SIZE] = '\0';
    return room;
}

static bool write_big(struct temp_repo *temp, const char *path, char letter)
{
    char room[SIZE + 1];
    return work_write(temp, path, big(letter, room));
}

static bool is_big(struct temp_repo *temp, const char *path, char letter)
{
    char room[SIZE + 1];
    return work_is(temp, path, big(letter, room));
}

static dits_error *commit_all(struct temp_repo *temp)
{
    struct dits_commit_options options = {.message = "a step"};
    struct dits_commit_result result = {0};
    TRY(work_add(temp, NULL));
    return dits_commit_create(temp->repo, &options, &result);
}

/* a/x and y of 5,000 bytes, and a small one, committed. */
static dits_error *make_files(struct temp_repo *temp)
{
    TRY(temp_repo_make(temp));
    if (!write_big(temp, "a/x", 'x') || !write_big(temp, "y", 'y') ||
        !work_write(temp, "small", "small"))
        return error_new(DITS_E_IO, "cannot write");
    return commit_all(temp);
}

static dits_error *drop(struct temp_repo *temp, const char *path, bool force)
{
    const struct dits_paths paths = {.items = &path, .count = 1};
    const struct dits_drop_options options = {.force = force};
    return dits_drop(temp->repo, &paths, &options, NULL);
}

static dits_error *get(struct temp_repo *temp, const char *path)
{
    const struct dits_paths paths = {.items = &path, .count = 1};
    return dits_get(temp->repo, &paths, NULL, NULL);
}

/* Whether a stand-in lies there, and the index knows. */
static bool is_dropped(struct temp_repo *temp, const char *path)
{
    CLEANUP(index_freep) struct index *index = NULL;
    CLEANUP(text_free) char *full = NULL;
    CLEANUP(buf_release) struct buf bytes = {0};
    struct stand_in what = {0};
    enum stand_in_verdict verdict = STAND_IN_NONE;
    dits_error *err = index_open(temp->repo, &index);
    if (err == NULL)
        err = fs_join(temp->repo->work_dir, path, &full);
    if (err == NULL)
        err = fs_read_all(full, 10000, &bytes);
    if (err == NULL)
        err = stand_in_parse(buf_slice(&bytes), &what, &verdict);
    const struct index_entry *entry = err == NULL ? index_find(index, path)
                                                  : NULL;
    bool dropped = entry != NULL && entry->is_dropped &&
                   verdict == STAND_IN_WHOLE && what.size == SIZE &&
                   dits_oid_equal(&entry->asset, &what.asset);
    dits_error_free(err);
    return dropped;
}

TEST(files_go_and_come_back)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CHECK_OK(make_files(&temp));
    CHECK_OK(drop(&temp, ".", false));
    CHECK(is_dropped(&temp, "a/x") && is_dropped(&temp, "y"));
    CHECK(work_is(&temp, "small", "small"));
    CHECK(work_status_is(&temp, ""));
    CHECK_OK(get(&temp, "a"));
    CHECK(is_big(&temp, "a/x", 'x') && is_dropped(&temp, "y"));
    CHECK(work_status_is(&temp, ""));
}

TEST(both_can_be_undone_and_done_again)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CHECK_OK(make_files(&temp));
    CHECK_OK(drop(&temp, "y", false));
    CHECK_OK(dits_undo(temp.repo, 0, NULL));
    CHECK(is_big(&temp, "y", 'y') && !is_dropped(&temp, "y"));
    CHECK_OK(dits_redo(temp.repo, NULL));
    CHECK(is_dropped(&temp, "y"));
    CHECK_OK(get(&temp, "y"));
    CHECK_OK(dits_undo(temp.repo, 0, NULL));
    CHECK(is_dropped(&temp, "y"));
    CHECK_OK(dits_redo(temp.repo, NULL));
    CHECK(is_big(&temp, "y", 'y'));
    CHECK(work_status_is(&temp, ""));
}

TEST(changes_are_refused_or_captured)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CHECK_OK(make_files(&temp));
    CHECK(write_big(&temp, "y", 'z'));
    CHECK_FAILS(DITS_E_CONFLICT, drop(&temp, "y", false));
    CHECK(is_big(&temp, "y", 'z'));
    CHECK_OK(drop(&temp, "y", true));
    CHECK(is_dropped(&temp, "y"));
    CHECK_OK(dits_undo(temp.repo, 0, NULL));
    CHECK(is_big(&temp, "y", 'z'));
    CHECK_OK(work_add(&temp, NULL));
    CHECK_FAILS(DITS_E_CONFLICT, drop(&temp, "y", false));
    CHECK_OK(drop(&temp, "y", true));
    CHECK(is_dropped(&temp, "y"));
}

TEST(it_stays_dropped_where_files_are_switched)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    const struct dits_switch_options old = {.target = "HEAD~1", .detach = true};
    const struct dits_switch_options back = {.target = "main"};
    const char *path = "y";
    const struct dits_paths paths = {.items = &path, .count = 1};
    struct dits_switch_result result = {0};
    CHECK_OK(make_files(&temp));
    CHECK(write_big(&temp, "y", 'Y'));
    CHECK_OK(commit_all(&temp));
    CHECK_OK(drop(&temp, "y", false));
    CHECK_OK(dits_switch(temp.repo, &old, &result));
    CHECK(is_dropped(&temp, "y"));
    CHECK(work_status_is(&temp, ""));
    CHECK_OK(dits_undo(temp.repo, 0, NULL));
    CHECK(is_dropped(&temp, "y"));
    CHECK_OK(dits_redo(temp.repo, NULL));
    CHECK_OK(dits_restore(temp.repo, &paths, NULL));
    CHECK(is_dropped(&temp, "y"));
    CHECK_OK(get(&temp, "y"));
    CHECK(is_big(&temp, "y", 'y'));
    CHECK_OK(dits_switch(temp.repo, &back, &result));
    CHECK(is_big(&temp, "y", 'Y'));
}

TEST(a_stand_in_is_never_content)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(text_free) char *from = NULL;
    CLEANUP(text_free) char *to = NULL;
    CHECK_OK(make_files(&temp));
    CHECK_OK(drop(&temp, "y", false));
    CHECK_OK(fs_join(temp.repo->work_dir, "y", &from));
    CHECK_OK(fs_join(temp.repo->work_dir, "z", &to));
    CHECK_OK(fs_rename(from, to));
    CHECK_OK(work_add(&temp, NULL));
    CHECK(is_dropped(&temp, "z"));
    CHECK(work_status_is(&temp, "R  y -> z\n"));
    CHECK_OK(get(&temp, "z"));
    CHECK(is_big(&temp, "z", 'y'));
}

TEST(one_that_was_changed_or_came_from_elsewhere_is_refused)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(buf_release) struct buf text = {0};
    const struct stand_in elsewhere = {.asset = {{9}}, .size = SIZE};
    CHECK_OK(make_files(&temp));
    CHECK_OK(stand_in_format("y", &elsewhere, &text));
    CHECK(work_write(&temp, "y", buf_text(&text)));
    CHECK_FAILS(DITS_E_INVALID, work_add(&temp, NULL));
    CHECK_OK(buf_put_text(&text, "a note\n"));
    CHECK(work_write(&temp, "y", buf_text(&text)));
    CHECK_FAILS(DITS_E_INVALID, work_add(&temp, NULL));
    CHECK(work_status_is(&temp, " M y\n"));
}

TEST(what_is_damaged_in_the_store_stays)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(index_freep) struct index *index = NULL;
    CHECK_OK(make_files(&temp));
    CHECK_OK(index_open(temp.repo, &index));
    struct index_entry entry = *index_find(index, "y");
    entry.asset.hash[0] ^= 1;
    CHECK_OK(index_set(index, &entry));
    CHECK_OK(index_save(index, index_operation(index)));
    dits_error *err = drop(&temp, "y", true);
    CHECK(err != NULL);
    dits_error_free(err);
    CHECK(is_big(&temp, "y", 'y'));
}

TEST(a_failed_allocation_loses_nothing)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    bool reached = true;
    CHECK_OK(make_files(&temp));
    for (unsigned nth = 1; reached && nth < 20000; nth++) {
        bool is_drop = nth % 2 == 1;
        mem_fault_arm(nth);
        dits_error *err = is_drop ? drop(&temp, ".", false) : get(&temp, ".");
        reached = mem_fault_disarm();
        CHECK(err == NULL || dits_error_has(err, DITS_E_NOMEM));
        dits_error_free(err);
        CHECK(work_status_is(&temp, ""));
    }
    CHECK(!reached);
    CHECK_OK(get(&temp, "."));
    CHECK(is_big(&temp, "a/x", 'x') && is_big(&temp, "y", 'y'));
}
