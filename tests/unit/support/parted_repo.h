/*
 * tests/unit/support/parted_repo.h - a repository with two lines of work
 *
 * Branches main (where HEAD is) and other, each one commit on from where they
 * parted; trees as support/tree_text.h writes them.
 */
#ifndef SUPPORT_PARTED_REPO_H
#define SUPPORT_PARTED_REPO_H

#include <dits/merge.h>

#include "support/temp_repo.h"

struct parted {
    struct temp_repo temp;
    struct dits_oid base;
    struct dits_oid ours;
    struct dits_oid theirs;
};

/* Call CHECK_OK() on it. `ours` NULL: main stays where they parted. */
MUST_USE dits_error *parted_make(struct parted *out, const char *base,
                                 const char *ours, const char *theirs);
void parted_release(struct parted *parted);

/* The work tree becomes this, and a commit. */
MUST_USE dits_error *parted_commit(struct parted *parted, const char *tree,
                                   struct dits_oid *out);
MUST_USE dits_error *parted_switch(struct parted *parted, const char *branch);

/* Merge other; target is set. `out` may be NULL. */
MUST_USE dits_error *parted_merge(struct parted *parted,
                                  struct dits_merge_options options,
                                  struct dits_merge_result *out);

bool parted_main_is(struct parted *parted, const struct dits_oid *id);
bool parted_is_unfinished(struct parted *parted, enum dits_work_kind kind,
                          uint64_t conflicts);

/* HEAD is ours, nothing is unfinished, and the status is this. */
bool parted_is_untouched(struct parted *parted, const char *status);

#endif
