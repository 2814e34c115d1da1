/*
 * object/object.h - the header that every object starts with
 *
 * A magic that text tools cannot leave whole, the kind, the version and the
 * length: all of it is part of what the id is made from
 * (docs/formats/object-header.md).
 */
#ifndef OBJECT_OBJECT_H
#define OBJECT_OBJECT_H

#include "base/buf.h"
#include "base/cursor.h"
#include "store/store.h"

#define OBJECT_HEADER_SIZE 16

/* Start an object of the newest version in `out`, which is empty. */
MUST_USE dits_error *object_begin(struct buf *out, enum chunk_kind kind);

/* Fill in the length. LIMIT when the object does not fit into a chunk. */
MUST_USE dits_error *object_end(struct buf *out);

/*
 * Check the header and leave `out` over the payload, borrowed from `bytes`.
 *
 * Errors: CORRUPT, UNSUPPORTED (made by a newer Dits).
 */
MUST_USE dits_error *object_open(enum chunk_kind kind, struct slice bytes,
                                 struct cursor *out);

/* A varint before that many bytes: the form of all texts in objects. */
MUST_USE dits_error *object_put_bytes(struct buf *out, const void *data,
                                      size_t size);
MUST_USE dits_error *object_take_bytes(struct cursor *in, size_t max,
                                       struct slice *out);

#endif
