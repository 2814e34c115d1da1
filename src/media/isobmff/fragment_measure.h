/*
 * media/isobmff/fragment_measure.h - what one track has in one fragment
 *
 * ISO/IEC 14496-12, 8.8.6 to 8.8.12.
 */
#ifndef MEDIA_ISOBMFF_FRAGMENT_MEASURE_H
#define MEDIA_ISOBMFF_FRAGMENT_MEASURE_H

#include "media/isobmff/fragmented_movie.h"

/* Of a 'traf'. Times are ticks of the track. */
struct traf_measure {
    uint32_t track; /* index */
    struct fragment_header header;
    uint64_t base; /* of data offsets: in the file */
    bool has_tfdt; /* 8.8.12 */
    bool has_time; /* that, or what Smooth Streaming has */
    int64_t time;  /* of the first sample, with has_time */
    uint64_t samples;
    int64_t duration;
    int64_t shift;       /* from decode to presentation: of the first sample */
    int64_t earliest;    /* presentation, from the decode time of the first */
    bool is_sync;        /* decoding can start at the first */
    uint64_t data_start; /* of all samples; UINT64_MAX without any */
    uint64_t data_end;
};

/*
 * Measure the payload of a 'traf' in a 'moof' at `moof`. `*next_base` is where
 * the data of a 'traf' starts that does not say so: the first byte of the
 * 'moof' for the first, and then the end of the data of the one before.
 * False when it makes no sense: whoever moves it would break it.
 */
bool traf_measure(const struct fragmented_movie *movie, struct slice traf,
                  uint64_t moof, uint64_t *next_base, struct traf_measure *out);

#endif
