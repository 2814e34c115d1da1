/*
 * media/isobmff/inflated.h - a movie box that the file keeps compressed
 *
 * QuickTime's 'cmov' (QuickTime File Format, compressed movie resources), and
 * the '!mov' of ISO/IEC 14496-12, 8.19.
 */
#ifndef MEDIA_ISOBMFF_INFLATED_H
#define MEDIA_ISOBMFF_INFLATED_H

#include "media/isobmff/box.h"
#include "media/media.h"

/* Bytes in memory as a source. */
struct inflated {
    struct source source; /* first: it is also its address */
    struct buf bytes;
};

void inflated_free(struct inflated *inflated); /* NULL is allowed */

/*
 * The movie that `box` of the file holds compressed: `*out` is NULL when it
 * holds none, or, with a problem, when it cannot be unpacked. `*out_moov` is
 * the movie in there.
 */
MUST_USE dits_error *inflated_open(struct media_file *file,
                                   struct window *window, const struct box *box,
                                   struct inflated **out, struct box *out_moov);

#endif
