/*
 * cli/shown.h - which commits a filtered log shows
 *
 * With a path, an author or a date to filter by, a commit's parents may not be
 * shown. In a graph its line then leads to the nearest ancestor that is, along
 * first parents.
 */
#ifndef CLI_SHOWN_H
#define CLI_SHOWN_H

#include <dits/commit.h>

#include "base/error.h"

/* The ids of what is shown, sorted. */
struct shown {
    struct dits_oid *ids;
    size_t count;
    size_t capacity;
};

/* Walk once as the log will. */
MUST_USE dits_error *shown_collect(dits_repo *repo,
                                   const struct dits_log_options *options,
                                   struct shown *out);
void shown_release(struct shown *shown);

/* `commit` itself or the nearest ancestor that is shown; the zero id: none. */
MUST_USE dits_error *shown_ancestor(const struct shown *shown, dits_repo *repo,
                                    const struct dits_oid *commit,
                                    struct dits_oid *out);

#endif
