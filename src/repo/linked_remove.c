#include <dits/worktrees.h>

#include "base/mem.h"
#include "base/text.h"
#include "repo/capture.h"
#include "repo/index.h"
#include "repo/index_stat.h"
#include "repo/linked_life.h"
#include "repo/scan.h"
#include "repo/switch_files.h"

/* The files of one work tree that ends. */
struct removing {
    dits_repo *view;
    struct operation *operation;
    struct scan_result scan;  /* what is not tracked */
    struct change_list going; /* of it the files, as stored */
    size_t *rows;             /* of these, in the scan */
};

static void release_removing(struct removing *removing)
{
    change_list_release(&removing->going);
    mem_free(removing->rows);
    scan_result_release(&removing->scan);
}

static dits_error *capture_one(const struct worktree_turn *turn, void *payload)
{
    struct removing *removing = payload;
    struct change *change = &removing->going.items[turn->item];
    const struct fs_stat *stat =
        &removing->scan.entries[removing->rows[turn->item]].stat;
    if (worktree_waits(turn, stat->size))
        return NULL;
    index_stat_settle(stat);
    return capture_path(removing->view, removing->operation, turn, change->path,
                        stat, &change->before);
}

/* What undo could not bring back must not go. */
static dits_error *check_keepable(const struct scan_entry *seen)
{
    const char *why = NULL;
    if (seen->state == SCAN_NESTED)
        why = "is a repository of its own";
    else if (seen->state == SCAN_UNREADABLE)
        why = "cannot be read";
    else if (seen->state == SCAN_SPECIAL)
        why = "is neither a file nor a symlink";
    else if (seen->state == SCAN_UNTRACKED &&
             !worktree_is_safe_path(seen->path))
        why = "has a name that is not kept";
    if (why == NULL)
        return NULL;
    return error_hint(error_new(DITS_E_CONFLICT, "'%s' %s", seen->path, why),
                      "Move it away first: it could not be brought back.");
}

static dits_error *list_untracked(struct removing *removing)
{
    removing->rows = mem_new_array(size_t, removing->scan.count + 1);
    if (removing->rows == NULL)
        return error_nomem();
    for (size_t i = 0; i < removing->scan.count; i++) {
        const struct scan_entry *seen = &removing->scan.entries[i];
        const struct change_side nothing = {0};
        TRY(check_keepable(seen));
        if (seen->state != SCAN_UNTRACKED || seen->is_folder)
            continue;
        removing->rows[removing->going.count] = i;
        TRY(change_list_add(&removing->going, seen->path, nothing, nothing));
    }
    return NULL;
}

/* All that is not tracked, what is ignored as well. */
static dits_error *capture_untracked(struct removing *removing)
{
    CLEANUP(pathspec_freep) struct pathspec *all = NULL;
    TRY(pathspec_of(removing->view, NULL, &all));
    const struct scan_options wanted = {
        .index = operation_index(removing->operation),
        .pathspec = all,
        .want_stat = true,
        .expand = true,
        .include_ignored = true,
    };
    TRY(scan_run(removing->view, &wanted, &removing->scan));
    TRY(list_untracked(removing));
    const struct worktree_each each = {
        .repo = removing->view,
        .count = removing->going.count,
        .fn = capture_one,
        .payload = removing,
    };
    TRY(worktree_each(&each));
    /* They are read at once. */
    return store_writer_commit(operation_writer(removing->operation));
}

dits_error *linked_remove_files(struct operation *operation)
{
    CLEANUP(release_removing)
    struct removing removing = {.view = operation_repo(operation),
                                .operation = operation};
    const struct switch_files_options how = {
        .task = "removing",
        .discard = true,
        .also = &removing.going,
        .announces = true,
    };
    struct dits_switch_result result = {
        .before = operation_head(operation)->commit};
    TRY(capture_untracked(&removing));
    return switch_files(removing.view, operation, &how, &result);
}

/* Without a folder only what was staged is left to be kept. */
static dits_error *forget_files(struct operation *operation)
{
    struct dits_oid empty = {0};
    tree_empty_id(&empty);
    return index_read_tree(operation_index(operation), &empty);
}

/* One work tree ends; asked for in `repo`. */
static dits_error *end(dits_repo *repo, dits_repo *view, struct fs_file *lock,
                       bool has_files)
{
    CLEANUP(operation_freep) struct operation *operation = NULL;
    TRY(operation_begin_locked(view, "worktree", lock, &operation));
    operation_set_owner(operation, repo);
    TRY(linked_end(operation)); /* before any file goes: it may refuse */
    TRY(has_files ? linked_remove_files(operation) : forget_files(operation));
    TRY(operation_commit(operation));
    linked_clear(view);
    return NULL;
}

static dits_error *check_removal(const dits_repo *repo,
                                 const struct linked *linked)
{
    if (linked->id == repo->linked)
        return error_hint(error_new(DITS_E_CONFLICT,
                                    "'%s' is the work tree you are in",
                                    linked->path),
                          "Say it in another one: see 'dits worktree list'.");
    return linked_refuse_locked(linked, "remove");
}

dits_error *dits_worktree_remove(dits_repo *repo, const char *worktree,
                                 bool force)
{
    CLEANUP(fs_close) struct fs_file lock = {0};
    CLEANUP(linked_view_freep) dits_repo *view = NULL;
    CLEANUP(linked_release) struct linked linked = {0};
    const char *missing = NULL;
    TRY(repo_lock_work(repo, &lock));
    TRY(linked_meant(repo, worktree, &linked));
    TRY(check_removal(repo, &linked));
    TRY(linked_view(repo, &linked, &view));
    TRY(linked_look(view, &missing));
    if (missing != NULL && fs_exists(linked.path))
        return error_hint(error_new(DITS_E_CONFLICT, "cannot remove '%s': %s",
                                    linked.path, missing),
                          "'dits worktree prune' forgets the work tree and "
                          "leaves the folder alone.");
    if (missing == NULL && !force)
        TRY(linked_check_clean(view));
    return end(repo, view, &lock, missing == NULL);
}

/* Pruning. */

struct pruning {
    dits_repo *repo;
    bool dry_run;
    dits_worktree_fn *fn;
    void *payload;
};

static dits_error *tell(const struct pruning *pruning,
                        const struct linked *linked, const char *missing)
{
    const struct dits_worktree shown = {
        .name = linked->name,
        .path = linked->path,
        .commit = linked->head,
        .missing = missing,
    };
    return pruning->fn != NULL ? pruning->fn(&shown, pruning->payload) : NULL;
}

static dits_error *prune_one(const struct linked *linked, void *payload)
{
    const struct pruning *pruning = payload;
    CLEANUP(fs_close) struct fs_file lock = {0};
    CLEANUP(linked_view_freep) dits_repo *view = NULL;
    const char *missing = NULL;
    if (linked->lock_reason != NULL || linked->id == pruning->repo->linked)
        return NULL;
    TRY(repo_lock_work(pruning->repo, &lock));
    TRY(linked_view(pruning->repo, linked, &view));
    TRY(linked_look(view, &missing));
    if (missing == NULL)
        return NULL;
    TRY(tell(pruning, linked, missing));
    return pruning->dry_run ? NULL : end(pruning->repo, view, &lock, false);
}

static dits_error *sweep(dits_repo *repo)
{
    CLEANUP(fs_close) struct fs_file lock = {0};
    TRY(repo_lock_work(repo, &lock));
    return linked_sweep(repo);
}

dits_error *dits_worktree_prune(dits_repo *repo, bool dry_run,
                                dits_worktree_fn *fn, void *payload)
{
    struct pruning pruning = {
        .repo = repo, .dry_run = dry_run, .fn = fn, .payload = payload};
    TRY(linked_each(repo, prune_one, &pruning));
    return dry_run ? NULL : sweep(repo);
}
