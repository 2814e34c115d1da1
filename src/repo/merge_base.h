/*
 * repo/merge_base.h - where two histories parted
 */
#ifndef REPO_MERGE_BASE_H
#define REPO_MERGE_BASE_H

#include "repo/repo.h"

/* Empty is the zero value. */
struct merge_bases {
    struct dits_oid *ids;
    size_t count;
    bool is_cut; /* a history ended at its boundary: there may be more */
};

void merge_bases_release(struct merge_bases *bases);

/*
 * The best common ancestors of two commits: those that no other common
 * ancestor descends from. None for unrelated histories, several where branches
 * were merged crosswise; the newest first.
 */
MUST_USE dits_error *merge_bases_find(dits_repo *repo, const struct dits_oid *a,
                                      const struct dits_oid *b,
                                      struct merge_bases *out);

#endif
