#include "store/maintain.h"

#include "store/pack_format.h"
#include "store/repack.h"

enum {
    TIERS = 6,     /* below 4 KiB, 32 KiB, … 128 MiB */
    TIER_PACKS = 8 /* so many of a tier become one of the next */
};

#define SMALLEST_TIER 4096u

/*
 * A chunk counts for as much as makes a pack that is full of them too large to
 * be merged. Packs of tiny files are full long before they have many bytes:
 * eight of those would become eight again, with every command.
 */
#define LEAST_BYTES \
    (((uint64_t)SMALLEST_TIER << (3 * (TIERS - 1))) / PACK_MAX_ENTRIES)

/* TIERS: too large to be merged. */
static unsigned tier_of(uint64_t size)
{
    unsigned tier = 0;
    for (uint64_t limit = SMALLEST_TIER; tier < TIERS && size >= limit; tier++)
        limit *= TIER_PACKS;
    return tier;
}

static dits_error *tier_of_pack(struct pack *pack, unsigned *out)
{
    struct fs_stat stat = {0};
    *out = TIERS;
    if (pack->tier != NULL) /* it lies elsewhere on purpose */
        return NULL;
    TRY(fs_stat_path(pack->path, &stat));
    *out = tier_of(stat.size);
    if (*out == TIERS)
        return NULL;
    TRY(pack_load(pack));
    uint64_t least = pack_count(pack) * LEAST_BYTES;
    *out = tier_of(stat.size > least ? stat.size : least);
    return NULL;
}

/* The highest tier that is full; TIERS when none is. */
static dits_error *find_full_tier(const struct pack_list *list, unsigned *out)
{
    unsigned counts[TIERS + 1] = {0};
    *out = TIERS;
    if (list->count < TIER_PACKS)
        return NULL;
    for (size_t i = 0; i < list->count; i++) {
        unsigned tier = 0;
        TRY(tier_of_pack(list->packs[i], &tier));
        counts[tier]++;
    }
    for (unsigned tier = 0; tier < TIERS; tier++)
        if (counts[tier] >= TIER_PACKS)
            *out = tier;
    return NULL;
}

/* False, with a warning, when the pack must stay as it is. */
static dits_error *copy_pack(struct store *store, struct repack *repack,
                             struct pack *pack, bool *out_whole)
{
    CLEANUP(frame_list_release) struct frame_list frames = {0};
    TRY(context_check(store->context));
    TRY(pack_frames(pack, &frames));
    *out_whole = frames.count > 0;
    for (uint32_t i = 0; i < frames.count && *out_whole; i++) {
        dits_error *err = repack_add(repack, pack, &frames.rows[i]);
        if (dits_error_has(err, DITS_E_CORRUPT)) {
            quarantine_add(&store->quarantine, pack->name, &frames.rows[i],
                           dits_error_message(err));
            dits_error_free(err); /* told as a warning */
            *out_whole = false;
            continue;
        }
        TRY(err);
    }
    return NULL;
}

/* One pack of all that are in this tier or below. */
static dits_error *merge(struct store *store, unsigned highest)
{
    CLEANUP(repack_freep) struct repack *repack = NULL;
    const struct pack_list *list = pack_set_list(&store->set);
    TRY(repack_begin(store, REPACK_REMOVE, &repack));
    for (size_t i = 0; i < list->count; i++) {
        unsigned tier = 0;
        bool whole = false;
        TRY(tier_of_pack(list->packs[i], &tier));
        if (tier <= highest)
            TRY(copy_pack(store, repack, list->packs[i], &whole));
        if (whole)
            TRY(repack_retire(repack, list->packs[i]));
    }
    return repack_commit(repack);
}

bool store_has_grown(const struct store *store)
{
    return atomic_load(&store->grew);
}

dits_error *store_maintain(struct store *store)
{
    CLEANUP(fs_close) struct fs_file lock = {0};
    unsigned tier = TIERS;
    if (!store_has_grown(store))
        return NULL;
    dits_error *err = find_full_tier(pack_set_list(&store->set), &tier);
    if (err == NULL && tier == TIERS)
        return NULL;
    dits_error_free(err); /* a pack is gone: somebody else is at it */

    err = fs_lock(store->lock_path, FS_LOCK_EXCLUSIVE, 0, &lock);
    if (dits_error_has(err, DITS_E_LOCKED)) {
        dits_error_free(err); /* the next command will do it */
        return NULL;
    }
    TRY(err);
    TRY(pack_set_refresh(&store->set, true, NULL));
    TRY(find_full_tier(pack_set_list(&store->set), &tier));
    if (tier == TIERS)
        return NULL;
    repack_clean(store);
    TRY_CONTEXT(merge(store, tier), "cannot merge small packs");
    return NULL;
}
