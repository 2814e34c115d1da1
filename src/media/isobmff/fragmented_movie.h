/*
 * media/isobmff/fragmented_movie.h - what a movie says of its fragments
 *
 * ISO/IEC 14496-12, 8.2 to 8.8. From a 'moov' that lies in memory as a whole;
 * what is wrong with it is refused, because others are to rely on the result.
 */
#ifndef MEDIA_ISOBMFF_FRAGMENTED_MOVIE_H
#define MEDIA_ISOBMFF_FRAGMENTED_MOVIE_H

#include "media/isobmff/fragment_boxes.h"

struct fragmented_track {
    uint32_t id;
    uint32_t handler;
    uint32_t timescale; /* at least 1 */
    struct sample_defaults defaults;
    bool has_samples;     /* in the movie, before all fragments */
    int64_t own_duration; /* of those, in ticks */

    /* What its edit list adds to times of the media to show them (8.6.6). */
    int64_t shown;
    bool has_cuts; /* the edit list does more than that */
};

/* Zero is empty. */
struct fragmented_movie {
    uint32_t timescale;
    bool has_samples; /* any of the tracks */
    bool has_cuts;    /* the same */
    size_t track_count;
    struct fragmented_track *tracks;
};

void fragmented_movie_release(struct fragmented_movie *movie);

/*
 * From the payload of 'moov'. Errors: UNSUPPORTED (no tracks, or a compressed
 * movie), CORRUPT, LIMIT.
 */
MUST_USE dits_error *fragmented_movie_parse(struct slice moov,
                                            struct fragmented_movie *out);

bool fragmented_movie_find(const struct fragmented_movie *movie, uint32_t id,
                           uint32_t *out_index);

/*
 * The track by which fragments are chosen: the first of pictures, else the
 * first.
 */
uint32_t fragmented_movie_leader(const struct fragmented_movie *movie);

/* Boxes of 'trak', 'mdia' and so on by their path, empty when not there. */
struct slice children_path(struct slice bytes, const uint32_t *types,
                           size_t count);

#endif
