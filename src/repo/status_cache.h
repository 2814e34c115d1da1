/*
 * repo/status_cache.h - what the last status found, and when
 *
 * Kept in .dits/status (docs/formats/status.md). Nothing depends on it: where
 * it is missing or damaged everything is looked at.
 */
#ifndef REPO_STATUS_CACHE_H
#define REPO_STATUS_CACHE_H

#include "repo/index.h"
#include "repo/scan.h"
#include "repo/watcher_wire.h"

/* More findings than these are not kept: looking at all is as good. */
enum { STATUS_CACHE_MAX = 10000 };

struct status_cache_item {
    const char *path; /* borrowed */
    enum scan_state state;
    bool is_folder;
};

/* Zero is empty. */
struct status_cache {
    struct watcher_token token;
    struct index_mark index;         /* without `tree` */
    struct dits_oid rules;           /* what else the findings depend on */
    struct status_cache_item *items; /* by rising paths */
    size_t count;
    struct buf bytes; /* the file, when it was read: paths point into it */
};

void status_cache_release(struct status_cache *cache);

MUST_USE dits_error *status_cache_encode(const struct status_cache *cache,
                                         struct buf *out);

/* Takes over `bytes`. Errors: CORRUPT, UNSUPPORTED (another version). */
MUST_USE dits_error *status_cache_parse(struct buf *bytes,
                                        struct status_cache *out);

/* `*out_found` false: there is none, or none that can be used. */
MUST_USE dits_error *status_cache_read(const dits_repo *repo,
                                       struct status_cache *out,
                                       bool *out_found);

/* In one step, but not durably. */
MUST_USE dits_error *status_cache_write(const dits_repo *repo,
                                        const struct status_cache *cache);

#endif
