/*
 * store/store_internal.h - what the files of the store share
 */
#ifndef STORE_STORE_INTERNAL_H
#define STORE_STORE_INTERNAL_H

#include "store/pack_set.h"
#include "store/quarantine.h"
#include "store/store.h"

struct store {
    const dits_context *context;
    char *packs;     /* .dits/packs */
    char *temporary; /* .dits/tmp */
    char *incoming;  /* .dits/tmp/tier: packs that come back from tiers */
    char *lock_path; /* .dits/store.lock */
    struct pack_set set;
    struct quarantine quarantine;
    store_explain_fn *explain; /* or NULL */
    void *explain_payload;
    atomic_bool is_checking; /* reads are not remembered */
    atomic_bool grew;        /* a pack was written since the store was opened */
};

/* A copy of a chunk. */
struct found_copy {
    struct pack *pack;
    struct frame frame;
};

/* Among the packs known now; copies in quarantine are not there. */
MUST_USE dits_error *store_locate(struct store *store,
                                  const struct dits_oid *id, bool *out_found,
                                  struct found_copy *out);

/* The place of a frame, as callers know it. */
void store_place(const struct pack *pack, const struct frame *frame,
                 struct chunk_place *out);

#endif
