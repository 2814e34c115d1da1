/*
 * repo/grep_lines.h - the hits in one file, read in pieces
 */
#ifndef REPO_GREP_LINES_H
#define REPO_GREP_LINES_H

#include "repo/grep_pattern.h"

/* Where the bytes come from; read once, in order. */
struct grep_source {
    /* Up to `size` bytes in order; fewer only at the end. */
    dits_error *(*read)(struct grep_source *self, size_t size, void *out,
                        size_t *out_size);
};

/* A line that is told of. Borrowed for the call. */
struct grep_line {
    enum dits_grep_kind kind; /* a hit, context or a gap */
    uint64_t number;
    struct slice text; /* without the newline */
    const struct dits_grep_span *spans;
    size_t span_count;
};

typedef dits_error *grep_line_fn(const struct grep_line *line, void *payload);

struct grep_search {
    const struct dits_grep_options *options;
    const struct grep_pattern *pattern; /* of this thread */
    const dits_context *context;
    size_t piece; /* bytes of a line that are searched at once; 0: 4 MiB */
    grep_line_fn *fn;
    void *payload;
};

struct grep_result {
    uint64_t hits;
    bool is_binary;
};

MUST_USE dits_error *grep_lines(const struct grep_search *search,
                                struct grep_source *source,
                                struct grep_result *out);

#endif
