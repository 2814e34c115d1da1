/*
 * decode/sound.h - how loud a stream of sound is, over time
 */
#ifndef DECODE_SOUND_H
#define DECODE_SOUND_H

#include "decode/clip.h"

/*
 * Decode all of the stream into at most `most` levels of equal length for each
 * channel, and append them to `out` as MESSAGE_LEVELS has them. NOT_FOUND when
 * nothing can be decoded.
 */
MUST_USE dits_error *sound_measure(struct clip *clip, uint32_t most,
                                   struct message_sound *out_shape,
                                   struct buf *out);

#endif
