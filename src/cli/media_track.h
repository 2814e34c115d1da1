/*
 * cli/media_track.h - a track in a line, and its details below it
 */
#ifndef CLI_MEDIA_TRACK_H
#define CLI_MEDIA_TRACK_H

#include "cli/media_print.h"

/* Adds the facts about places that were left out. */
MUST_USE dits_error *media_track_print(const struct cli *cli,
                                       const dits_media *media, size_t index,
                                       const struct media_style *style,
                                       size_t *out_left_out);

#endif
