/*
 * media/mpegts/es_sniff.h - a codec by the first bytes of its stream
 *
 * For streams of which the tables say nothing, or too little: MPEG-1 sound has
 * one stream type for its three layers.
 */
#ifndef MEDIA_MPEGTS_ES_SNIFF_H
#define MEDIA_MPEGTS_ES_SNIFF_H

#include "media/media.h"

/* `start` is where an access unit starts. Changes nothing if in doubt. */
void es_sniff(struct media_track *track, uint8_t stream_id, struct slice start);

/* What follows from the codec: framing, and whether every sample is sync. */
void es_frame(struct media_track *track);

#endif
