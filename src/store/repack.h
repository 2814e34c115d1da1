/*
 * store/repack.h - packs that take the place of others
 *
 * For whoever holds the store's lock exclusively: merging, sweeping, repair.
 * Chunks are copied as they are stored, after checking them. Sources go only
 * once the new pack is durable, so a crash leaves at worst both.
 */
#ifndef STORE_REPACK_H
#define STORE_REPACK_H

#include "store/pack_writer.h"
#include "store/store_internal.h"

struct repack;

enum repack_sources {
    REPACK_REMOVE,    /* once they are replaced */
    REPACK_SET_ASIDE, /* into quarantine: they are damaged */
};

MUST_USE dits_error *repack_begin(struct store *store,
                                  enum repack_sources sources,
                                  struct repack **out);

/*
 * Copy a chunk, unless it was copied already. Errors: CORRUPT (this copy is
 * damaged: nothing was done), IO, LIMIT, NOMEM.
 */
MUST_USE dits_error *repack_add(struct repack *repack, struct pack *pack,
                                const struct frame *frame);

/* How many stored bytes wait for repack_commit(). */
uint64_t repack_pending(const struct repack *repack);

/* What was copied of this pack replaces it, at the next commit. */
MUST_USE dits_error *repack_retire(struct repack *repack, struct pack *pack);

bool repack_is_retired(const struct repack *repack, const struct pack *pack);

/*
 * Make the copies durable, then let go of the retired packs. May be called
 * again after further copies. The new packs are as old as the newest retired
 * one.
 */
MUST_USE dits_error *repack_commit(struct repack *repack);

/* NULL is allowed. */
void repack_free(struct repack *repack);
void repack_freep(struct repack **repack);

/* Remove what killed writers left behind. Best effort. */
void repack_clean(struct store *store);

#endif
