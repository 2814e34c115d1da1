/*
 * repo/name_map.h - names numbered in the order in which they are met
 *
 * As base/oid_map.h, for texts: of each its hash is kept. A caller keeps what
 * it knows of each name in an array of its own, by number.
 */
#ifndef REPO_NAME_MAP_H
#define REPO_NAME_MAP_H

#include "base/buf.h"
#include "base/oid_map.h"

/* Empty is the zero value. */
struct name_map {
    struct oid_map hashes;
};

void name_map_release(struct name_map *map);

/*
 * The number of `name`, a new one when it was not there. Who only wants it
 * there passes NULL for both. Errors: NOMEM, LIMIT.
 */
MUST_USE dits_error *name_map_add(struct name_map *map, const char *name,
                                  size_t *out_number, bool *out_new);

/* Whether `name` is there, and its number; that may be NULL. */
bool name_map_find(const struct name_map *map, const char *name,
                   size_t *out_number);

#endif
