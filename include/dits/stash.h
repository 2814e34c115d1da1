/*
 * dits/stash.h - changes put away for later
 *
 * A stash is a commit: its tree is the tracked files as they were in the work
 * tree; its parents are HEAD, a commit of what was staged, and perhaps one of
 * the untracked files. Number 0 is the newest; "stash@{1}" names one wherever
 * a revision is wanted.
 */
#ifndef DITS_STASH_H
#define DITS_STASH_H

#include <dits/merge.h>

DITS_BEGIN_DECLS

/* Zero means the default for each field. */
struct dits_stash_options {
    const char *message; /* NULL: "WIP on main: 1a2b3c4 first cut" */
    bool untracked;      /* untracked files, too */
    bool all;            /* and ignored ones */
    bool keep_index;     /* what is staged stays in the files */
};

struct dits_stash_result {
    bool is_empty; /* there was nothing to put away */
    struct dits_oid id;
    uint64_t files; /* that changed in the work tree */
};

/*
 * Put changes away: of `paths` (NULL, or no items: all). The files and what is
 * staged are then as HEAD has them.
 *
 * Errors: INVALID (no commit yet); CONFLICT (paths that are not resolved, a
 * file that changed meanwhile); NOT_FOUND (a path that names nothing).
 */
DITS_API DITS_MUST_USE dits_error *dits_stash_push(
    dits_repo *repo, const struct dits_paths *paths,
    const struct dits_stash_options *options, struct dits_stash_result *out);

/* Borrowed for the call. */
struct dits_stash {
    uint64_t number;
    struct dits_oid id;
    struct dits_oid base;      /* the commit that it was made on */
    struct dits_oid untracked; /* a commit of these files; zero: none */
    int64_t time;              /* seconds since 1970 UTC */
    const char *message;
};

/* Newest first. */
typedef dits_error *dits_stash_fn(const struct dits_stash *stash,
                                  void *payload);
DITS_API DITS_MUST_USE dits_error *dits_stash_each(dits_repo *repo,
                                                   dits_stash_fn *fn,
                                                   void *payload);

struct dits_stash_apply_options {
    uint64_t number;
    bool index; /* stage what was staged */
    bool drop;  /* `pop`: let it go when there are no conflicts */
    enum dits_conflict_style style;
    dits_merge_fn *on_path; /* NULL allowed */
    void *payload;
};

struct dits_stash_apply_result {
    struct dits_oid id;
    uint64_t conflicts; /* paths; the stash is then kept */
    bool is_dropped;
};

/*
 * Bring the changes of a stash back, merged with what is there. Files that it
 * adds are staged, others are not, unless `index` is set.
 *
 * Errors: NOT_FOUND; CONFLICT (files that would be lost, named; what was staged
 * does not fit any more).
 */
DITS_API DITS_MUST_USE dits_error *dits_stash_apply(
    dits_repo *repo, const struct dits_stash_apply_options *options,
    struct dits_stash_apply_result *out);

/* `out_id` (NULL allowed): what it was. NOT_FOUND. */
DITS_API DITS_MUST_USE dits_error *dits_stash_drop(dits_repo *repo,
                                                   uint64_t number,
                                                   struct dits_oid *out_id);

/* Drop all; `out_count` (NULL allowed): how many. */
DITS_API DITS_MUST_USE dits_error *dits_stash_clear(dits_repo *repo,
                                                    uint64_t *out_count);

DITS_END_DECLS

#endif
