/*
 * repo/grep_pattern.h - what a line is searched for
 */
#ifndef REPO_GREP_PATTERN_H
#define REPO_GREP_PATTERN_H

#include <dits/grep.h>

#include "base/buf.h"

/* Compiled for one thread: the system's matcher lets only one in. */
struct grep_pattern;

/* Of the options' patterns; one with newlines in it is several. INVALID. */
MUST_USE dits_error *grep_pattern_new(const struct dits_grep_options *options,
                                      struct grep_pattern **out);
void grep_pattern_free(struct grep_pattern *pattern);
void grep_pattern_freep(struct grep_pattern **pattern);

/*
 * A line, or a piece of a long one. Somewhere behind its bytes there is a NUL:
 * the system's matcher stops before, but what watches over it looks for one.
 */
struct grep_part {
    struct slice bytes;
    bool starts_line;
    bool ends_line;
};

/* The first match at or after `from`; the longest of those that start there. */
MUST_USE dits_error *grep_pattern_find(const struct grep_pattern *pattern,
                                       const struct grep_part *part,
                                       size_t from, struct dits_grep_span *out,
                                       bool *out_found);

/*
 * Where, in `lines`, a match may start; `lines.size` when none does. Lines
 * before that have none. A NUL is behind them, too.
 */
MUST_USE dits_error *grep_pattern_ahead(const struct grep_pattern *pattern,
                                        struct slice lines, size_t *out);

#endif
