/*
 * repo/revision_range.h - texts that name more than one commit
 *
 * Parsing only, as repo/revision.h: what they lead to is for those who walk.
 */
#ifndef REPO_REVISION_RANGE_H
#define REPO_REVISION_RANGE_H

#include <stdbool.h>

#include "base/error.h"

enum revision_range_kind {
    REVISION_RANGE_ONE,     /* A: `to` */
    REVISION_RANGE_BETWEEN, /* A..B, and A^-N, which is A^N..A */
    REVISION_RANGE_EITHER,  /* A...B: in one of them, not in both */
    REVISION_RANGE_PARENTS, /* A^@: all parents of `to` */
    REVISION_RANGE_ALONE,   /* A^!: `to` without its parents */
};

/* Empty is the zero value. */
struct revision_range {
    enum revision_range_kind kind;
    bool is_negated; /* ^A: what it names is left out; never of two ends */
    char *from;      /* NULL where there is only one */
    char *to;        /* HEAD where an end is left out */
};

void revision_range_release(struct revision_range *range);

/* Whether the parts are revisions is not asked. Errors: NOMEM. */
MUST_USE dits_error *revision_range_parse(const char *text,
                                          struct revision_range *out);

#endif
