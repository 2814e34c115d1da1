/*
 * store/sweep.h - removing chunks that nothing needs
 *
 * A sweep holds the store's lock exclusively: no writer is at work meanwhile,
 * in this process or in another (store_writer_begin() waits). What is needed is
 * known to the caller. A pack of which nothing is needed is removed; one of
 * which little is needed is written anew without the rest, durably, before the
 * old one goes; a crash leaves the old pack, the new one or both. The next
 * sweep goes on with the packs that are left. Between two steps of some hundred
 * megabytes the lock is given up for a moment, so that nobody waits for long;
 * then the caller is asked to find out again what is needed.
 */
#ifndef STORE_SWEEP_H
#define STORE_SWEEP_H

#include "store/store.h"

struct store_sweep;

/* Errors: LOCKED when others keep writing. */
MUST_USE dits_error *store_sweep_begin(struct store *store,
                                       struct store_sweep **out);
void store_sweep_free(struct store_sweep *sweep);
void store_sweep_freep(struct store_sweep **sweep);

struct store_sweep_options {
    bool (*is_live)(const struct dits_oid *id, void *payload);
    /* Others may have written: what is needed now? May be NULL. */
    dits_error *(*on_resume)(void *payload);
    store_each_fn *on_dead; /* is told of each chunk that goes; may be NULL */
    void *payload;
    int64_t before; /* seconds since 1970: packs written later are kept whole */
    bool dry_run;   /* count only */
    bool thorough;  /* write a pack anew for a single dead chunk */
};

struct store_sweep_result {
    uint64_t live_chunks; /* kept because they are needed */
    uint64_t live_bytes;  /* stored */
    uint64_t removed_chunks;
    uint64_t removed_bytes; /* stored */
    uint64_t packs_before;
    uint64_t packs_after;
    uint64_t offline_packs; /* with garbage, on a disk that is away */
};

/* Errors: CANCELLED (between packs), IO, LIMIT (the disk is full), NOMEM. */
MUST_USE dits_error *store_sweep_run(struct store_sweep *sweep,
                                     const struct store_sweep_options *options,
                                     struct store_sweep_result *out);

#endif
