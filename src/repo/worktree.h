/*
 * repo/worktree.h - working on many files of the work tree at once
 */
#ifndef REPO_WORKTREE_H
#define REPO_WORKTREE_H

#include "base/dir.h"
#include "repo/index.h"
#include "repo/repo.h"

/* The top of the work tree. */
MUST_USE dits_error *worktree_open(const dits_repo *repo, struct dir *out);

/*
 * Whether every part of `path` is a name that trees may hold (object/tree.h):
 * never "..", never ".dits" in any case; nor ".git", where it could plant
 * programs that git runs. What is written goes through this.
 */
bool worktree_is_safe_path(const char *path);

/* One item of worktree_each(), and the thread that works on it. */
struct worktree_turn {
    size_t item;
    size_t end; /* the items before it come next, to the same worker */
    unsigned worker;
    unsigned threads;        /* to use for this item */
    struct dir_place *place; /* this worker's own */
    bool *waits;             /* worktree_waits() alone */
};

/*
 * Items go to all workers, each a run of neighbours at a time, so that one
 * folder is mostly one worker's. Large ones come after, one by one, with all
 * threads each.
 */
struct worktree_each {
    const dits_repo *repo;
    size_t count;
    dits_error *(*fn)(const struct worktree_turn *turn, void *payload);
    void *payload;
};

/*
 * Asked by `fn` when it knows how much it has to read or write: true when it
 * shall return at once, to be called again with all threads.
 */
bool worktree_waits(const struct worktree_turn *turn, uint64_t size_bytes);

/* The first error ends it. Checks for cancelling before each item. */
MUST_USE dits_error *worktree_each(const struct worktree_each *each);

/*
 * Go to the folder of `path`; `*out_name` is the last part, borrowed from it.
 */
MUST_USE dits_error *worktree_enter(struct dir_place *place, const char *path,
                                    const char **out_name, bool *out_found);

/* The stat data of `path`. Absence is an answer. */
MUST_USE dits_error *worktree_stat(struct dir_place *place, const char *path,
                                   struct fs_stat *out, bool *out_found);

/* Whether the error says of a file that it went, changed or closed itself to
 * us since we looked. */
bool worktree_is_elsewhere(const dits_error *err);

/*
 * Whether the file is what `entry` says, its content read when need be, or
 * stands in for that: then `is_dropped` is set. `stat` is the file's stat data;
 * the entry gets it when the content is the same.
 */
MUST_USE dits_error *worktree_is_same(const dits_repo *repo,
                                      const struct worktree_turn *turn,
                                      const char *path,
                                      const struct fs_stat *stat,
                                      struct index_entry *entry, bool *out);

#endif
