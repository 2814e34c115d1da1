/*
 * media/mpegts/ts_scan.h - a look at the start and the end of a stream
 *
 * Times, clocks, scrambling and gaps, without reading what lies between.
 */
#ifndef MEDIA_MPEGTS_TS_SCAN_H
#define MEDIA_MPEGTS_TS_SCAN_H

#include "media/mpegts/ts_state.h"

/* Add a track for each PID with PES: where no program map was found. */
MUST_USE dits_error *ts_scan_guess_tracks(struct media_file *file,
                                          uint64_t end);

/*
 * Fill in start and duration of the tracks, number of samples where the whole
 * file was seen, and facts of the file. Looks at [0, head) and [tail, end).
 */
MUST_USE dits_error *ts_scan_times(struct media_file *file, uint64_t head,
                                   uint64_t tail);

#endif
