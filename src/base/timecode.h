/*
 * base/timecode.h - counting frames as hours, minutes, seconds, frames
 *
 * SMPTE ST 12-1. A drop-frame timecode leaves out numbers, not frames: at the
 * start of each minute but every tenth, two of 30, four of 60.
 */
#ifndef BASE_TIMECODE_H
#define BASE_TIMECODE_H

#include <stdbool.h>
#include <stdint.h>

/* `frames` are numbers a second: 24, 25, 30, 50, 60, … 30 for 29.97. */
struct timecode_rate {
    uint32_t frames; /* 0: unknown */
    bool is_drop;    /* only where `frames` is a multiple of 30 */
};

enum { TIMECODE_ROOM = 40 };

/* Frames in 24 hours, at which timecodes begin again; 0 without a rate. */
uint64_t timecode_day(struct timecode_rate rate);

/* The same time of the day, by its frame in the first one; needs a rate. */
uint64_t timecode_in_day(int64_t frame, struct timecode_rate rate);

/*
 * "01:00:00:00", with ';' before the frames in drop-frame; more hours than a
 * day has are written as they are. Empty without a rate.
 */
void timecode_text(uint64_t frame, struct timecode_rate rate,
                   char out[TIMECODE_ROOM]);

/*
 * The number of the frame. `rate.is_drop` is as the text has it. False for
 * what is no timecode, or one that is left out.
 */
bool timecode_number(const char *text, struct timecode_rate rate,
                     int64_t *out_frame);

#endif
