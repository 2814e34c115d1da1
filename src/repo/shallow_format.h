/*
 * repo/shallow_format.h - the bytes of .dits/shallow
 *
 * Specified in docs/formats/shallow.md. Every function here takes hostile bytes
 * and touches no file.
 */
#ifndef REPO_SHALLOW_FORMAT_H
#define REPO_SHALLOW_FORMAT_H

#include "base/buf.h"
#include "base/cursor.h"
#include "base/oid_map.h"

/* In rising order, whatever the order in the map. */
MUST_USE dits_error *shallow_encode(const struct oid_map *commits,
                                    struct buf *out);

/* Errors: CORRUPT, UNSUPPORTED (a newer version). */
MUST_USE dits_error *shallow_decode(struct slice bytes, struct oid_map *out);

/* The ids alone, rising: a set of commits has exactly one row of bytes. */
MUST_USE dits_error *shallow_put_ids(const struct oid_map *commits,
                                     struct buf *out);

/* Into the empty `out`. Errors: CORRUPT (also in another order). */
MUST_USE dits_error *shallow_take_ids(struct cursor *in, uint64_t count,
                                      struct oid_map *out);

/* The ids of a map in rising order; free with mem_free(). NULL for none. */
MUST_USE dits_error *shallow_sorted(const struct oid_map *commits,
                                    struct dits_oid **out);

#endif
