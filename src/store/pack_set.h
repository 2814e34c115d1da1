/*
 * store/pack_set.h - all packs of a store
 *
 * A list of packs never changes: when packs come and go, another list takes
 * its place. Old lists and the packs of old lists stay until the set is
 * released, so lookups take no lock.
 */
#ifndef STORE_PACK_SET_H
#define STORE_PACK_SET_H

#include "store/pack.h"

struct pack_list {
    struct pack_list *older;
    struct pack **recent; /* the same packs, those changed last first */
    size_t count;
    struct pack *packs[]; /* by name */
};

/* Any thread. */
struct pack_set {
    const dits_context *context;
    char *folder;
    struct store_locator locator; /* no functions: all packs are in `folder` */
    _Atomic(struct pack_list *) list;
    atomic_uint kept;       /* files that packs keep open */
    atomic_size_t last_hit; /* in `recent`: neighbours tend to lie together */
    pthread_mutex_t mutex;
    /* guarded by mutex: */
    struct pack **all;
    size_t all_count;
    size_t all_capacity;
    struct tier **tiers; /* all that were ever seen: packs borrow them */
    size_t tier_count;
    size_t tier_capacity;
    bool has_copies;   /* the locator knew of something */
    int64_t mtime_ns;  /* of the folder, when it was listed */
    int64_t listed_ns; /* when that was */
};

/* Errors: NOT_FOUND (no folder), IO, UNSUPPORTED, NOMEM. */
MUST_USE dits_error *pack_set_open(const dits_context *context,
                                   const char *folder, struct pack_set *out);
void pack_set_release(struct pack_set *set);

/* The packs of now. Valid until the set is released. */
const struct pack_list *pack_set_list(const struct pack_set *set);

/*
 * The same, with the index of each loaded, for those who go over all of them:
 * packs that another process merges meanwhile are found where they went.
 * Errors: IO, UNSUPPORTED, NOMEM, CONFLICT (merged all the time).
 */
MUST_USE dits_error *pack_set_load(struct pack_set *set,
                                   const struct pack_list **out);

/*
 * List the folder again if it has changed, or in any case when `force`.
 * `out_changed` (may be NULL): whether there is another list now.
 */
MUST_USE dits_error *pack_set_refresh(struct pack_set *set, bool force,
                                      bool *out_changed);

/*
 * List again, and ask the locator also when it knew of nothing before: a pack
 * was not where it should be.
 */
MUST_USE dits_error *pack_set_relocate(struct pack_set *set, bool *out_changed);

/* Among the packs of now; NULL: there is none of that name. */
struct pack *pack_set_find(const struct pack_set *set, const char *name);

#endif
