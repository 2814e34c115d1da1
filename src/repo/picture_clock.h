/*
 * repo/picture_clock.h - times of a media file, as people read and write them
 */
#ifndef REPO_PICTURE_CLOCK_H
#define REPO_PICTURE_CLOCK_H

#include <dits/media.h>

#include "base/error.h"
#include "base/timecode.h"

/* How the file counts its pictures. */
struct picture_clock {
    struct dits_rational frame_rate; /* of the first track of video */
    struct timecode_rate rate;       /* `frames` 0: there is none */
    int64_t first;                   /* the number of the first picture */
    struct dits_rational duration;   /* of the file; may be unknown */
};

enum { PICTURE_CLOCK_ROOM = TIMECODE_ROOM };

struct picture_clock picture_clock_of(const dits_media *media);

/* A timecode; "00:01:30.500" where pictures have no rate. */
void picture_clock_text(const struct picture_clock *clock,
                        struct dits_rational time,
                        char out[PICTURE_CLOCK_ROOM]);

/* As of dits_media_time_parse(). */
MUST_USE dits_error *picture_clock_parse(const struct picture_clock *clock,
                                         const char *text,
                                         struct dits_rational *out);

#endif
