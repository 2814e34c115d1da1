/*
 * media/isobmff/children.h - the boxes inside a box that is in memory
 *
 * ISO/IEC 14496-12, 4.2. For small boxes whose payload was loaded as a whole;
 * the walk over the file is elsewhere. A child that claims more than there is
 * is cut to it; a size that makes no sense ends the list.
 */
#ifndef MEDIA_ISOBMFF_CHILDREN_H
#define MEDIA_ISOBMFF_CHILDREN_H

#include <stdbool.h>

#include "base/buf.h"

/* Four characters as a number, as be32_load() reads them. */
#define FOURCC(a, b, c, d)                                                     \
    ((uint32_t)(uint8_t)(a) << 24 | (uint32_t)(b) << 16 | (uint32_t)(c) << 8 | \
     (uint32_t)(d))

/* Zero is an empty list. */
struct children {
    struct slice rest;
};

struct child {
    uint32_t type;
    struct slice payload; /* of 'uuid': behind the extended type */
    const uint8_t *uuid;  /* 16 bytes; NULL unless type is 'uuid' */
    bool is_cut;
};

struct children children_of(struct slice bytes);

/* The next child. False at the end, which padding or damage may be. */
bool children_next(struct children *children, struct child *out);

/* The same, and all of its bytes with the header: borrowed, too. */
bool children_next_whole(struct children *children, struct child *out,
                         struct slice *out_whole);

/* The payload of the first child of that type; empty without one. */
struct slice children_find(struct slice bytes, uint32_t type);

/* `bytes` without its first `size` bytes; empty when there are fewer. */
struct slice slice_after(struct slice bytes, size_t size);

/* The four characters of `type` with a NUL; what is not printable as '?'. */
void fourcc_text(uint32_t type, char out[5]);

#endif
