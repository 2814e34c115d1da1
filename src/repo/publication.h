/*
 * repo/publication.h - refs that somebody else wants to move here
 *
 * The receiving side of a push. Chunks have come and are durable; the caller's
 * store writer lives on until this is over.
 */
#ifndef REPO_PUBLICATION_H
#define REPO_PUBLICATION_H

#include "repo/transport.h"

struct publication {
    dits_repo *repo;
    const struct bundle_list *list; /* what came, and what it goes on from */
    struct transport_update *updates;
    size_t count;
    bool atomic;
};

/*
 * Go over all that came; then, under the work lock, compare each ref with what
 * it has to be, and move those that may move in one operation. Why one may not
 * is said in its update. Settings: receive.denyCurrentBranch,
 * receive.denyNonFastForwards, receive.denyDeletes.
 *
 * Errors, with nothing moved: CORRUPT (it is not whole), CONFLICT (it was cut),
 * LOCKED.
 */
MUST_USE dits_error *publication_make(const struct publication *publication);

#endif
