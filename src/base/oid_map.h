/*
 * base/oid_map.h - ids numbered in the order in which they are met
 *
 * A caller keeps what it knows of each id in an array of its own, by number.
 */
#ifndef BASE_OID_MAP_H
#define BASE_OID_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/oid.h"

/* Empty is the zero value. One thread at a time. */
struct oid_map {
    struct dits_oid *ids; /* by number */
    size_t count;
    size_t capacity;
    uint32_t *slots; /* number + 1, or 0; open addressing */
    size_t slot_count;
};

void oid_map_release(struct oid_map *map);

/*
 * The number of `id`, a new one when it was not there. Who only wants it there
 * passes NULL for both. Errors: NOMEM, LIMIT.
 */
MUST_USE dits_error *oid_map_add(struct oid_map *map, const struct dits_oid *id,
                                 size_t *out_number, bool *out_new);

/* Whether `id` is there, and its number; that may be NULL. */
bool oid_map_find(const struct oid_map *map, const struct dits_oid *id,
                  size_t *out_number);

#endif
