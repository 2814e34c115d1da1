/*
 * cli/log_walk.h - the commits of a log, one after the other
 */
#ifndef CLI_LOG_WALK_H
#define CLI_LOG_WALK_H

#include <dits/commit.h>

#include "cli/commit_text.h"
#include "cli/diff_text.h"
#include "cli/graph.h"
#include "cli/shown.h"

/* What one walk over the history carries along. */
struct log_walk {
    struct cli *cli;
    struct commit_style style;
    struct diff_style changes;
    struct dits_paths paths;
    struct graph *graph;
    struct shown shown;
    bool is_filtered; /* `shown` holds what a graph may lead to */
    bool shows_changes;
    bool has_gap; /* an empty line between commits */
    bool is_first;
};

void log_walk_release(struct log_walk *walk);

/* A dits_commit_fn; the payload is a struct log_walk. */
dits_error *log_walk_show(const dits_commit *commit, void *payload);

#endif
