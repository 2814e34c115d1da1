/*
 * repo/tier_access.h - what is read, and what comes back because of that
 *
 * The store remembers in memory from which packs data was read. When the
 * repository is closed that is written down, for a pack once a day at most, and
 * only where there are tiers.
 */
#ifndef REPO_TIER_ACCESS_H
#define REPO_TIER_ACCESS_H

#include "repo/repo.h"

/*
 * Note what was read. Packs that were read from tiers with `recall` are brought
 * back, if there is room and no gc is at work.
 */
MUST_USE dits_error *tier_access_flush(dits_repo *repo);

#endif
