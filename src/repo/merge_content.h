/*
 * repo/merge_content.h - one file in three versions becomes one
 */
#ifndef REPO_MERGE_CONTENT_H
#define REPO_MERGE_CONTENT_H

#include <dits/merge.h>

#include "repo/attributes.h"
#include "repo/changes.h"
#include "repo/lines.h"
#include "repo/unfinished.h"

/* What holds for a whole merge. All is borrowed. */
struct merge_rules {
    dits_repo *repo;
    struct store_writer *writer;
    struct attributes *attributes;   /* of our tree; they may say how */
    const char *labels[STAGE_COUNT]; /* for markers */
    enum lines_style style;
    enum dits_merge_favor favor;
    unsigned marker_size; /* 0: the usual one */
};

enum merge_verdict {
    MERGE_TAKEN,     /* one side is the result, or both are the same */
    MERGE_BY_LINES,  /* both changed it, in different places */
    MERGE_MARKED,    /* a text with conflict markers */
    MERGE_APART,     /* cannot be merged; `out` is our side */
    MERGE_TORN_MODE, /* the bytes are merged; the mode of `out` is ours */
};

/*
 * All sides but the base are files or symlinks that are there. What is merged
 * is stored by the writer, not yet committed. `path` has attributes.
 */
MUST_USE dits_error *merge_content(const struct merge_rules *rules,
                                   const char *path,
                                   const struct change_side sides[STAGE_COUNT],
                                   struct change_side *out,
                                   enum merge_verdict *out_verdict);

#endif
