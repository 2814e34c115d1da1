/*
 * media/isobmff/top.h - the outermost boxes, and the way back after damage
 *
 * Where a header makes no sense the next box that does is searched, within
 * LIMIT_RESYNC bytes for the whole file. A candidate has to prove itself: by
 * its first child, and by what follows it.
 */
#ifndef MEDIA_ISOBMFF_TOP_H
#define MEDIA_ISOBMFF_TOP_H

#include "media/isobmff/box.h"
#include "media/media.h"

struct top_walk {
    struct media_file *file;
    uint64_t at;
    uint64_t searched; /* bytes */
    bool is_quiet;     /* adds no problems */
    struct window window;
};

void top_walk_release(struct top_walk *walk);

/*
 * The next box. A 'free' box, or one of an unknown type, that holds a movie or
 * a fragment comes as such.
 */
MUST_USE dits_error *top_next(struct top_walk *walk, struct box *out,
                              bool *out_found);

/* Look for a movie between two offsets, wherever it may begin. */
MUST_USE dits_error *top_search_movie(struct top_walk *walk, uint64_t from,
                                      uint64_t to, struct box *out,
                                      bool *out_found);

/* Whether a file that begins like this may be of this format. */
bool top_probe(struct slice head, uint64_t file_size);

#endif
