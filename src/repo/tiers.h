/*
 * repo/tiers.h - the tiers of a repository: settings, and the store's locator
 *
 * Settings are `tier.NAME.…` (docs/formats/config.md). Where each pack is say
 * the rows of meta.db (repo/pack_copies.h). Where those are lost, the folders
 * of tiers themselves say what is in them.
 */
#ifndef REPO_TIERS_H
#define REPO_TIERS_H

#include "repo/repo.h"
#include "store/locations.h"

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

/* Tell the store whom to ask; then, if there are tiers, ask. */
void tiers_attach(dits_repo *repo);
MUST_USE dits_error *tiers_locate(dits_repo *repo);

/* Files of packs that were given up go, where their disks are there. */
MUST_USE dits_error *tiers_remove_retired(dits_repo *repo);

/*
 * Enter what is in the folders of tiers and in no row: after the database was
 * lost. `*out_count`: packs.
 */
MUST_USE dits_error *tiers_adopt(dits_repo *repo, uint64_t *out_count);

#endif
