/*
 * media/isobmff/fragment_init.h - the movie in front of a range of fragments
 *
 * What has to change in a 'moov' whose fragments are not all there (ISO/IEC
 * 14496-12):
 *
 * - mehd (8.8.2) says how long all fragments last, so it becomes what these do;
 * - mvhd, tkhd and mdhd (8.2.2, 8.3.2, 8.4.2) say how long the samples last
 *   that are in the movie itself. Writers who put the length of everything
 *   there get that of the range; 0 and "unknown" stay;
 * - elst (8.6.6): the edit that shows the media goes on to its end, whatever
 *   that is (a duration of 0). Where it starts, and empty edits before it, are
 *   the same for every range: tracks stay in step;
 * - tables of samples (8.6, 8.7): emptied where the range does not begin with
 *   the samples of the movie itself.
 */
#ifndef MEDIA_ISOBMFF_FRAGMENT_INIT_H
#define MEDIA_ISOBMFF_FRAGMENT_INIT_H

#include "media/isobmff/fragmented_movie.h"

struct init_change {
    const int64_t *ends; /* of each track in the range, in its ticks */
    bool drop_samples;   /* of the movie itself */
};

/*
 * The box `moov` after the change, appended to `out`. Without drop_samples it
 * keeps its size. Errors: CORRUPT, NOMEM.
 */
MUST_USE dits_error *init_patch(const struct fragmented_movie *movie,
                                struct slice moov,
                                const struct init_change *change,
                                struct buf *out);

#endif
