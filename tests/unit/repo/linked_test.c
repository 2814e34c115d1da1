#include "repo/linked_life.h"

#include <dits/commit.h>
#include <dits/maintenance.h>
#include <dits/operation.h>
#include <dits/refs.h>
#include <dits/worktree.h>

#include <string.h>

#include "base/text.h"
#include "db/db.h"
#include "repo/holder.h"
#include "repo/index.h"
#include "repo/operation_row.h"
#include "repo/private_ref.h"
#include "repo/reach.h"
#include "support/mem_fault.h"
#include "support/test.h"
#include "support/work_files.h"

/* `a` and `b/c` in one commit on "main". */
static dits_error *make_files(struct temp_repo *temp)
{
    const struct dits_commit_options options = {.message = "one"};
    struct dits_commit_result result = {0};
    TRY(temp_repo_make(temp));
    if (!work_write(temp, "a", "one") || !work_write(temp, "b/c", "two"))
        return error_new(DITS_E_IO, "cannot write");
    TRY(work_add(temp, NULL));
    return dits_commit_create(temp->repo, &options, &result);
}

static dits_error *add(struct temp_repo *temp, const char *name,
                       const char *target)
{
    CLEANUP(dits_worktree_add_release)
    struct dits_worktree_add_result result = {0};
    CLEANUP(text_free) char *path = NULL;
    TRY(fs_join(temp->folder, name, &path));
    const struct dits_worktree_add_options options = {.path = path,
                                                      .target = target};
    return dits_worktree_add(temp->repo, &options, &result);
}

/* The linked one, as another process opens it. */
static dits_error *open_it(struct temp_repo *temp, const char *name,
                           struct temp_repo *out)
{
    CLEANUP(text_free) char *path = NULL;
    *out = *temp;
    out->repo = NULL;
    TRY(fs_join(temp->folder, name, &path));
    return dits_repo_open(temp->context, path, &out->repo);
}

static void close_it(struct temp_repo *linked)
{
    dits_repo_free(linked->repo);
    linked->repo = NULL;
}

static dits_error *commit(struct temp_repo *linked, const char *path,
                          const char *text, struct dits_commit_result *out)
{
    const struct dits_commit_options options = {.message = text};
    CLEANUP(text_free) char *full = NULL;
    TRY(fs_join(dits_repo_work_dir(linked->repo), path, &full));
    TRY(fs_replace(full, text, strlen(text)));
    TRY(work_add(linked, path));
    return dits_commit_create(linked->repo, &options, out);
}

TEST(each_has_its_own_head_index_and_log)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(close_it) struct temp_repo linked = {0};
    struct dits_commit_result made = {0};
    struct dits_oid head = {0};
    CHECK_OK(make_files(&temp));
    CHECK_OK(add(&temp, "w", NULL));
    CHECK(work_is(&temp, "w/a", "one") && work_is(&temp, "w/b/c", "two"));
    CHECK_OK(open_it(&temp, "w", &linked));
    CHECK(strcmp(dits_repo_worktree(linked.repo), "w") == 0);
    CHECK(strcmp(dits_repo_dir(linked.repo), dits_repo_dir(temp.repo)) == 0);
    CHECK_OK(commit(&linked, "a", "two", &made));
    CHECK_OK(refs_head_commit(temp.repo, &head));
    CHECK(!dits_oid_equal(&head, &made.id));
    CHECK(work_is(&temp, "a", "one"));
    CHECK(work_status_is(&temp, "?? w/\n"));
    CHECK(work_status_is(&linked, ""));
    CHECK(temp_repo_ref_is(&temp, "refs/heads/w", &made.id));
}

TEST(private_names_are_of_the_work_tree_at_hand)
{
    static const struct {
        const char *name, *stored;
    } cases[] = {
        {"HEAD", "refs/worktrees/3/HEAD"},
        {"refs/bisect/bad", "refs/worktrees/3/bisect/bad"},
        {"refs/bisect/", "refs/worktrees/3/bisect/"},
        {"refs/unfinished/work", "refs/worktrees/3/unfinished/work"},
        {"refs/heads/main", "refs/heads/main"},
        {"refs/stash/0000000001", "refs/stash/0000000001"},
        {"refs/worktrees/3/HEAD", "refs/worktrees/3/HEAD"},
    };
    const dits_repo linked = {.linked = 3};
    const dits_repo main = {0};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        CLEANUP(buf_release) struct buf there = {0};
        CLEANUP(buf_release) struct buf here = {0};
        CHECK_OK(private_ref_name(&linked, cases[i].name, &there));
        CHECK_OK(private_ref_name(&main, cases[i].name, &here));
        CHECK(strcmp(buf_text(&there), cases[i].stored) == 0);
        CHECK(strcmp(buf_text(&here), cases[i].name) == 0);
    }
}

TEST(a_branch_has_one_holder)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(close_it) struct temp_repo linked = {0};
    CLEANUP(text_free) char *path = NULL;
    CLEANUP(text_free) char *other = NULL;
    CHECK_OK(make_files(&temp));
    CHECK_OK(add(&temp, "w", NULL));
    CHECK_OK(open_it(&temp, "w", &linked));
    CHECK_OK(holder_find(temp.repo, "refs/heads/w", &path));
    CHECK(path != NULL && text_ends_with(path, "/w"));
    CHECK_OK(holder_find(linked.repo, "refs/heads/main", &other));
    CHECK(other != NULL && strcmp(other, dits_repo_work_dir(temp.repo)) == 0);
    CHECK_OK(holder_refuse(linked.repo, "refs/heads/w"));
    CHECK_OK(holder_refuse(temp.repo, "refs/tags/w"));
    CHECK_FAILS(DITS_E_CONFLICT, holder_refuse(temp.repo, "refs/heads/w"));
    CHECK_FAILS(DITS_E_CONFLICT, add(&temp, "v", "main"));
    CHECK(!work_exists(&temp, "v"));
    CHECK_FAILS(DITS_E_CONFLICT,
                dits_branch_delete(temp.repo, "w", true, NULL));
    CHECK_OK(dits_branch_rename(temp.repo, "w", "x", false));
    CHECK_OK(dits_undo(temp.repo, 0, NULL));
    CHECK_OK(holder_refuse(temp.repo, "refs/heads/x"));
}

struct found_asset {
    const struct dits_oid *wanted;
    bool found;
};

static dits_error *look_for(enum chunk_kind kind, const struct dits_oid *id,
                            void *payload)
{
    struct found_asset *search = payload;
    (void)kind;
    search->found |= dits_oid_equal(id, search->wanted);
    return NULL;
}

TEST(what_another_one_has_staged_and_its_head_are_roots)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(close_it) struct temp_repo linked = {0};
    CLEANUP(linked_view_freep) dits_repo *view = NULL;
    CLEANUP(linked_release) struct linked row = {0};
    CLEANUP(index_freep) struct index *index = NULL;
    const struct dits_switch_options detach = {.detach = true};
    struct dits_switch_result moved = {0};
    struct dits_commit_result made = {0};
    bool found = false;
    CHECK_OK(make_files(&temp));
    CHECK_OK(add(&temp, "w", NULL));
    CHECK_OK(open_it(&temp, "w", &linked));
    CHECK_OK(dits_switch(linked.repo, &detach, &moved));
    CHECK_OK(commit(&linked, "a", "alone", &made));
    CHECK(work_write(&temp, "w/s", "staged"));
    CHECK_OK(work_add(&linked, "s"));
    CHECK_OK(linked_find(temp.repo, "w", &row, &found));
    CHECK(found && dits_oid_equal(&row.head, &made.id));
    CHECK_OK(linked_view(temp.repo, &row, &view));
    CHECK_OK(index_open(view, &index));
    struct found_asset staged = {.wanted = &index_find(index, "s")->asset};
    struct found_asset head = {.wanted = &made.id};
    /* They keep it as well, until they expire. */
    CHECK_OK(db_run(temp.repo->db, "DELETE FROM reflog", DB_NO_ARGS, NULL));
    CHECK_OK(
        db_run(temp.repo->db, "DELETE FROM operation_refs", DB_NO_ARGS, NULL));
    CHECK_OK(reach_each_root(temp.repo, look_for, &staged));
    CHECK_OK(reach_each_root(temp.repo, look_for, &head));
    CHECK(staged.found && head.found);
}

TEST(an_end_is_undone_with_all_that_was_there)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CHECK_OK(make_files(&temp));
    CHECK_OK(add(&temp, "w", NULL));
    CHECK(work_write(&temp, "w/a", "changed"));
    CHECK(work_write(&temp, "w/new/f", "untracked"));
    CHECK_FAILS(DITS_E_CONFLICT, dits_worktree_remove(temp.repo, "w", false));
    CHECK_OK(dits_worktree_remove(temp.repo, "w", true));
    CHECK(!work_exists(&temp, "w"));
    CHECK_OK(dits_undo(temp.repo, 0, NULL));
    CHECK(work_is(&temp, "w/a", "changed"));
    CHECK(work_is(&temp, "w/new/f", "untracked"));
    CHECK_OK(dits_redo(temp.repo, NULL));
    CHECK(!work_exists(&temp, "w"));
    CHECK_OK(dits_undo(temp.repo, 0, NULL));
    CHECK_OK(dits_undo(temp.repo, 0, NULL)); /* also that it was made */
    CHECK(!work_exists(&temp, "w"));
    CHECK_OK(dits_redo(temp.repo, NULL));
    CHECK(work_is(&temp, "w/new/f", "untracked"));
}

TEST(a_name_is_used_once_and_a_number_never_again)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(linked_release) struct linked first = {0};
    CLEANUP(linked_release) struct linked second = {0};
    CLEANUP(linked_release) struct linked again = {0};
    bool found = false;
    CHECK_OK(make_files(&temp));
    CHECK_OK(add(&temp, "w", NULL));
    CHECK_OK(add(&temp, "x/w", "HEAD"));
    CHECK_OK(linked_find(temp.repo, "w", &first, &found));
    CHECK(found && first.id == 1);
    CHECK_OK(linked_find(temp.repo, "w1", &second, &found));
    CHECK(found && second.id == 2);
    CHECK_OK(dits_worktree_remove(temp.repo, "w1", false));
    CHECK_OK(add(&temp, "x/w", "HEAD"));
    CHECK_OK(linked_find(temp.repo, "w1", &again, &found));
    CHECK(found && again.id == 3);
}

TEST(operations_that_end_expire_but_not_the_newest_of_each)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(operation_row_release) struct operation_row row = {0};
    CLEANUP(linked_release) struct linked linked = {0};
    uint64_t dropped = 0;
    bool found = false;
    CHECK_OK(make_files(&temp));
    CHECK_OK(add(&temp, "w", NULL));
    CHECK_OK(add(&temp, "gone", NULL));
    CHECK_OK(dits_worktree_remove(temp.repo, "gone", false));
    CHECK_OK(dits_branch_create(temp.repo, "b", NULL, false));
    CHECK_OK(operation_row_expire(temp.repo, INT64_MAX, &dropped));
    CHECK(dropped == 4); /* add, commit, and the two of "gone" */
    CHECK_OK(linked_find(temp.repo, "w", &linked, &found));
    CHECK(found);
    CLEANUP(linked_view_freep) dits_repo *view = NULL;
    CHECK_OK(linked_view(temp.repo, &linked, &view));
    CHECK_OK(operation_row_newest(view, &row, &found));
    CHECK(found && row.id == 3);
}

TEST(a_folder_that_is_gone_is_pruned_and_comes_back)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(close_it) struct temp_repo linked = {0};
    struct dits_commit_result made = {0};
    CHECK_OK(make_files(&temp));
    CHECK_OK(add(&temp, "w", NULL));
    CHECK_OK(open_it(&temp, "w", &linked));
    CHECK_OK(commit(&linked, "a", "more", &made));
    close_it(&linked);
    CHECK_OK(dits_worktree_lock(temp.repo, "w", ""));
    CHECK(work_remove(&temp, "w/.dits"));
    CHECK_OK(dits_worktree_prune(temp.repo, false, NULL, NULL));
    CHECK_FAILS(DITS_E_EXISTS, dits_worktree_lock(temp.repo, "w", ""));
    CHECK_OK(dits_worktree_unlock(temp.repo, "w"));
    CHECK_OK(dits_worktree_prune(temp.repo, false, NULL, NULL));
    CHECK_FAILS(DITS_E_NOT_FOUND, dits_worktree_lock(temp.repo, "w", ""));
    /* The files of the folder are not ours any more. */
    CHECK(work_is(&temp, "w/a", "more"));
    CHECK_FAILS(DITS_E_EXISTS, dits_undo(temp.repo, 0, NULL));
    CHECK(work_empty(&temp));
    CHECK_OK(dits_undo(temp.repo, 0, NULL));
    CHECK_OK(open_it(&temp, "w", &linked));
    CHECK(work_status_is(&linked, " D a\n D b/c\n"));
}

TEST(adding_and_removing_survive_each_failed_allocation)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    bool reached = true;
    bool is_there = false;
    CHECK_OK(make_files(&temp));
    for (unsigned nth = 1; reached && nth < 20000; nth += 1 + nth / 60) {
        mem_fault_arm(nth);
        dits_error *err = is_there ? dits_worktree_remove(temp.repo, "w", true)
                                   : add(&temp, "w", NULL);
        reached = mem_fault_disarm();
        CHECK(err == NULL || dits_error_has(err, DITS_E_NOMEM));
        bool worked = err == NULL;
        dits_error_free(err);
        CLEANUP(linked_release) struct linked row = {0};
        bool found = false;
        CHECK_OK(linked_find(temp.repo, "w", &row, &found));
        CHECK(!worked || found == !is_there);
        is_there = found;
        if (!found)
            CHECK(work_empty(&temp));
    }
    CHECK(!reached);
}
