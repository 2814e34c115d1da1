/*
 * repo/tier_move.h - moving one pack, and clearing up afterwards
 *
 * 1. A row says that a copy is coming, so that nothing is ever left unknown.
 * 2. The pack is copied, made durable, read back and checked (store/).
 * 3. In one transaction the new copy is the one that is read, and the old one
 *    is leaving, if both are as they were in 1.
 * 4. Once the old copy is older than `tier.lease`, and the new one is there,
 * its file is deleted, then its row. Who reads the old one meanwhile goes on;
 *    who finds it gone looks again where the pack is.
 *
 * gc.lock is held for one pack at a time, so others get their turn.
 */
#ifndef REPO_TIER_MOVE_H
#define REPO_TIER_MOVE_H

#include <dits/tier.h>

#include "base/progress.h"
#include "repo/tier_settings.h"

/* A tier's name as people see it. */
const char *tier_shown(const char *name);

struct tier_mover {
    dits_repo *repo;
    const struct tier_settings *settings;
    const struct dits_tier_options *options; /* not NULL */
    struct dits_tier_result *result;
    struct progress *progress; /* or NULL */
};

/*
 * Move the pack `name` to the tier `to` (NULL: into the repository). Nothing is
 * done when it is there, or is gone by now. Damaged packs and those on disks
 * that are away are counted and stay.
 */
MUST_USE dits_error *tier_move(const struct tier_mover *mover, const char *name,
                               const struct tier *to);

/*
 * Delete old copies whose time is over and what killed runs have left; those in
 * `only` (NULL: everywhere) at once. Disks that are away have to wait. Holds
 * gc.lock.
 */
MUST_USE dits_error *tier_clean(const struct tier_mover *mover,
                                const char *only);

#endif
