/*
 * dits/watcher.h - a process that knows what changes in a work tree
 *
 * While one runs, dits_status() asks it instead of looking at every file. No
 * function that changes files trusts it.
 */
#ifndef DITS_WATCHER_H
#define DITS_WATCHER_H

#include <dits/repo.h>

DITS_BEGIN_DECLS

struct dits_watcher_state {
    bool runs;        /* and answers; the rest is zero when not */
    uint64_t process; /* its number */
    uint64_t folders; /* watched */
    uint64_t changes; /* seen */
};

/*
 * Watch until somebody asks for the end, the context is cancelled, or the work
 * tree is gone. Errors: LOCKED (another one is at work), UNSUPPORTED (a file
 * system that does not tell of changes), LIMIT (too many folders), IO.
 */
DITS_API DITS_MUST_USE dits_error *dits_watcher_run(dits_repo *repo);

/* Ask the one that runs. */
DITS_API DITS_MUST_USE dits_error *dits_watcher_state_get(
    dits_repo *repo, struct dits_watcher_state *out);

/* Whether 'status.watcher' asks for one. */
DITS_API DITS_MUST_USE dits_error *dits_watcher_is_wanted(dits_repo *repo,
                                                          bool *out);

/* Ask it to end, and wait until it has. `out_ran`: there was one. */
DITS_API DITS_MUST_USE dits_error *dits_watcher_stop(dits_repo *repo,
                                                     bool *out_ran);

DITS_END_DECLS

#endif
