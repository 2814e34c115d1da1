/*
 * media/isobmff/item_track.h - the track that an item belongs to
 *
 * Items of one type and one configuration, as the tiles of a picture are.
 */
#ifndef MEDIA_ISOBMFF_ITEM_TRACK_H
#define MEDIA_ISOBMFF_ITEM_TRACK_H

#include "media/isobmff/item_tables.h"
#include "media/media.h"

struct item_group {
    uint32_t type;
    uint32_t config;
    uint32_t track;
};

/* Zero is empty. */
struct item_tracks {
    struct item_group *groups;
    size_t count;
};

void item_tracks_release(struct item_tracks *tracks);

/*
 * The track of item `id`, made and described when it is the first of its kind.
 * Not found: nobody knows the item, or there are too many tracks.
 */
MUST_USE dits_error *item_tracks_find(struct item_tracks *tracks,
                                      struct media_file *file,
                                      const struct item_tables *tables,
                                      uint32_t id, uint32_t *out_track,
                                      bool *out_found);

#endif
