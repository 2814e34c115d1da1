/*
 * tests/unit/support/three_trees.h - what both began from, ours, theirs
 *
 * Tables of merges: three trees as support/tree_text.h writes them, and what is
 * expected of them.
 */
#ifndef SUPPORT_THREE_TREES_H
#define SUPPORT_THREE_TREES_H

#include "repo/merge_decide.h"
#include "support/temp_repo.h"

struct three_trees {
    struct temp_repo temp;
    struct store_writer *writer;
    struct dits_oid trees[STAGE_COUNT];
    struct merge_rules rules; /* labels: "base", "HEAD", "other" */
};

struct merge_case {
    const char *trees[STAGE_COUNT];
    const char *expected;
};

/* Call CHECK_OK() on it: everything is removed by the release. */
MUST_USE dits_error *three_trees_open(struct three_trees *out);
void three_trees_release(struct three_trees *three);

MUST_USE dits_error *three_trees_store(struct three_trees *three,
                                       const char *const texts[STAGE_COUNT]);

/* What an outcome is, in one line, as the tests of merge_decide show. */
MUST_USE dits_error *three_trees_show(struct three_trees *three,
                                      const struct merge_outcome *outcome,
                                      struct buf *out);

/* Whether every case comes to what is expected; prints those that do not. */
bool three_trees_all(struct three_trees *three, const struct merge_case *cases,
                     size_t count);

#endif
