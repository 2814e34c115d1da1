/*
 * repo/wire_push.h - chunks on their way to the other side
 *
 * A sink that fills parts of uploads (repo/upload.h): several uploads side by
 * side, of each one part on the way at a time, so that parts of one come in
 * order whatever carries them.
 */
#ifndef REPO_WIRE_PUSH_H
#define REPO_WIRE_PUSH_H

#include "base/progress.h"
#include "repo/wire_client.h"

enum { WIRE_PUSH_UPLOADS = 4 };

struct wire_push;

/* An upload of ours. */
struct wire_upload {
    struct wire_push *push;
    struct wire_key id;
    uint64_t end;    /* of what was answered for; 0: not begun */
    struct buf part; /* on its way; empty: none is */
    bool is_finishing;
};

/* Zero but for the first; not moved while it is in use. */
struct wire_push {
    struct wire_client *client;
    struct wire_upload uploads[WIRE_PUSH_UPLOADS];
    struct buf part; /* being filled */
    struct progress progress;
};

/* What was left by an earlier one is made use of. `task` is a constant. */
MUST_USE dits_error *wire_push_begin(struct wire_push *push, const char *task);
void wire_push_release(struct wire_push *push);

/* Borrows `push`. */
struct transport_sink wire_push_sink(struct wire_push *push);

/* All that was taken is stored there, to be led to by a ref. */
MUST_USE dits_error *wire_push_finish(struct wire_push *push);

#endif
