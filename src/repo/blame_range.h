/*
 * repo/blame_range.h - which lines of a file are asked for
 */
#ifndef REPO_BLAME_RANGE_H
#define REPO_BLAME_RANGE_H

#include "base/buf.h"

/* The lines of a text, without their newlines. Borrows it. */
struct blame_text {
    struct slice *lines;
    size_t count;
    size_t capacity;
};

MUST_USE dits_error *blame_text_split(struct slice bytes,
                                      struct blame_text *out);
void blame_text_release(struct blame_text *text);

/* Numbers from 1, both ends included. */
struct blame_range {
    size_t first;
    size_t last;
};

/*
 * Read "2,5", "2,+4", "5,-4", "2", ",5", and "/PATTERN/" in place of a number:
 * the first line after `from` (0: the first line), or after the range's start,
 * that matches. INVALID when it is none, or the file has not so many lines.
 */
MUST_USE dits_error *blame_range_parse(const char *range,
                                       const struct blame_text *text,
                                       size_t from, struct blame_range *out);

#endif
