/*
 * media/mpegts/ts_walk.h - spans and samples of a transport stream
 *
 * A sample is what one PES packet, or one section, carries: an access unit as
 * a rule; several frames in many sound streams, a part of a picture in some
 * videos. Its offset is that of the packet it starts in, its size that of its
 * payload. A PES packet without time stamps has the times of the one before.
 */
#ifndef MEDIA_MPEGTS_TS_WALK_H
#define MEDIA_MPEGTS_TS_WALK_H

#include "media/media.h"

MUST_USE dits_error *ts_walk_spans(struct media_file *file,
                                   struct media_walk **out);
MUST_USE dits_error *ts_walk_next_span(struct media_walk *walk,
                                       struct media_span *out, bool *out_found);
MUST_USE dits_error *ts_walk_samples(struct media_file *file, uint32_t track,
                                     struct media_walk **out);
MUST_USE dits_error *ts_walk_next_sample(struct media_walk *walk,
                                         struct media_sample *out,
                                         bool *out_found);
void ts_walk_end(struct media_walk *walk);

#endif
