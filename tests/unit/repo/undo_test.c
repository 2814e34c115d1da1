#include <dits/commit.h>
#include <dits/operation.h>
#include <dits/refs.h>
#include <dits/worktree.h>

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "repo/operation_row.h"
#include "repo/reflog.h"
#include "support/test.h"
#include "support/work_files.h"

/* All that undo has to bring back, as text to be compared. */
static dits_error *add_ref(const char *name, const struct dits_oid *id,
                           void *payload)
{
    char hex[OID_HEX_SIZE] = "";
    dits_oid_hex(id, hex);
    return buf_printf(payload, "%s %.12s\n", name, hex);
}

static dits_error *take_state(struct temp_repo *temp, char **out)
{
    CLEANUP(buf_release) struct buf text = {0};
    CLEANUP(text_free) char *status = NULL;
    struct dits_head head = {0};
    char hex[OID_HEX_SIZE] = "";
    TRY(refs_each(temp->repo, "", add_ref, &text));
    TRY(dits_head_get(temp->repo, &head));
    dits_oid_hex(&head.commit, hex);
    dits_error *err = buf_printf(&text, "HEAD %s %.12s\n",
                                 head.branch != NULL ? head.branch : "detached",
                                 hex);
    dits_head_release(&head);
    TRY(err);
    TRY(work_status(temp, &status));
    TRY(buf_put_text(&text, status));
    static const char *const files[] = {"a", "b", "c", "moved"};
    for (size_t i = 0; i < 4; i++) {
        CLEANUP(text_free) char *staged = NULL;
        TRY(temp_repo_staged(temp, files[i], &staged));
        TRY(buf_printf(&text, "staged %s: %s\n", files[i],
                       staged != NULL ? staged : "-"));
        static const char *const contents[] = {"one", "two", "ONE", "edited"};
        for (size_t j = 0; j < 4; j++) {
            if (work_is(temp, files[i], contents[j]))
                TRY(buf_printf(&text, "file %s: %s\n", files[i], contents[j]));
        }
    }
    return buf_take_text(&text, out);
}

static bool state_is(struct temp_repo *temp, const char *wanted)
{
    CLEANUP(text_free) char *state = NULL;
    dits_error *err = take_state(temp, &state);
    bool same = err == NULL && strcmp(state, wanted) == 0;
    if (!same)
        printf("# have:\n%s# want:\n%s", state, wanted);
    dits_error_free(err);
    return same;
}

/* The commands whose undoing must be exact. */
static dits_error *do_add(struct temp_repo *temp)
{
    return work_add(temp, "c");
}

static dits_error *do_commit(struct temp_repo *temp)
{
    struct dits_commit_options options = {.message = "all", .all = true};
    struct dits_commit_result result = {0};
    return dits_commit_create(temp->repo, &options, &result);
}

static dits_error *do_amend(struct temp_repo *temp)
{
    struct dits_commit_options options = {.message = "other", .amend = true};
    struct dits_commit_result result = {0};
    return dits_commit_create(temp->repo, &options, &result);
}

static dits_error *do_branch(struct temp_repo *temp)
{
    return dits_branch_create(temp->repo, "new", NULL, false);
}

static dits_error *do_delete(struct temp_repo *temp)
{
    return dits_branch_delete(temp->repo, "side", true, NULL);
}

static dits_error *do_rename(struct temp_repo *temp)
{
    return dits_branch_rename(temp->repo, NULL, "renamed", false);
}

static dits_error *do_tag(struct temp_repo *temp)
{
    struct dits_tag_options options = {.name = "v", .message = "m"};
    return dits_tag_create(temp->repo, &options);
}

static dits_error *do_switch(struct temp_repo *temp)
{
    struct dits_switch_options options = {.target = "side"};
    struct dits_switch_result result = {0};
    return dits_switch(temp->repo, &options, &result);
}

static dits_error *do_force(struct temp_repo *temp)
{
    struct dits_switch_options options = {.target = "side",
                                          .discard_changes = true};
    struct dits_switch_result result = {0};
    return dits_switch(temp->repo, &options, &result);
}

static dits_error *do_detach(struct temp_repo *temp)
{
    struct dits_switch_options options = {.target = "HEAD", .detach = true};
    struct dits_switch_result result = {0};
    return dits_switch(temp->repo, &options, &result);
}

static dits_error *do_restore(struct temp_repo *temp)
{
    static const char *const path = "a";
    struct dits_paths paths = {.items = &path, .count = 1};
    struct dits_restore_options options = {0};
    return dits_restore(temp->repo, &paths, &options);
}

static dits_error *do_remove(struct temp_repo *temp)
{
    static const char *const items[] = {"b"};
    struct dits_paths paths = {.items = items, .count = 1};
    struct dits_remove_options options = {.force = true};
    return dits_remove(temp->repo, &paths, &options);
}

static dits_error *do_move(struct temp_repo *temp)
{
    static const char *const items[] = {"b"};
    struct dits_paths paths = {.items = items, .count = 1};
    return dits_move(temp->repo, &paths, "moved", NULL);
}

/*
 * main has a=one and b=two, side has a=ONE; a was edited since and c is new.
 */
static dits_error *make(struct temp_repo *temp, bool edited)
{
    struct dits_switch_options create = {.create = "side"};
    struct dits_switch_options back = {.target = "main"};
    struct dits_switch_result result = {0};
    TRY(temp_repo_make(temp));
    bool written = work_write(temp, "a", "one") && work_write(temp, "b", "two");
    TRY(work_add(temp, NULL));
    TRY(do_commit(temp));
    TRY(dits_switch(temp->repo, &create, &result));
    written = written && work_write(temp, "a", "ONE");
    TRY(do_commit(temp));
    TRY(dits_switch(temp->repo, &back, &result));
    written = written && work_write(temp, "c", "new");
    if (edited)
        written = written && work_write(temp, "a", "edited");
    return written ? NULL : error_new(DITS_E_IO, "cannot write");
}

static const struct command {
    const char *name;
    dits_error *(*run)(struct temp_repo *temp);
    bool edited; /* a was edited before */
} commands[] = {
    {"add", do_add, true},          {"commit -a", do_commit, true},
    {"amend", do_amend, true},      {"branch", do_branch, true},
    {"branch -D", do_delete, true}, {"branch -m", do_rename, true},
    {"tag", do_tag, true},          {"switch", do_switch, false},
    {"switch -f", do_force, true},  {"switch --detach", do_detach, true},
    {"restore", do_restore, true},  {"rm", do_remove, true},
    {"mv", do_move, true},
};

static void undo_and_redo(const struct command *command)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(text_free) char *before = NULL;
    CLEANUP(text_free) char *after = NULL;
    uint64_t undone = 0;
    uint64_t redone = 0;
    printf("# %s\n", command->name);
    CHECK_OK(make(&temp, command->edited));
    CHECK_OK(take_state(&temp, &before));
    CHECK_OK(command->run(&temp));
    CHECK_OK(take_state(&temp, &after));
    for (int round = 0; round < 2; round++) {
        CHECK_OK(dits_undo(temp.repo, 0, &undone));
        CHECK(state_is(&temp, before));
        CHECK_OK(temp_repo_reopen(&temp));
        CHECK_OK(dits_redo(temp.repo, &redone));
        CHECK(state_is(&temp, after) && redone == undone);
    }
}

TEST(undoing_any_command_is_exact_and_so_is_redoing_it)
{
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
        undo_and_redo(&commands[i]);
}

TEST(undo_goes_further_back_each_time_and_redo_forward)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    char *states[4] = {NULL};
    CHECK_OK(make(&temp, true));
    CHECK_OK(take_state(&temp, &states[0]));
    CHECK_OK(do_add(&temp));
    CHECK_OK(take_state(&temp, &states[1]));
    CHECK_OK(do_commit(&temp));
    CHECK_OK(take_state(&temp, &states[2]));
    CHECK_OK(do_tag(&temp));
    CHECK_OK(take_state(&temp, &states[3]));
    bool same = true;
    for (int i = 3; i > 0 && same; i--) {
        CHECK_OK(dits_undo(temp.repo, 0, NULL));
        same = state_is(&temp, states[i - 1]);
    }
    for (int i = 1; i <= 3 && same; i++) {
        CHECK_OK(dits_redo(temp.repo, NULL));
        same = state_is(&temp, states[i]);
    }
    for (int i = 0; i < 4; i++)
        text_free(&states[i]);
    CHECK(same);
    CHECK_FAILS(DITS_E_NOT_FOUND, dits_redo(temp.repo, NULL));
}

TEST(what_was_undone_cannot_be_redone_after_something_else)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CHECK_OK(make(&temp, true));
    CHECK_OK(do_add(&temp));
    CHECK_OK(dits_undo(temp.repo, 0, NULL));
    CHECK_OK(do_tag(&temp));
    CHECK_FAILS(DITS_E_NOT_FOUND, dits_redo(temp.repo, NULL));
    CHECK_OK(dits_undo(temp.repo, 0, NULL));
    CHECK_OK(dits_redo(temp.repo, NULL));
}

TEST(an_operation_in_the_middle_is_undone_when_nothing_is_in_the_way)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(operation_row_release) struct operation_row row = {0};
    struct dits_oid none = {0};
    bool found = false;
    CHECK_OK(make(&temp, true));
    CHECK_OK(do_branch(&temp));
    CHECK_OK(operation_row_newest(temp.repo, &row, &found));
    CHECK_OK(do_add(&temp));
    CHECK_OK(dits_undo(temp.repo, row.id, NULL));
    CHECK(temp_repo_ref_is(&temp, "refs/heads/new", &none));
    CHECK_FAILS(DITS_E_CONFLICT, dits_undo(temp.repo, row.id, NULL));
    CHECK_FAILS(DITS_E_NOT_FOUND, dits_undo(temp.repo, 999, NULL));
    /* The undo itself can be undone: the branch is back. */
    CHECK_OK(dits_undo(temp.repo, row.id + 2, NULL));
    CHECK(!temp_repo_ref_is(&temp, "refs/heads/new", &none));
}

TEST(a_ref_that_moved_since_is_in_the_way)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(operation_row_release) struct operation_row row = {0};
    bool found = false;
    CHECK_OK(make(&temp, true));
    CHECK_OK(do_commit(&temp));
    CHECK_OK(operation_row_newest(temp.repo, &row, &found));
    CHECK_OK(do_amend(&temp));
    CHECK_FAILS(DITS_E_CONFLICT, dits_undo(temp.repo, row.id, NULL));
}

/* What an edit after a switch holds is captured, and redo returns it. */
TEST(undo_loses_no_edit_that_is_in_its_way)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CHECK_OK(make(&temp, false));
    CHECK_OK(do_switch(&temp));
    CHECK(work_write(&temp, "a", "edited"));
    CHECK_OK(dits_undo(temp.repo, 0, NULL));
    CHECK(work_is(&temp, "a", "one"));
    CHECK_OK(dits_redo(temp.repo, NULL));
    CHECK(work_is(&temp, "a", "edited"));
}

TEST(undo_stages_nothing_where_nothing_was_staged)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(operation_row_release) struct operation_row row = {0};
    CLEANUP(text_free) char *staged = NULL;
    bool found = false;
    CHECK_OK(make(&temp, true));
    CHECK_OK(do_restore(&temp));
    CHECK_OK(operation_row_newest(temp.repo, &row, &found));
    CHECK_OK(do_add(&temp));
    CHECK_OK(dits_undo(temp.repo, row.id, NULL));
    CHECK(work_is(&temp, "a", "edited"));
    CHECK_OK(temp_repo_staged(&temp, "a", &staged));
    CHECK(staged != NULL && strcmp(staged, "one") == 0);
}

TEST(a_new_repository_has_nothing_to_undo)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CHECK_OK(temp_repo_make(&temp));
    CHECK_FAILS(DITS_E_NOT_FOUND, dits_undo(temp.repo, 0, NULL));
    CHECK_FAILS(DITS_E_NOT_FOUND, dits_redo(temp.repo, NULL));
}

static dits_error *add_entry(const struct dits_reflog_entry *entry,
                             void *payload)
{
    return buf_printf(payload, "%s;", entry->message);
}

TEST(a_branch_that_gets_its_name_back_gets_its_reflog_back)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(buf_release) struct buf messages = {0};
    CHECK_OK(make(&temp, true));
    CHECK_OK(do_rename(&temp));
    CHECK_OK(dits_undo(temp.repo, 0, NULL));
    CHECK_OK(dits_reflog_each(temp.repo, "main", add_entry, &messages));
    CHECK(strstr(buf_text(&messages), "commit (initial): all;") != NULL);
    CHECK_FAILS(DITS_E_NOT_FOUND,
                dits_reflog_each(temp.repo, "renamed", add_entry, &messages));
}
