/*
 * dits/serve.h - letting others have what a repository has
 */
#ifndef DITS_SERVE_H
#define DITS_SERVE_H

#include <dits/repo.h>

DITS_BEGIN_DECLS

/* Zero means the default for each field. */
struct dits_serve_options {
    int in;             /* descriptor that requests come from */
    int out;            /* and where the answers go */
    const char *caller; /* who asks: a lasting name; NULL: "" */
    bool read_only;
};

/*
 * Open the repository whose folder is `path` and answer requests of the sync
 * protocol (docs/protocol/pipe.md) until the other side has ended. That it
 * cannot be opened is told to the other side, too.
 *
 * Errors: NOT_FOUND (no repository there), NETWORK (it hung up within a
 * request), CORRUPT (it speaks another protocol), UNSUPPORTED (another version
 * of it), CANCELLED.
 */
DITS_API DITS_MUST_USE dits_error *dits_serve(
    const dits_context *context, const char *path,
    const struct dits_serve_options *options);

DITS_END_DECLS

#endif
