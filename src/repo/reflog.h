/*
 * repo/reflog.h - what HEAD and branches led to before
 *
 * Rows of meta.db, numbered for each ref, written by the transaction that
 * moves the ref. Order is that of the numbers: clocks may go back. The log of
 * a branch that was deleted stays until it expires.
 */
#ifndef REPO_REFLOG_H
#define REPO_REFLOG_H

#include "object/commit.h"
#include "repo/refs.h"

struct reflog_change {
    const char *ref; /* full name or "HEAD" */
    const struct dits_oid *before;
    const struct dits_oid *after;
    const char *message;
};

/* Within the transaction that moves the ref. */
MUST_USE dits_error *reflog_append(dits_repo *repo, uint64_t operation,
                                   const struct person *who,
                                   const struct reflog_change *change);

/* The log of `from` becomes that of `to`, in place of what `to` had. */
MUST_USE dits_error *reflog_move(dits_repo *repo, const char *from,
                                 const char *to);

/*
 * What `full_name` led to `back` changes ago (0: now), or at the moment
 * `time`. Absence is an answer.
 */
MUST_USE dits_error *reflog_nth(dits_repo *repo, const char *full_name,
                                uint64_t back, struct dits_oid *out,
                                bool *out_found);
MUST_USE dits_error *reflog_at(dits_repo *repo, const char *full_name,
                               int64_t time, struct dits_oid *out,
                               bool *out_found);

/* The `back`-th branch that HEAD was on before (1: the last); NULL: none. */
MUST_USE dits_error *reflog_previous_branch(dits_repo *repo, uint64_t back,
                                            char **out);

/* That of HEAD for NULL or "HEAD", and full names of branches, as "main" is
 * meant. */
MUST_USE dits_error *reflog_full_name(const dits_repo *repo, const char *name,
                                      struct buf *out);

struct reflog_expiry {
    const char *ref;    /* full name; NULL: all refs */
    bool dry_run;       /* count only */
    int64_t before;     /* entries older than this may go */
    uint64_t max_count; /* for each ref, the newest; 0: no limit */
    int64_t keep_since; /* never an entry that holds a commit as young */
};

/*
 * Drop old entries, a batch in each transaction (STOR-M4). The newest entry of
 * each ref stays.
 */
MUST_USE dits_error *reflog_expire(dits_repo *repo,
                                   const struct reflog_expiry *expiry,
                                   uint64_t *out_dropped);

#endif
