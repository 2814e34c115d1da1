/*
 * media/mpegts/ts_sound.h - how long the sound in one PES packet lasts
 *
 * The time stamp is that of the first frame that begins in the packet (ISO/IEC
 * 13818-1, 2.4.3.7); how many there are, the frames say themselves.
 */
#ifndef MEDIA_MPEGTS_TS_SOUND_H
#define MEDIA_MPEGTS_TS_SOUND_H

#include "media/codec/sound_frame.h"

/* The fields are for ts_sound.c. Zero is the start of a stream. */
struct ts_sound {
    sound_frame_fn *read; /* NULL: its frames say nothing */
    uint64_t skip;        /* of the frame at hand */
    size_t have;
    uint8_t head[SOUND_FRAME_HEAD];
    uint32_t rate;
    int64_t samples; /* of the frames that began in this packet */
};

/* A PES packet starts, maybe within a frame. `codec`: ffmpeg's name. */
void ts_sound_begin(struct ts_sound *sound, const char *codec);

/* Its next bytes. */
void ts_sound_push(struct ts_sound *sound, struct slice bytes);

/* Ticks of 90 kHz since its start; 0 unknown. */
int64_t ts_sound_ticks(const struct ts_sound *sound);

#endif
