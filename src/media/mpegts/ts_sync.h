/*
 * media/mpegts/ts_sync.h - whether decoding can start at an access unit
 *
 * By a look at its first bytes, where the packets do not say it. Spans have
 * what the first packet says, samples what a few more do.
 */
#ifndef MEDIA_MPEGTS_TS_SYNC_H
#define MEDIA_MPEGTS_TS_SYNC_H

#include "media/media.h"

bool ts_sync_is(const struct media_track *track, struct slice start);

/* A look at one packet after the other. The fields are for ts_sync.c. */
struct ts_sync_search {
    size_t have;
    uint8_t last[4]; /* bytes of what came before */
};

/* Whether the next bytes of the unit show it; zero is the start of a unit. */
bool ts_sync_next(struct ts_sync_search *search,
                  const struct media_track *track, struct slice bytes);

#endif
