/*
 * repo/id_set.h - which ids were met
 *
 * Keeps 16 bytes of each id: to make two that are taken for one costs an
 * attacker 2^64 hashes. About 24 bytes of memory for each.
 */
#ifndef REPO_ID_SET_H
#define REPO_ID_SET_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/cursor.h"

#define ID_SET_KEY_SIZE 16

/* Empty is the zero value. */
struct id_set {
    uint8_t (*keys)[ID_SET_KEY_SIZE]; /* all zero: free */
    size_t capacity;                  /* a power of two, or 0 */
    size_t count;
};

void id_set_release(struct id_set *set);

/* `*out_new` (NULL allowed): it was not there before. */
MUST_USE dits_error *id_set_add(struct id_set *set, const struct dits_oid *id,
                                bool *out_new);
bool id_set_has(const struct id_set *set, const struct dits_oid *id);

/* All keys, to be read back by id_set_decode(). */
MUST_USE dits_error *id_set_encode(const struct id_set *set, struct buf *out);
MUST_USE dits_error *id_set_decode(struct cursor *in, struct id_set *out);

#endif
