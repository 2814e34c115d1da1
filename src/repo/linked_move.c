/* Where work trees lie: moving, locking, and what was moved by hand. */
#include <dits/worktrees.h>

#include <string.h>

#include "base/path.h"
#include "base/text.h"
#include "repo/link_file.h"
#include "repo/linked.h"
#include "repo/ref_name.h"

static dits_error *find_goal(const dits_repo *repo, const struct linked *linked,
                             const char *to, char **out)
{
    CLEANUP(text_free) char *path = NULL;
    struct fs_stat stat = {0};
    TRY(linked_new_place(repo, to, &path));
    if (fs_exists(path)) {
        CLEANUP(text_free) char *folder = path;
        path = NULL;
        TRY(fs_stat_path(folder, &stat));
        if (stat.kind != FS_FOLDER)
            return error_new(DITS_E_EXISTS, "there is '%s' already", folder);
        TRY(fs_join(folder, path_base_name(linked->path), &path));
    }
    if (fs_exists(path))
        return error_new(DITS_E_EXISTS, "there is '%s' already", path);
    if (path_is_within(path, linked->path))
        return error_new(DITS_E_INVALID, "'%s' is inside of the work tree",
                         path);
    *out = MOVE(path);
    return NULL;
}

static dits_error *check_there(dits_repo *repo, const struct linked *linked,
                               const char *what)
{
    CLEANUP(linked_view_freep) dits_repo *view = NULL;
    const char *missing = NULL;
    TRY(linked_view(repo, linked, &view));
    TRY(linked_look(view, &missing));
    if (missing == NULL)
        return NULL;
    return error_hint(error_new(DITS_E_CONFLICT, "cannot %s '%s': %s", what,
                                linked->path, missing),
                      "'dits worktree repair PATH' tells where it is now.");
}

dits_error *dits_worktree_move(dits_repo *repo, const char *worktree,
                               const char *to)
{
    CLEANUP(fs_close) struct fs_file lock = {0};
    CLEANUP(linked_release) struct linked linked = {0};
    CLEANUP(text_free) char *path = NULL;
    TRY(repo_lock_work(repo, &lock));
    TRY(linked_meant(repo, worktree, &linked));
    TRY(linked_refuse_locked(&linked, "move"));
    TRY(check_there(repo, &linked, "move"));
    TRY(find_goal(repo, &linked, to, &path));
    TRY(fs_rename(linked.path, path));
    /* If this fails it is as if somebody had moved it by hand. */
    return linked_set_path(repo, linked.id, path);
}

dits_error *dits_worktree_lock(dits_repo *repo, const char *worktree,
                               const char *reason)
{
    CLEANUP(fs_close) struct fs_file lock = {0};
    CLEANUP(linked_release) struct linked linked = {0};
    TRY(repo_lock_work(repo, &lock));
    TRY(linked_meant(repo, worktree, &linked));
    if (linked.lock_reason != NULL)
        return error_new(DITS_E_EXISTS, "'%s' is already locked%s%s", worktree,
                         linked.lock_reason[0] != '\0' ? ", reason: " : "",
                         linked.lock_reason);
    if (strchr(reason, '\n') != NULL)
        return error_new(DITS_E_INVALID, "a reason is one line of text");
    return linked_set_lock(repo, linked.id, reason);
}

dits_error *dits_worktree_unlock(dits_repo *repo, const char *worktree)
{
    CLEANUP(fs_close) struct fs_file lock = {0};
    CLEANUP(linked_release) struct linked linked = {0};
    TRY(repo_lock_work(repo, &lock));
    TRY(linked_meant(repo, worktree, &linked));
    if (linked.lock_reason == NULL)
        return error_new(DITS_E_INVALID, "'%s' is not locked", worktree);
    return linked_set_lock(repo, linked.id, NULL);
}

/* Repair. */

struct mending {
    dits_repo *repo;
    dits_worktree_fn *fn;
    void *payload;
};

static dits_error *tell(const struct mending *mending,
                        const struct linked *linked, const char *path)
{
    const struct dits_worktree shown = {
        .name = linked->name, .path = path, .commit = linked->head};
    return mending->fn != NULL ? mending->fn(&shown, mending->payload) : NULL;
}

/* Let the folder at `path` lead here, if it is that of the work tree. */
static dits_error *mend_link(const struct mending *mending,
                             const struct linked *linked, const char *path,
                             bool *out_is_it, bool *out_mended)
{
    CLEANUP(link_file_release) struct link_file link = {0};
    const struct link_file right = {.dits_dir = mending->repo->dits_dir,
                                    .name = linked->name};
    bool found = false;
    *out_is_it = false;
    *out_mended = false;
    dits_error *err = link_file_read(path, &link, &found);
    bool is_damaged = dits_error_has(err, DITS_E_CORRUPT) ||
                      dits_error_has(err, DITS_E_LIMIT);
    if (err != NULL && !is_damaged)
        return err;
    dits_error_free(err); /* it is written anew */
    bool leads_here = !is_damaged && found &&
                      strcmp(link.dits_dir, right.dits_dir) == 0;
    if (!found || (!is_damaged && strcmp(link.name, right.name) != 0) ||
        (!is_damaged && !leads_here && fs_exists(link.dits_dir)))
        return NULL;
    *out_is_it = true;
    *out_mended = !leads_here;
    return leads_here ? NULL : link_file_write(path, &right);
}

/* A work tree where it was left. */
static dits_error *mend_known(const struct linked *linked, void *payload)
{
    const struct mending *mending = payload;
    bool is_it = false;
    bool mended = false;
    TRY(mend_link(mending, linked, linked->path, &is_it, &mended));
    return mended ? tell(mending, linked, linked->path) : NULL;
}

static dits_error *no_work_tree(const char *path)
{
    return error_hint(error_new(DITS_E_NOT_FOUND,
                                "'%s' is no work tree of this repository",
                                path),
                      "See 'dits worktree list'.");
}

/* A work tree that lies somewhere else now. */
static dits_error *mend_moved(const struct mending *mending, const char *path)
{
    CLEANUP(link_file_release) struct link_file link = {0};
    CLEANUP(linked_release) struct linked linked = {0};
    CLEANUP(text_free) char *real = NULL;
    bool found = false;
    bool is_it = false;
    bool mended = false;
    TRY(fs_real_path(path, &real));
    TRY(link_file_read(real, &link, &found));
    if (found)
        TRY(linked_find(mending->repo, link.name, &linked, &found));
    if (!found)
        return no_work_tree(path);
    if (strcmp(linked.path, real) == 0)
        return NULL; /* it was mended as one that is known */
    TRY(mend_link(mending, &linked, real, &is_it, &mended));
    if (!is_it)
        return no_work_tree(path);
    TRY(linked_set_path(mending->repo, linked.id, real));
    return tell(mending, &linked, real);
}

dits_error *dits_worktree_repair(dits_repo *repo, const char *const *paths,
                                 size_t count, dits_worktree_fn *fn,
                                 void *payload)
{
    CLEANUP(fs_close) struct fs_file lock = {0};
    struct mending mending = {.repo = repo, .fn = fn, .payload = payload};
    TRY(repo_lock_work(repo, &lock));
    TRY(linked_each(repo, mend_known, &mending));
    if (repo->linked != 0)
        TRY(mend_moved(&mending, repo->work_dir));
    for (size_t i = 0; i < count; i++)
        TRY(mend_moved(&mending, paths[i]));
    return NULL;
}
