/*
 * repo/request.h - requests that take effect once, however often they come
 *
 * Whoever asks for a change makes a random key for it, and sends the request
 * again under the same key when no answer came. The answer is written down in
 * the transaction that makes the change (repo/operation.h), and given again to
 * the same caller for the same request; a key that comes with another request
 * is refused. Kept for a week.
 */
#ifndef REPO_REQUEST_H
#define REPO_REQUEST_H

#include "base/buf.h"
#include "repo/repo.h"

#define REQUEST_KEY_SIZE 16u

struct request {
    const char *caller; /* borrowed; keys of others are other keys */
    uint8_t key[REQUEST_KEY_SIZE];
    struct dits_oid hash; /* of all that was asked for */
};

/*
 * The answer that it had, a text, in place of `out`; `*out_found` false: it is
 * new. INVALID: the key was used for something else.
 */
MUST_USE dits_error *request_find(dits_repo *repo,
                                  const struct request *request,
                                  struct buf *out, bool *out_found);

/* Note the answer; old ones are forgotten. */
MUST_USE dits_error *request_keep(dits_repo *repo,
                                  const struct request *request,
                                  const char *answer);

#endif
