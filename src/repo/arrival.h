/*
 * repo/arrival.h - whether what came from elsewhere is whole
 *
 * Chunks have come, out of a bundle or from another repository, and lie in the
 * store; nothing refers to them. Before a ref may, everything that it leads to
 * is gone over, up to commits that our own history has and where the history
 * was cut. The caller's store writer lives on until the refs are published, so
 * that nothing which was found here is swept.
 */
#ifndef REPO_ARRIVAL_H
#define REPO_ARRIVAL_H

#include "repo/bundle.h"
#include "repo/history.h"
#include "repo/reach.h"
#include "repo/shallow_change.h"

struct arrival {
    dits_repo *repo;                /* borrowed, like all of these */
    const struct bundle_list *list; /* what it leads to, and goes on from */
    const char *source;             /* "the bundle": for messages */
    struct reach reach;
    struct bundle_lack lack; /* what may be missing: it was obliterated there */
};

/*
 * Which of `ids`, that rise, what our names lead to has in its history: what
 * only lies in the store may lack parts.
 */
MUST_USE dits_error *arrival_find_ours(dits_repo *repo, struct history_ids ids,
                                       bool *out);

/* The same of what a list goes on from: an answer for each. */
MUST_USE dits_error *arrival_find_needs(dits_repo *repo,
                                        const struct bundle_list *list,
                                        bool *out);

/* The commits that it goes on from are trusted: the caller has looked. */
MUST_USE dits_error *arrival_begin(dits_repo *repo,
                                   const struct bundle_list *list,
                                   const char *source, struct arrival *out);
void arrival_release(struct arrival *arrival);

/* CORRUPT, naming the ref, when something is missing or is not what it has to
 * be. */
MUST_USE dits_error *arrival_check(struct arrival *arrival,
                                   const struct bundle_ref *ref);

/* Before the refs move: what was found to be obliterated is noted here, too. */
MUST_USE dits_error *arrival_note(const struct arrival *arrival);

/* All of these for each ref, and that it goes on from what we have. CORRUPT. */
MUST_USE dits_error *arrival_check_all(dits_repo *repo,
                                       const struct bundle_list *list,
                                       const char *source, struct arrival *out);

/* What becomes of the boundary. The caller holds the work lock. */
MUST_USE dits_error *arrival_plan(const struct arrival *arrival,
                                  struct shallow_change *out);

#endif
