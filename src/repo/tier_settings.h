/*
 * repo/tier_settings.h - the tiers that the settings name
 *
 * `tier.NAME.…` (docs/formats/config.md).
 */
#ifndef REPO_TIER_SETTINGS_H
#define REPO_TIER_SETTINGS_H

#include "repo/repo.h"
#include "store/tier.h"

/* What a policy says of when packs go there. */
struct tier_setting {
    struct tier tier;
    uint64_t order;  /* 1 is the nearest: packs move from lower to higher */
    bool has_policy; /* else nothing goes there by itself */
    int64_t age;     /* packs that were made before, … */
    int64_t unused;  /* … and not read since: seconds since 1970 */
    uint64_t min_size;
    bool recall; /* bring back what was read */
};

/* Sorted by order, then by name. Empty is the zero value. */
struct tier_settings {
    struct tier_setting *items;
    size_t count;
    size_t capacity;
};

void tier_settings_release(struct tier_settings *settings);
MUST_USE dits_error *tier_settings_load(const dits_repo *repo,
                                        struct tier_settings *out);
const struct tier_setting *tier_settings_find(
    const struct tier_settings *settings, const char *name);

/* NULL for "hot". Errors: NOT_FOUND. */
MUST_USE dits_error *tier_of_name(const struct tier_settings *settings,
                                  const char *name, const struct tier **out);

/* Whether `name` may be that of a tier: letters, digits, `-` and `_`. */
bool tier_name_is_good(const char *name);

/* "tier.NAME.what", to be freed with mem_free(). */
MUST_USE dits_error *tier_key(const char *name, const char *what, char **out);

#endif
