/*
 * cli/merging.h - a merge as `dits merge` and `dits pull` make it
 */
#ifndef CLI_MERGING_H
#define CLI_MERGING_H

#include "cli/command.h"

/* The arguments of `dits merge`. */
struct merge_args {
    bool ff;
    bool no_ff;
    bool ff_only;
    bool squash;
    bool no_commit;
    bool unrelated;
    bool no_edit;
    bool no_stat;
    bool no_verify;
    bool abort;
    bool go_on;
    const char *style;
    const char *favor;
    struct cli_list messages;
    const char *file;
    const char *target;
};

/* Merge args->target into HEAD, with its hooks, and tell of it. */
MUST_USE dits_error *merging_run(struct cli *cli,
                                 const struct merge_args *args);

#endif
