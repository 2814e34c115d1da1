/*
 * store/pending.h - the chunks of a pack that is being written
 */
#ifndef STORE_PENDING_H
#define STORE_PENDING_H

#include "store/pack.h"

/* A set of frames by id. Empty is the zero value. One thread at a time. */
struct pending {
    struct frame_list frames;
    uint32_t *slots; /* row + 1, or 0; open addressing */
    uint32_t slot_count;
};

/* Borrowed until the next call; NULL when it is not there. */
const struct frame *pending_find(const struct pending *pending,
                                 const struct dits_oid *id);

/* Add a frame whose id is not there. Errors: NOMEM, LIMIT. */
MUST_USE dits_error *pending_add(struct pending *pending,
                                 const struct frame *frame);
void pending_release(struct pending *pending);

#endif
