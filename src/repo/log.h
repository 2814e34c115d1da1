/*
 * repo/log.h - a walk through history
 *
 * Public entry: dits_log() in dits/commit.h. log.c walks; log_ranges.c reads
 * where from; log_show.c decides what is shown and hands it out.
 */
#ifndef REPO_LOG_H
#define REPO_LOG_H

#include <dits/commit.h>

#include "repo/history.h"
#include "repo/pathspec.h"

struct log {
    dits_repo *repo;
    const struct dits_log_options *options;
    dits_commit_fn *fn;
    void *payload;
    struct pathspec *pathspec; /* NULL: all paths */
    int64_t since;             /* INT64_MIN: not asked for */
    int64_t until;             /* INT64_MAX: not asked for */

    struct history history;
    struct history_queue queue;
    size_t wanted_in_queue; /* not excluded */
    bool has_excluded;

    struct history_node **list; /* the result, when it is collected first */
    size_t list_count;
    size_t list_capacity;
    uint64_t skipped;
    uint64_t shown;
};

/* Put `id` into the queue, unless it was there before. */
MUST_USE dits_error *log_enqueue(struct log *log, const struct dits_oid *id,
                                 bool excluded);

/* Enqueue what the options' revisions name. */
MUST_USE dits_error *log_read_ranges(struct log *log);

/* Hand the commit to the caller, if the filters let it pass. */
MUST_USE dits_error *log_show(struct log *log, struct history_node *node);

/* Whether the count that was asked for has been shown. */
bool log_is_full(const struct log *log);

/* Hand out the list in the order that was asked for. */
MUST_USE dits_error *log_show_list(struct log *log);

#endif
