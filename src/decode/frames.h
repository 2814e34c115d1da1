/*
 * decode/frames.h - the picture that is shown at a time
 */
#ifndef DECODE_FRAMES_H
#define DECODE_FRAMES_H

#include "decode/clip.h"

/*
 * The last picture that begins at `time` or before, counted from the start of
 * the file; the first one where there is none so early. `*out_time`: when it
 * begins. `*out_found` false when nothing can be decoded there.
 */
MUST_USE dits_error *frames_find(struct clip *clip, struct message_time time,
                                 AVFrame *out, struct message_time *out_time,
                                 bool *out_found);

#endif
