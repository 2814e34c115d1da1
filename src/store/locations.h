/*
 * store/locations.h - packs that lie elsewhere than in .dits/packs
 *
 * Who owns the repository's tables tells the store of them through these
 * functions. A pack that nobody speaks of is where its file is: in .dits/packs.
 */
#ifndef STORE_LOCATIONS_H
#define STORE_LOCATIONS_H

#include "store/tier.h"

#define LOCATION_HOT UINT32_MAX /* as `tier`: .dits/packs */

/* Values are on disk. */
enum copy_state {
    COPY_COMING = 0,  /* being written: nobody reads it */
    COPY_HERE = 1,    /* what is read */
    COPY_LEAVING = 2, /* another one is read; kept for those who read this */
};

/* One copy of a pack. */
struct pack_copy {
    char pack[OID_HEX_SIZE];
    uint32_t tier;
    enum copy_state state;
    uint64_t size;
    int64_t mtime_ns; /* as the pack has it where it was made */
};

/* Empty is the zero value. */
struct locations {
    struct tier *tiers;
    size_t tier_count;
    size_t tier_capacity;
    struct pack_copy *copies;
    size_t copy_count;
    size_t copy_capacity;
};

/* Takes the tier over when it succeeds, leaving `tier` empty. */
MUST_USE dits_error *locations_add_tier(struct locations *locations,
                                        struct tier *tier, uint32_t *out_index);
MUST_USE dits_error *locations_add(struct locations *locations,
                                   const struct pack_copy *copy);

/* By pack; of one pack, first what is to be read. */
void locations_sort(struct locations *locations);

/* The copies of a pack among sorted ones: `*out_count` of them. */
const struct pack_copy *locations_find(const struct locations *locations,
                                       const char *pack, size_t *out_count);
void locations_release(struct locations *locations);

/* Any thread, one at a time. */
struct store_locator {
    /* All tiers and all copies, into the empty `out`. */
    dits_error *(*load)(struct locations *out, void *payload);
    /* The pack is of no use any more: all copies of it go. */
    dits_error *(*forget)(const char *pack, void *payload);
    void *payload; /* borrowed for the store's life */
};

#endif
