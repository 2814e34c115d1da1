/*
 * dits/sparse.h - having a part of the tracked files on the disk
 *
 * What is outside of the sparse set is tracked and committed as ever, but has
 * no file in the work tree, and is not deleted for that.
 */
#ifndef DITS_SPARSE_H
#define DITS_SPARSE_H

#include <dits/repo.h>

DITS_BEGIN_DECLS

enum dits_sparse_mode {
    DITS_SPARSE_ALL = 0,      /* everything is on the disk */
    DITS_SPARSE_CONE = 1,     /* folders, and the files in those above them */
    DITS_SPARSE_PATTERNS = 2, /* what matches, by the rules of ignore files */
};

/* A file outside of the set that stays, because it has changes. Borrowed. */
typedef void dits_sparse_kept_fn(const char *path, void *payload);

struct dits_sparse_options {
    enum dits_sparse_mode mode;
    struct dits_paths patterns; /* folders, as the user names them, or patterns
                                   from the top */
    bool add;                   /* to the set that there is, in its mode */
    dits_sparse_kept_fn *on_kept; /* NULL allowed */
    void *payload;
};

struct dits_sparse_result {
    uint64_t files_written;
    uint64_t files_removed;
    uint64_t files_kept;
};

/*
 * Make another set the sparse set, and the work tree follow: one operation.
 * Files that are unchanged and no longer wanted are removed, wanted ones that
 * are not there are written. A file with changes that are not staged stays. A
 * change that was cut off before is finished first. `out` may be NULL.
 *
 * Errors: INVALID (a pattern; `add` without a set), CONFLICT (something
 * untracked is in the way), CANCELLED, IO.
 */
DITS_API DITS_MUST_USE dits_error *dits_sparse_set(
    dits_repo *repo, const struct dits_sparse_options *options,
    struct dits_sparse_result *out);

/*
 * Make the work tree follow the set as it is: of `options`, which may be NULL,
 * only `on_kept` counts.
 */
DITS_API DITS_MUST_USE dits_error *dits_sparse_reapply(
    dits_repo *repo, const struct dits_sparse_options *options,
    struct dits_sparse_result *out);

/* Borrowed for the call. */
struct dits_sparse_info {
    enum dits_sparse_mode mode;
    struct dits_paths patterns; /* folders from the top, or patterns */
    bool is_cut_off; /* a change of the set has not come to its end */
};

typedef dits_error *dits_sparse_fn(const struct dits_sparse_info *info,
                                   void *payload);

/* Tell of the set, once. */
DITS_API DITS_MUST_USE dits_error *dits_sparse_look(dits_repo *repo,
                                                    dits_sparse_fn *fn,
                                                    void *payload);

DITS_END_DECLS

#endif
