/*
 * media/mpegts/ts_sync.h - whether decoding can start at an access unit
 *
 * By a look at its first bytes, where the packets do not say it. What is
 * behind the first packet is not looked at.
 */
#ifndef MEDIA_MPEGTS_TS_SYNC_H
#define MEDIA_MPEGTS_TS_SYNC_H

#include "media/media.h"

bool ts_sync_is(const struct media_track *track, struct slice start);

#endif
