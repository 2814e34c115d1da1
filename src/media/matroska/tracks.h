/*
 * media/matroska/tracks.h - Tracks: one entry for each (RFC 9559, 5.1.4)
 */
#ifndef MEDIA_MATROSKA_TRACKS_H
#define MEDIA_MATROSKA_TRACKS_H

#include "media/matroska/state.h"

/* Entries past LIMIT_TRACKS are a problem. */
MUST_USE dits_error *tracks_read(struct media_file *file,
                                 const struct ebml_element *tracks);

/* Size, colour, projection of a Video element. */
MUST_USE dits_error *track_video_read(struct window *window,
                                      const struct ebml_element *video,
                                      struct media_track *track);

/* Colour and the metadata of its mastering. */
MUST_USE dits_error *track_colour_read(struct window *window,
                                       const struct ebml_element *colour,
                                       struct media_track *track);

#endif
