/*
 * repo/staging.h - what differs from the index, on its way into it
 *
 * In three steps, so that the long one needs no lock: collect (by stat data),
 * store (read and store contents), apply (to the index as it is by then).
 */
#ifndef REPO_STAGING_H
#define REPO_STAGING_H

#include <dits/worktree.h>

#include "repo/scan.h"

/* One path that may change in the index. */
struct staging_item {
    const struct scan_entry *seen; /* borrowed from the scan */
    struct index_entry entry;      /* what the index will hold */
    char action;                   /* 'A', 'M', 'D'; 0: content is the same */
    bool is_fresh;                 /* the entry has newer stat data */
    bool is_refused;               /* left out, as the settings say */
};

struct staging_options {
    bool tracked_only;
    bool include_ignored;
    bool dry_run; /* contents are compared, not stored */
};

struct staging {
    dits_repo *repo;
    const struct index *index; /* borrowed */
    struct staging_options options;
    struct scan_result scan;
    struct staging_item *items; /* sorted by path */
    size_t count;
};

/*
 * Look at what `pathspec` names. Names that cannot be stored are INVALID, an
 * ignored file named outright too, what matches nothing NOT_FOUND. What cannot
 * be tracked is left out with a warning. `index` and `pathspec` outlive it.
 */
MUST_USE dits_error *staging_collect(dits_repo *repo, const struct index *index,
                                     struct pathspec *pathspec,
                                     const struct staging_options *options,
                                     struct staging *out);
void staging_release(struct staging *staging);

/*
 * Read every file that may have changed. CONFLICT, naming it, for one that
 * changes meanwhile. `writer` is NULL for a dry run.
 */
MUST_USE dits_error *staging_store(struct staging *staging,
                                   struct store_writer *writer);

/* Change `index`, which may have changed since staging_collect(). */
MUST_USE dits_error *staging_apply(const struct staging *staging,
                                   struct index *index);

#endif
