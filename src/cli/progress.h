/*
 * cli/progress.h - how far a long command is, on a terminal
 *
 *     adding   45% [#########           ] 912.3 MB of 2.0 GB, 310 MB/s, 4 s
 * left
 *
 * Appears after half a second and goes away when the task is done. Any thread
 * may print a message in between.
 */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <stdbool.h>
#include <stdio.h>

#include <dits/context.h>

#include "base/buf.h"

struct progress;

/* `out` NULL or not a terminal: nothing is ever drawn. */
MUST_USE dits_error *progress_new(FILE *out, struct progress **out_progress);
void progress_free(struct progress *progress);
void progress_freep(struct progress **progress);

/* As in dits_context_options. `now_ms` is any clock that never goes back. */
void progress_update(struct progress *progress,
                     const struct dits_progress *report, int64_t now_ms);

/*
 * Take the bar off the screen, so that something else can be printed. NULL is
 * allowed.
 */
void progress_hide(struct progress *progress);

/* How fast and for how long: what a bar shows beside the report. */
struct progress_rate {
    uint64_t bytes_per_second; /* 0: not known */
    uint64_t seconds_left;     /* with `has_end` */
    bool has_end;
};

/* The text of a bar, at most `columns` wide. */
MUST_USE dits_error *progress_draw(const struct dits_progress *report,
                                   const struct progress_rate *rate,
                                   size_t columns, struct buf *out);

#endif
