/*
 * tests/unit/support/tier_repo.h - a repository with a tier, and data to move
 */
#ifndef SUPPORT_TIER_REPO_H
#define SUPPORT_TIER_REPO_H

#include <dits/tier.h>

#include "base/oid.h"
#include "support/temp_repo.h"

#define TIER_REPO_BYTES 3000u

struct tier_repo {
    struct temp_repo temp;
    char path[96];           /* of the tier "cold" */
    char pack[OID_HEX_SIZE]; /* which has the data */
    struct dits_oid data;    /* a chunk */
    struct dits_oid commit;  /* with a file "clip" of it */
};

/* The lease is a hundred seconds; the policy is none, and no size too small.
 * Call CHECK_OK() on it: everything is removed by the release. */
MUST_USE dits_error *tier_repo_make(struct tier_repo *out);
void tier_repo_release(struct tier_repo *t);

/* Move the pack to that tier, or to "hot". */
MUST_USE dits_error *tier_repo_move(struct tier_repo *t, const char *to);

/* Read the chunk through the repository. */
MUST_USE dits_error *tier_repo_read(struct tier_repo *t);

/* Whether the pack's file is in the tier, and whether it is in the store. */
bool tier_repo_has_far(const struct tier_repo *t);
bool tier_repo_has_near(const struct tier_repo *t);

/* Take the disk away, and bring it back. */
MUST_USE dits_error *tier_repo_unmount(const struct tier_repo *t);
MUST_USE dits_error *tier_repo_mount(const struct tier_repo *t);

MUST_USE dits_error *tier_repo_set(struct tier_repo *t, const char *key,
                                   const char *value);

#endif
