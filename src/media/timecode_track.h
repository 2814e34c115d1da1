/*
 * media/timecode.h - counting frames as hours, minutes, seconds, frames
 *
 * SMPTE ST 12-1. A drop-frame timecode leaves out numbers, not frames: at the
 * start of each minute but every tenth, two of 30, four of 60.
 */
#ifndef MEDIA_TIMECODE_H
#define MEDIA_TIMECODE_H

#include "media/media.h"

/* `frames` are numbers a second: 24, 25, 30, 50, 60, … 30 for 29.97. */
struct timecode_rate {
    uint32_t frames; /* 0: unknown */
    bool is_drop;    /* only where `frames` is a multiple of 30 */
};

#define TIMECODE_ROOM 24

/* Frames in 24 hours, at which timecodes begin again; 0 without a rate. */
uint64_t timecode_day(struct timecode_rate rate);

/* "01:00:00:00", with ';' before the frames in drop-frame. */
void timecode_text(int64_t frame, struct timecode_rate rate,
                   char out[TIMECODE_ROOM]);

/*
 * The number of the frame. `rate.is_drop` is as the text has it. False for
 * what is no timecode, or one that is left out.
 */
bool timecode_number(const char *text, struct timecode_rate rate,
                     int64_t *out_frame);

/*
 * Read the first sample of each timecode track: fact "timecode" of it and of
 * the tracks that refer to it. Errors: the source's, NOMEM.
 */
MUST_USE dits_error *timecode_describe(struct media_file *file);

#endif
