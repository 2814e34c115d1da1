/*
 * repo/tier_policy.h - which packs a run moves, and where
 */
#ifndef REPO_TIER_POLICY_H
#define REPO_TIER_POLICY_H

#include "repo/tier_settings.h"

/* A pack and where it goes. */
struct tier_plan_item {
    char name[OID_HEX_SIZE];
    char *tier; /* of now; PACK_COPIES_HERE: the repository */
    const struct tier_setting *to; /* NULL: it stays */
    bool is_chosen;                /* to be moved; then NULL is "hot" */
    uint64_t size;
    int64_t made; /* seconds since 1970 */
    int64_t read; /* 0: not that anybody knows */
};

/* In the order of names. Empty is the zero value. */
struct tier_plan {
    struct tier_plan_item *items;
    size_t count;
    size_t capacity;
};

void tier_plan_release(struct tier_plan *plan);

/* All packs. `settings` is borrowed for the plan's life. */
MUST_USE dits_error *tier_plan_make(dits_repo *repo,
                                    const struct tier_settings *settings,
                                    struct tier_plan *out);

#endif
