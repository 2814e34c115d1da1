/*
 * repo/publication.h - refs that somebody else wants to move here
 *
 * The receiving side of a push. Chunks have come and are durable; the caller's
 * store writer lives on until this is over.
 */
#ifndef REPO_PUBLICATION_H
#define REPO_PUBLICATION_H

#include "repo/request.h"
#include "repo/transport.h"

struct publication {
    dits_repo *repo;
    const struct bundle_list *list; /* what came, and what it goes on from */
    struct transport_update *updates;
    size_t count;
    bool atomic;
    const struct request *request; /* that asks for it; NULL: it has no key */
    const char *name; /* who: for the logs; NULL: as commits are signed here */
    const char *email;
};

/*
 * Go over all that came; then, under the work lock, compare each ref with what
 * it has to be, and move those that may move in one operation. Why one may not
 * is said in its update. Settings: receive.denyCurrentBranch,
 * receive.denyNonFastForwards, receive.denyDeletes.
 *
 * A request that was answered before has the same answer again, and nothing
 * moves.
 *
 * Errors, with nothing moved: CORRUPT (it is not whole), CONFLICT (it was cut),
 * LOCKED, INVALID (the key of the request is that of another one).
 */
MUST_USE dits_error *publication_make(const struct publication *publication);

#endif
