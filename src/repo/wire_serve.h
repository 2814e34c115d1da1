/*
 * repo/wire_serve.h - the sync protocol, from the side that is asked
 *
 * One call of docs/protocol/sync.md on one open repository. Whatever carries it
 * (a pipe, HTTP) finds the repository, knows who asks, and passes the exchange
 * on. Nothing is remembered between calls but what is in .dits.
 *
 * A repository is used by one thread at a time: whoever answers several at once
 * has several open (repo/repo_pool.h).
 */
#ifndef REPO_WIRE_SERVE_H
#define REPO_WIRE_SERVE_H

#include "net/exchange.h"
#include "repo/repo.h"

/* Borrowed for the call. */
struct wire_service {
    dits_repo *repo;
    const char *caller; /* whose uploads and keys: an account's lasting name */
    const char *name;   /* for the reflog; NULL: as commits are signed here */
    const char *email;
    bool may_write;
};

/*
 * Answer. `call` is what follows the repository in the path: "refs",
 * "uploads/put". Failures are answers, with a status of HTTP and the error in
 * the body; an error here means that none could be made.
 */
MUST_USE dits_error *wire_answer(const struct wire_service *service,
                                 const char *call, struct exchange *exchange);

/* Whether a call changes anything: for who logs, and counts. */
bool wire_call_writes(const char *call);

#endif
