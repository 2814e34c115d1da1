/*
 * media/codec/sound_frame.h - frames of sound that say how long they are
 *
 * ADTS (ISO/IEC 14496-3, 1.A.2.2) and LOAS (1.7.2), AC-3 and E-AC-3 (ETSI TS
 * 102 366, 4.3, E.1.2), AC-4 (ETSI TS 103 190-1, annex G), MPEG audio (ISO/IEC
 * 11172-3, 2.4.2.3 and ISO/IEC 13818-3, 2.4.2.3).
 */
#ifndef MEDIA_CODEC_SOUND_FRAME_H
#define MEDIA_CODEC_SOUND_FRAME_H

#include "base/buf.h"

/* As much as a frame is told by; less will do at the end. */
#define SOUND_FRAME_HEAD 8u

struct sound_frame {
    uint64_t size; /* bytes with the header; 0: no frame begins here */
    int64_t samples;
    uint32_t rate; /* of these samples, a second; 0: it is not said */
};

/* The frame that `head` begins with. */
struct sound_frame sound_frame_adts(struct slice head);
struct sound_frame sound_frame_loas(struct slice head);
struct sound_frame sound_frame_ac3(struct slice head);
struct sound_frame sound_frame_eac3(struct slice head);
struct sound_frame sound_frame_ac4(struct slice head);
struct sound_frame sound_frame_mpeg(struct slice head);

typedef struct sound_frame sound_frame_fn(struct slice head);

/* What reads frames of `codec`, ffmpeg's name; NULL: nothing here does. */
sound_frame_fn *sound_frame_reader(const char *codec);

#endif
