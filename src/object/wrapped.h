/*
 * object/wrapped.h - how a packed file is made from what it holds
 *
 * A wrapped asset has two streams: the skeleton, which is all of the file that
 * is not a packed stream, and the plain bytes of those streams, one after the
 * other. The table says where the packed streams are and how each is packed.
 * Specified in docs/formats/asset.md.
 */
#ifndef OBJECT_WRAPPED_H
#define OBJECT_WRAPPED_H

#include "base/cursor.h"
#include "base/deflate.h"

/* Bounds of the format. */
#define WRAPPED_MAX_MEMBERS 65536
#define WRAPPED_MAX_PLAIN (UINT64_C(256) << 20) /* bytes of all members */

/* The streams of the recipe. */
enum { WRAPPED_SKELETON = 0, WRAPPED_PLAIN = 1, WRAPPED_STREAMS = 2 };

struct wrapped_member {
    struct deflate_params params;
    uint64_t plain_size;
    uint64_t coded_size;
    uint64_t offset;          /* of the packed bytes, in the file */
    uint64_t skeleton_offset; /* skeleton bytes before it */
    uint64_t plain_offset;    /* plain bytes before it */
};

/* Owns its members, which are in file order. */
struct wrapped {
    uint8_t encoder; /* enum deflate_encoder, or one of a newer Dits */
    size_t count;
    struct wrapped_member *members;
    uint64_t coded_size; /* of all members */
};

void wrapped_release(struct wrapped *wrapped);

/*
 * How many members begin at or before `offset` of the file: the last of them
 * is the one that may hold it.
 */
size_t wrapped_find(const struct wrapped *wrapped, uint64_t offset);

MUST_USE dits_error *wrapped_encode(const struct wrapped *wrapped,
                                    struct buf *out);

/* The same, checked against the sizes of the two streams. Errors: CORRUPT. */
MUST_USE dits_error *wrapped_parse(struct cursor *in, uint64_t skeleton_size,
                                   uint64_t plain_size, struct wrapped *out);

#endif
