/*
 * media/timecode_track.h - the timecode that a track of them carries
 */
#ifndef MEDIA_TIMECODE_TRACK_H
#define MEDIA_TIMECODE_TRACK_H

#include "media/media.h"

/*
 * Read the first sample of each timecode track: fact "timecode" of it and of
 * the tracks that refer to it. Errors: the source's, NOMEM.
 */
MUST_USE dits_error *timecode_describe(struct media_file *file);

#endif
