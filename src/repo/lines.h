/*
 * repo/lines.h - texts compared and merged line by line
 */
#ifndef REPO_LINES_H
#define REPO_LINES_H

#include <dits/diff.h>

#include "base/buf.h"

/*
 * What compares and merges lines. To make it ready takes as long as hundreds of
 * small texts, so it is kept: every call takes a pointer to it, which is NULL
 * before the first one. Used by one thread at a time.
 */
struct lines_differ;
void lines_differ_closep(struct lines_differ **differ);

/* Both as text, compared by lines. An error of `fn` ends it. */
MUST_USE dits_error *lines_compare(struct lines_differ **differ,
                                   struct slice before, struct slice after,
                                   unsigned context_lines,
                                   dits_diff_line_fn *fn, void *payload);

/* Where lines differ: numbers from 1; of none, that of the line before. */
struct lines_hunk {
    size_t old_start;
    size_t old_count;
    size_t new_start;
    size_t new_count;
};

typedef dits_error *lines_hunk_fn(const struct lines_hunk *hunk, void *payload);

/* With `ignore_space` lines that differ in white space alone are the same. */
MUST_USE dits_error *lines_hunks(struct lines_differ **differ,
                                 struct slice before, struct slice after,
                                 bool ignore_space, lines_hunk_fn *fn,
                                 void *payload);

/* How a stretch that both sides changed is written. */
enum lines_style {
    LINES_MERGE = 0,  /* both sides */
    LINES_DIFF3 = 1,  /* and what it was between them */
    LINES_ZDIFF3 = 2, /* the same, without what both sides begin or end with */
};

/* What stands in place of a conflict. */
enum lines_favor {
    LINES_FAVOR_NONE = 0, /* both, between markers */
    LINES_FAVOR_OURS = 1,
    LINES_FAVOR_THEIRS = 2,
    LINES_FAVOR_UNION = 3, /* the lines of both, without markers */
};

/* One text in three versions, and what the markers call them. */
struct lines_merge {
    struct slice base;
    struct slice ours;
    struct slice theirs;
    const char *base_label;
    const char *ours_label;
    const char *theirs_label;
    enum lines_style style;
    enum lines_favor favor;
    unsigned marker_size; /* 0: 7 */
};

/* Merged, in place of what `out` held. */
MUST_USE dits_error *lines_merge(struct lines_differ **differ,
                                 const struct lines_merge *merge,
                                 struct buf *out, bool *out_has_conflicts);

#endif
