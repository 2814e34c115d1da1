/*
 * store/tier_transfer.h - packs from one place to another
 *
 * What is moved is a whole pack. It is copied under another name, made durable,
 * read back and checked, and only then named; who reads is told by the tables
 * (store/locations.h), which are the caller's. Objects other than data stay
 * near: without them nothing could be listed, compared or swept while a disk is
 * away.
 */
#ifndef STORE_TIER_TRANSFER_H
#define STORE_TIER_TRANSFER_H

#include "store/locations.h"
#include "store/store.h"

/* Borrowed for the call. */
struct store_pack_info {
    const char *name;
    const struct tier *tier; /* NULL: .dits/packs */
    uint64_t size;
    int64_t mtime_ns;
    bool used; /* data was read from it through this store */
};

typedef dits_error *store_pack_fn(const struct store_pack_info *info,
                                  void *payload);

/* Every pack, by name, as known now. */
MUST_USE dits_error *store_each_pack(struct store *store, store_pack_fn *fn,
                                     void *payload);

/* Where a pack is; `*out_found` false: there is none of that name. */
MUST_USE dits_error *store_pack_get(struct store *store, const char *name,
                                    struct store_pack_info *out,
                                    bool *out_found);

/* Whether there is data in it, and so something to gain by moving it. */
MUST_USE dits_error *store_pack_has_data(struct store *store, const char *name,
                                         bool *out);

/* Whether a chunk of it is in quarantine. */
bool store_pack_is_damaged(struct store *store, const char *name);

struct store_transfer {
    const char *pack;
    const struct tier *to;     /* NULL: .dits/packs */
    uint64_t bytes_per_second; /* 0: as fast as it goes */
    /* May be NULL. */
    void (*on_progress)(uint64_t bytes, void *payload);
    void *payload;
};

/*
 * Copy a pack to `to`, checked and durable, and its objects other than data
 * into a pack here. The old file stays. Errors: NOT_FOUND, CORRUPT (the pack
 * is damaged: nothing is there), OFFLINE, LIMIT (no room), CANCELLED, IO.
 */
MUST_USE dits_error *store_transfer(struct store *store,
                                    const struct store_transfer *transfer);

/*
 * Hold off whoever removes packs, for the moment of publishing. Close it.
 * Errors: LOCKED.
 */
MUST_USE dits_error *store_hold(struct store *store, struct fs_file *out);

/*
 * Remove what a transfer to .dits/packs has left, and the file there. Of a pack
 * with damage elsewhere the file stays: somebody may have stored it anew.
 */
MUST_USE dits_error *store_remove_here(struct store *store, const char *pack);

/* Room for a pack of `size` bytes at `to`, or LIMIT with a hint. */
MUST_USE dits_error *store_check_room(const struct store *store,
                                      const struct tier *to, uint64_t size);

#endif
