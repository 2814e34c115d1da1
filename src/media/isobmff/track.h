/*
 * media/isobmff/track.h - one track of the movie
 *
 * ISO/IEC 14496-12, 8.3 to 8.7.
 */
#ifndef MEDIA_ISOBMFF_TRACK_H
#define MEDIA_ISOBMFF_TRACK_H

#include "media/isobmff/box.h"
#include "media/media.h"

/* Take over a 'trak'. */
MUST_USE dits_error *track_parse(struct media_file *file, struct window *window,
                                 const struct box *trak);

/* Look for tracks between `at` and `end`, where the order of boxes is lost. */
MUST_USE dits_error *track_rescue(struct media_file *file,
                                  struct window *window, uint64_t at,
                                  uint64_t end);

/* The path of `rest` in track `index`, to name it in problems. */
void track_where(char out[64], uint32_t index, const char *rest);

#endif
