/*
 * repo/rescue.h - making a damaged database anew
 *
 * Public entry: dits_repo_rescue() in dits/maintenance.h. rescue.c decides and
 * puts the parts together, rescue_tips.c looks through the store.
 */
#ifndef REPO_RESCUE_H
#define REPO_RESCUE_H

#include "repo/repo.h"

/* A commit that no other one has as a parent. */
struct rescue_tip {
    struct dits_oid id;
    int64_t time; /* of the committer */
};

/* Newest first. Empty is the zero value. */
struct rescue_tips {
    struct rescue_tip *tips;
    size_t count;
};

void rescue_tips_release(struct rescue_tips *tips);

/*
 * The tips of all stored commits that are not reachable from the refs that
 * `repo` has now. Commits that cannot be read are passed over.
 */
MUST_USE dits_error *rescue_tips_find(dits_repo *repo, struct rescue_tips *out);

#endif
