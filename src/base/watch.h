/*
 * base/watch.h - being told what changes below a folder
 *
 * Every folder of a tree is watched. The system notes a change before the call
 * that made it returns, so watch_drain() tells of everything that was done
 * before it was called. But what is written through a memory mapping is told
 * when it is unmapped, and what is written through a hard link that lies
 * elsewhere, or is gone again when it is drained, is not told. The platform's
 * code is watch_linux.c.
 */
#ifndef BASE_WATCH_H
#define BASE_WATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/local_socket.h"

struct watch;

/* Names that are not looked into, nor told of by their own name. */
typedef bool watch_skip_fn(const char *name);

/*
 * Watch all below `root`, an absolute path. Errors: UNSUPPORTED (a file system
 * that does not tell, or a folder that is there twice), LIMIT (too many
 * folders for the system), IO.
 */
MUST_USE dits_error *watch_new(const char *root, watch_skip_fn *skip,
                               struct watch **out);
void watch_free(struct watch *watch);
void watch_freep(struct watch **watch);

enum watch_state {
    WATCH_GOOD,
    WATCH_LOST, /* changes went unseen: begin with a new watch */
    WATCH_OVER, /* the root is gone, or somewhere else */
};

/*
 * Something changed at `path` (from the root, "" is the root), or below it.
 * Where a name came or went that is skipped, that is its folder, unless that is
 * the root. Where a file came that has several names, that is the root, too.
 */
typedef dits_error *watch_fn(const char *path, void *payload);

/* Tell of everything up to now. */
MUST_USE dits_error *watch_drain(struct watch *watch, watch_fn *fn,
                                 void *payload, enum watch_state *out);

/* Until there is something to drain, or somebody at the door: at most `ms`. */
MUST_USE dits_error *watch_wait(const struct watch *watch,
                                const struct local_socket *door, unsigned ms,
                                bool *out_is_called);

/* How many folders are watched. */
size_t watch_count(const struct watch *watch);

#endif
