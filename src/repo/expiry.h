/*
 * repo/expiry.h - forgetting old operations and reflog entries
 *
 * What they hold is kept by gc until then (refs_each_root()). Times are set by
 * ops.expire and reflog.expire (90 days each; "never"), reflog.max bounds the
 * entries of each ref (0: no bound).
 */
#ifndef REPO_EXPIRY_H
#define REPO_EXPIRY_H

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

#endif
