/*
 * store/verify.h - checking packs, and saving what can be saved
 *
 * Reading checks one copy of one chunk. This checks every copy, every index
 * and every byte between, and tells what it found; nothing is changed.
 */
#ifndef STORE_VERIFY_H
#define STORE_VERIFY_H

#include "store/store.h"

enum store_damage_kind {
    STORE_DAMAGE_CHUNK, /* the bytes of a chunk do not match its id */
    STORE_DAMAGE_GAP,   /* bytes among the chunks that are no chunk */
    STORE_DAMAGE_INDEX, /* an index, or a chunk that it does not know */
    STORE_DAMAGE_PACK,  /* the start or the end of the file */
};

/* Borrowed for the call. */
struct store_damage {
    enum store_damage_kind what;
    const char *pack; /* its name */
    uint64_t offset;  /* in the pack */
    uint64_t size;    /* bytes */
    /* Of a chunk: */
    enum chunk_kind kind;
    struct dits_oid id;
    const char *reason; /* one line */
};

struct store_verify_options {
    bool read_all; /* every byte, not only headers and indexes */
    /* May be NULL. One call at a time, perhaps from different threads. */
    void (*on_damage)(const struct store_damage *damage, void *payload);
    void (*on_progress)(uint64_t bytes, void *payload);
    void *payload;
};

struct store_verify_result {
    uint64_t packs;
    uint64_t chunks; /* copies */
    uint64_t bytes;  /* of all packs */
    uint64_t damages;
    uint64_t offline; /* packs on disks that are away: not checked */
};

/* Damage is no error. Errors: CANCELLED, IO, NOMEM. */
MUST_USE dits_error *store_verify(struct store *store,
                                  const struct store_verify_options *options,
                                  struct store_verify_result *out);

struct store_repair_result {
    uint64_t packs;         /* written anew */
    uint64_t saved_chunks;  /* out of damaged packs */
    uint64_t lost_chunks;   /* of which no whole copy is left */
    uint64_t healed_chunks; /* damaged copies where another is whole */
};

/*
 * Write every damaged pack anew with what is whole in it. The damaged file
 * goes to .dits/quarantine: nothing is thrown away. Reads all bytes. Also
 * removes what killed writers left.
 *
 * Errors: LOCKED, CANCELLED, IO, LIMIT, NOMEM.
 */
MUST_USE dits_error *store_repair(struct store *store,
                                  struct store_repair_result *out);

#endif
