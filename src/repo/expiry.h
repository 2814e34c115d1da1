/*
 * repo/expiry.h - forgetting old operations, reflog entries and events
 *
 * What they hold is kept by gc until then (refs_each_root()), but for events.
 * Times are set by ops.expire, reflog.expire and events.expire (90 days each;
 * "never"), reflog.max bounds the entries of each ref (0: no bound).
 */
#ifndef REPO_EXPIRY_H
#define REPO_EXPIRY_H

#include "repo/reflog.h"
#include "repo/repo.h"

struct expiry_result {
    uint64_t operations; /* dropped */
    uint64_t entries;
};

/*
 * Drop what is due, in batches. A reflog entry that holds a commit younger
 * than `keep_since` stays, and so do the newest of each kind.
 */
MUST_USE dits_error *expiry_run(dits_repo *repo, int64_t keep_since,
                                struct expiry_result *out);

/*
 * What is due in the reflog by the settings, or by the age `expire` where it is
 * not NULL, with gc's grace period for young commits.
 */
MUST_USE dits_error *expiry_reflog(dits_repo *repo, const char *expire,
                                   struct reflog_expiry *out);

/* gc's grace period: garbage from before that time may go. */
MUST_USE dits_error *expiry_grace(const dits_repo *repo, int64_t *out);

#endif
