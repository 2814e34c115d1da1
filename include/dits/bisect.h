/*
 * dits/bisect.h - finding the commit that brought a change, by halving
 *
 * Between a commit that is bad (new) and others that are good (old) the one in
 * the middle is checked out, and told to be one or the other, until one is
 * left. Each step is one operation; the state lies below "refs/bisect/".
 */
#ifndef DITS_BISECT_H
#define DITS_BISECT_H

#include <dits/commit.h>
#include <dits/worktree.h>

DITS_BEGIN_DECLS

enum dits_bisect_outcome {
    DITS_BISECT_WAITING = 1, /* a bad one or a good one is not known yet */
    DITS_BISECT_TESTING = 2, /* `commit` is checked out */
    DITS_BISECT_FOUND = 3,   /* `commit` is the first bad one */
    DITS_BISECT_SKIPPED = 4, /* it is one of `candidates` */
    DITS_BISECT_NOTHING = 5, /* no commit changes the paths */
};

/* Release with dits_bisect_status_release(). */
struct dits_bisect_status {
    enum dits_bisect_outcome outcome;
    struct dits_oid commit;
    uint64_t left;  /* commits to test after this one */
    uint64_t steps; /* roughly so many */
    struct dits_oid *candidates;
    size_t candidate_count;
    bool has_bad;
    uint64_t good_count;
    char *bad_term; /* "bad", or what the user calls it */
    char *good_term;
};

DITS_API void dits_bisect_status_release(struct dits_bisect_status *status);

/* Zero means the default for each field. */
struct dits_bisect_start_options {
    const char *bad; /* revisions; NULL: told later */
    const char *const *goods;
    size_t good_count;
    struct dits_paths paths; /* only commits that change these are tested */
    const char *bad_term;
    const char *good_term;
};

/*
 * Errors: INVALID (terms, a good commit that the bad one does not have),
 * NOT_FOUND, CONFLICT (changed files are in the way).
 */
DITS_API DITS_MUST_USE dits_error *dits_bisect_start(
    dits_repo *repo, const struct dits_bisect_start_options *options,
    struct dits_bisect_status *out);

enum dits_bisect_mark {
    DITS_BISECT_BAD = 1,
    DITS_BISECT_GOOD = 2,
    DITS_BISECT_SKIP = 3,
};

/* No revisions: HEAD. Errors as above; NOT_FOUND when none is under way. */
DITS_API DITS_MUST_USE dits_error *dits_bisect_mark(
    dits_repo *repo, enum dits_bisect_mark mark, const char *const *revisions,
    size_t count, struct dits_bisect_status *out);

/* The steps so far, as text. To be freed with dits_free(). */
DITS_API DITS_MUST_USE dits_error *dits_bisect_log(dits_repo *repo, char **out);

/* NOT_FOUND when none is under way. */
DITS_API DITS_MUST_USE dits_error *dits_bisect_terms(dits_repo *repo,
                                                     char **out_bad,
                                                     char **out_good);

/*
 * End it, and go back to where it started or to `revision`. `*out_active` is
 * false, and nothing was done, when none is under way.
 */
DITS_API DITS_MUST_USE dits_error *dits_bisect_reset(
    dits_repo *repo, const char *revision, struct dits_switch_result *out,
    bool *out_active);

DITS_END_DECLS

#endif
