/*
 * store/consolidate.h - few large packs in place of many
 *
 * Merging after each command (store/maintain.h) keeps packs few; this makes
 * them as few as can be, and leaves out copies of chunks that are stored twice.
 * Nothing that is stored is lost, needed or not.
 */
#ifndef STORE_CONSOLIDATE_H
#define STORE_CONSOLIDATE_H

#include "store/store.h"

/* Packs below this size are merged also where not all are. */
#define CONSOLIDATE_SMALL ((uint64_t)128 << 20)

struct store_consolidate_options {
    bool all;          /* also large packs */
    bool dry_run;      /* count only */
    uint64_t max_size; /* of the new packs, about; 0: as large as can be */
    /* May be NULL. */
    void (*on_progress)(uint64_t bytes, void *payload);
    void *payload;
};

struct store_consolidate_result {
    uint64_t packs_before;
    uint64_t packs_after;
    uint64_t bytes_before; /* of all packs */
    uint64_t bytes_after;
    uint64_t merged; /* packs that were, or would be, written anew */
    uint64_t merged_bytes;
    uint64_t damaged; /* packs that stay as they are: a chunk is damaged */
};

/* Errors: LOCKED, CANCELLED, IO, LIMIT (the disk is full), NOMEM. */
MUST_USE dits_error *store_consolidate(
    struct store *store, const struct store_consolidate_options *options,
    struct store_consolidate_result *out);

#endif
