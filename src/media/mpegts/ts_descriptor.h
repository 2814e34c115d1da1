/*
 * media/mpegts/ts_descriptor.h - descriptors of one stream, as facts
 *
 * ISO/IEC 13818-1, 2.6; ETSI EN 300 468, 6.2; ATSC A/65, 6.9; ARIB STD-B10.
 */
#ifndef MEDIA_MPEGTS_TS_DESCRIPTOR_H
#define MEDIA_MPEGTS_TS_DESCRIPTOR_H

#include "media/mpegts/ts_stream_type.h"

/* What `descriptor` tells goes into `track`; unknown ones tell nothing. */
MUST_USE dits_error *ts_descriptor_apply(
    struct media_track *track, const struct ts_descriptor *descriptor);

#endif
