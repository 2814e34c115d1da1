/*
 * repo/bisect_find.h - which commit halves what is left
 */
#ifndef REPO_BISECT_FIND_H
#define REPO_BISECT_FIND_H

#include <dits/bisect.h>

#include "base/error.h"

struct bisect_ids {
    struct dits_oid *items;
    size_t count;
    size_t capacity;
};

void bisect_ids_release(struct bisect_ids *ids);
MUST_USE dits_error *bisect_ids_add(struct bisect_ids *ids,
                                    const struct dits_oid *id);
bool bisect_ids_have(const struct bisect_ids *ids, const struct dits_oid *id);

struct bisect_question {
    struct dits_oid bad;
    struct bisect_ids goods;
    struct bisect_ids skips;
    struct dits_paths paths; /* from the top */
};

/* Fills in the outcome, commit, counts and candidates. */
MUST_USE dits_error *bisect_find(dits_repo *repo,
                                 const struct bisect_question *question,
                                 struct dits_bisect_status *out);

#endif
