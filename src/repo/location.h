/*
 * repo/location.h - what to do with files that say where they were filmed
 *
 * `media.location`: "keep" (also when it is not set), "warn" or "refuse".
 */
#ifndef REPO_LOCATION_H
#define REPO_LOCATION_H

#include "base/fs.h"
#include "repo/repo.h"

enum location_policy { LOCATION_KEEP = 0, LOCATION_WARN, LOCATION_REFUSE };

/* INVALID when the setting is none of them. */
MUST_USE dits_error *location_policy_get(const dits_repo *repo,
                                         enum location_policy *out);

/*
 * Look into the first `size` bytes of an open file. Whether it may be stored;
 * what there is to say about `path` is logged as a warning.
 */
MUST_USE dits_error *location_check(const dits_repo *repo,
                                    enum location_policy policy,
                                    const struct fs_file *file, uint64_t size,
                                    const char *path, bool *out_may_store);

#endif
