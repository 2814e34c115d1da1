/*
 * dits/worktrees.h - several work trees on one repository
 *
 * The main work tree holds the folder .dits. A linked one has a file in its
 * place that leads there. Commits, branches, tags, stashes, configuration and
 * the log of operations are shared; HEAD, what is staged, unfinished work, a
 * bisection and the sparse set are each work tree's own.
 */
#ifndef DITS_WORKTREES_H
#define DITS_WORKTREES_H

#include <dits/repo.h>

DITS_BEGIN_DECLS

/* Borrowed for the call. */
struct dits_worktree {
    const char *name; /* NULL: the main one */
    const char *path;
    const char *branch;      /* short; NULL: detached */
    struct dits_oid commit;  /* zero: none yet */
    const char *lock_reason; /* perhaps ""; NULL: not locked */
    const char *missing;     /* why 'prune' would drop it; NULL: it is there */
    bool is_current;         /* the one that was opened */
};

typedef dits_error *dits_worktree_fn(const struct dits_worktree *worktree,
                                     void *payload);

/* The main one first. */
DITS_API DITS_MUST_USE dits_error *dits_worktree_each(dits_repo *repo,
                                                      dits_worktree_fn *fn,
                                                      void *payload);

/* Zero means the default for each field. */
struct dits_worktree_add_options {
    const char *path;   /* as the process sees it */
    const char *target; /* a branch or revision; NULL: the branch called like
                           the folder, or a new one at HEAD */
    const char *create; /* -b NAME: make this branch, at the target or HEAD */
    bool force_create;  /* -B */
    bool detach;
    bool share_branch;       /* also one that another work tree is on */
    const char *lock_reason; /* lock it at once; "": without a reason */
};

struct dits_worktree_add_result {
    char *name;
    char *path;
    char *branch; /* short; NULL: detached */
    bool is_new_branch;
    struct dits_oid commit;
    uint64_t files_written;
};

/*
 * Make a work tree in a folder that is empty or not there yet. One operation of
 * the work tree at hand; undo removes it again. The sparse set is taken over.
 *
 * Errors: EXISTS, NOT_FOUND, INVALID, CONFLICT (the branch is checked out in
 * another one), LIMIT, CANCELLED.
 */
DITS_API DITS_MUST_USE dits_error *dits_worktree_add(
    dits_repo *repo, const struct dits_worktree_add_options *options,
    struct dits_worktree_add_result *out);
DITS_API void dits_worktree_add_release(
    struct dits_worktree_add_result *result);

/*
 * Those below are told a linked work tree by its name, its path, or the last
 * parts of its path where that is unique. NOT_FOUND, INVALID (the main one).
 *
 * Remove it with its folder. With `force` changed and untracked files go as
 * well; all of them are stored first, so that undo, in the work tree at hand,
 * brings the whole back.
 *
 * Errors: CONFLICT (changes, locked, the work tree at hand).
 */
DITS_API DITS_MUST_USE dits_error *dits_worktree_remove(dits_repo *repo,
                                                        const char *worktree,
                                                        bool force);

/* A folder that is there: into it. Errors: EXISTS, CONFLICT (locked). */
DITS_API DITS_MUST_USE dits_error *dits_worktree_move(dits_repo *repo,
                                                      const char *worktree,
                                                      const char *to);

/* A locked one is neither pruned, moved nor removed. `reason` "": none. */
DITS_API DITS_MUST_USE dits_error *dits_worktree_lock(dits_repo *repo,
                                                      const char *worktree,
                                                      const char *reason);
DITS_API DITS_MUST_USE dits_error *dits_worktree_unlock(dits_repo *repo,
                                                        const char *worktree);

/*
 * Forget work trees whose folder is not there; each is an operation, and undo
 * brings HEAD and what was staged back. `fn` (NULL allowed) is told of each.
 */
DITS_API DITS_MUST_USE dits_error *dits_worktree_prune(dits_repo *repo,
                                                       bool dry_run,
                                                       dits_worktree_fn *fn,
                                                       void *payload);

/*
 * After folders were moved by hand: let all work trees lead to this repository
 * again, and the repository know the place of those in `paths`. `fn` (NULL
 * allowed) is told of each that was mended.
 *
 * Errors: NOT_FOUND (a path that is no work tree of this repository).
 */
DITS_API DITS_MUST_USE dits_error *dits_worktree_repair(
    dits_repo *repo, const char *const *paths, size_t count,
    dits_worktree_fn *fn, void *payload);

DITS_END_DECLS

#endif
