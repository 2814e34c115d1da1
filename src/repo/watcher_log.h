/*
 * repo/watcher_log.h - which paths changed, and in what order
 *
 * Every path is in it once, with the number of its latest change. It holds so
 * many paths at most: then it is emptied, and knows nothing of before.
 */
#ifndef REPO_WATCHER_LOG_H
#define REPO_WATCHER_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct watcher_change {
    char *path; /* owned; NULL: it changed again later */
    uint64_t number;
};

/* Zero is empty. */
struct watcher_log {
    struct watcher_change *changes; /* numbers rise */
    size_t count;
    size_t capacity;
    size_t live;     /* those with a path */
    uint64_t number; /* of the latest change */
    uint64_t floor;  /* nothing is known of changes up to this one */

    uint32_t *slots;   /* for each path: its place in `changes`, + 1 */
    size_t slot_count; /* a power of two */
    size_t max;        /* paths; 0: WATCHER_LOG_MAX */
};

enum { WATCHER_LOG_MAX = 65536 };

void watcher_log_release(struct watcher_log *log);

/* `path` is copied. */
MUST_USE dits_error *watcher_log_add(struct watcher_log *log, const char *path);

/* The first change after number `since`; false: that is not known any more. */
bool watcher_log_find(const struct watcher_log *log, uint64_t since,
                      size_t *out);

#endif
