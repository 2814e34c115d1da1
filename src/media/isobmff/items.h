/*
 * media/isobmff/items.h - still images: the items of a file
 *
 * ISO/IEC 14496-12, 8.11, and ISO/IEC 23008-12 (HEIF). Items of the same type
 * and with the same properties make a track; each item is one sample of it.
 */
#ifndef MEDIA_ISOBMFF_ITEMS_H
#define MEDIA_ISOBMFF_ITEMS_H

#include "media/isobmff/box.h"
#include "media/media.h"

/* A piece of an item. */
struct item_extent {
    uint64_t offset;
    uint64_t size;
    uint32_t track;
    bool is_first; /* of its item */
};

struct item_sample {
    uint32_t id;
    uint32_t track;
    uint64_t offset;
    uint64_t size;
};

/* Zero is empty. Extents ascend. */
struct items {
    struct item_extent *extents;
    size_t extent_count, extent_capacity;
    struct item_sample *samples;
    size_t sample_count, sample_capacity;
};

void items_release(struct items *items);

/* Take over the items of a 'meta' box that stands beside the movie. */
MUST_USE dits_error *items_parse(struct media_file *file, struct window *window,
                                 const struct box *meta);

#endif
