/*
 * store/verify_pack.h - checking one pack
 */
#ifndef STORE_VERIFY_PACK_H
#define STORE_VERIFY_PACK_H

#include "store/store_internal.h"
#include "store/verify.h"

struct pack_check {
    struct store *store;
    struct pack *pack;
    bool read_all;
    void (*on_damage)(const struct store_damage *damage, void *payload);
    /* May be NULL. Every frame whose header, and bytes if read, are whole. */
    dits_error *(*on_whole)(const struct frame *frame, void *payload);
    void (*on_progress)(uint64_t bytes, void *payload); /* may be NULL */
    void *payload;
};

/* `out_bytes`: the size of the file. Errors: CANCELLED, IO, NOMEM. */
MUST_USE dits_error *pack_check(const struct pack_check *check,
                                uint64_t *out_chunks, uint64_t *out_bytes);

/*
 * The pack's file was not found: if it was not merged or moved meanwhile, its
 * tier has lost it. Then each of its chunks is told of as damaged.
 */
MUST_USE dits_error *pack_check_lost(const struct pack_check *check,
                                     bool *out_lost);

#endif
