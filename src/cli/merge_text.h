/*
 * cli/merge_text.h - what a merge, a pick or a rebase says of each path
 */
#ifndef CLI_MERGE_TEXT_H
#define CLI_MERGE_TEXT_H

#include <dits/merge.h>

#include "cli/cli.h"

/* For the callbacks of the library. Zero but for `cli` and `other`. */
struct merge_printer {
    const struct cli *cli;
    const char *other; /* what is merged, in words */
};

/* A dits_merge_fn; the payload is a struct merge_printer. */
dits_error *merge_event_print(const struct dits_merge_event *event,
                              void *payload);

/* The styles of --conflict; "" is the setting. Ends with NULL. */
extern const char *const merge_style_choices[];
enum dits_conflict_style merge_style_of(const char *name);

/* "-X ours" and "-X theirs". */
extern const char *const merge_favor_choices[];
enum dits_merge_favor merge_favor_of(const char *name);

/* The table of what differs between two commits, as after `git merge`. */
MUST_USE dits_error *merge_stat_print(const struct cli *cli,
                                      const struct dits_oid *before,
                                      const struct dits_oid *after);

#endif
