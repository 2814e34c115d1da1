/*
 * media/isobmff/box.h - boxes of a file, wherever they lie
 *
 * ISO/IEC 14496-12, 4.2: size u32, type, largesize u64 if the size is 1, an
 * extended type of 16 bytes if the type is 'uuid', in this order. For boxes
 * that are in memory as a whole: children.h.
 */
#ifndef MEDIA_ISOBMFF_BOX_H
#define MEDIA_ISOBMFF_BOX_H

#include <stdbool.h>

#include "media/isobmff/children.h"
#include "media/window.h"

struct box {
    uint32_t type;
    uint32_t header_size; /* 8 to 32 */
    uint64_t offset;
    uint64_t size;   /* with the header; not past its parent */
    bool is_clamped; /* claims more than its parent has */
    bool is_to_end;  /* has no size: goes on to the end of the file */
    uint8_t uuid[16];
};

/* The bytes that may be asked for at once to read a header. */
enum { BOX_MIN_HEADER = 8, BOX_MAX_HEADER = 32 };

/*
 * The header that `head` begins with, of a box at `offset` whose parent has
 * `left` bytes from there on. False when it makes no sense; what could be read
 * is in `*out` nevertheless, with size 0.
 */
bool box_parse(struct slice head, uint64_t offset, uint64_t left,
               struct box *out);

uint64_t box_end(const struct box *box);
uint64_t box_payload(const struct box *box); /* offset */
uint64_t box_payload_size(const struct box *box);

/* The boxes between `at` and `end`. Only the first two fields change. */
struct box_walk {
    uint64_t at;
    uint64_t end;
    struct window *window; /* borrowed */
};

struct box_walk box_walk_over(struct window *window, uint64_t at, uint64_t end);

/* The boxes of `box` behind the first `skip` bytes of its payload. */
struct box_walk box_children(struct window *window, const struct box *box,
                             uint32_t skip);

/*
 * The next box. Not found: at the end, or where the rest is padding, the zero
 * that ends lists of QuickTime, or damage; `at` stays there.
 */
MUST_USE dits_error *box_next(struct box_walk *walk, struct box *out,
                              bool *out_found);

/* The first child of that type. */
MUST_USE dits_error *box_find(struct box_walk walk, uint32_t type,
                              struct box *out, bool *out_found);

/* The payload, at most LIMIT_PAYLOAD bytes of it. */
MUST_USE dits_error *box_load(struct window *window, const struct box *box,
                              struct buf *out);

/*
 * How many bytes of a 'meta' box come before its children: 4 where it is a
 * FullBox, as ISO has it, 0 as QuickTime has it.
 */
MUST_USE dits_error *box_meta_skip(struct window *window,
                                   const struct box *meta, uint32_t *out);

#endif
