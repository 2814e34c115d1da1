/*
 * media/isobmff/movie.h - the movie box
 *
 * ISO/IEC 14496-12, 8.2.
 */
#ifndef MEDIA_ISOBMFF_MOVIE_H
#define MEDIA_ISOBMFF_MOVIE_H

#include "media/isobmff/box.h"
#include "media/media.h"

/*
 * Take over the tracks of a 'moov', which `window` reads. `*out_end` is where
 * it really ends: a box that belongs beside it ends it.
 */
MUST_USE dits_error *movie_parse(struct media_file *file, struct window *window,
                                 const struct box *moov, uint64_t *out_end);

#endif
