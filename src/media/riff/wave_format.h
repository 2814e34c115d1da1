/*
 * media/riff/wave_format.h - WAVEFORMATEX: how sound is coded
 *
 * What WAV, AVI and Matroska's A_MS/ACM have in common (Microsoft, mmreg.h).
 */
#ifndef MEDIA_RIFF_WAVE_FORMAT_H
#define MEDIA_RIFF_WAVE_FORMAT_H

#include "media/media.h"

struct wave_format {
    uint16_t tag;      /* of the sub-format where there is one */
    uint16_t channels; /* 0 in damaged files */
    uint32_t rate;
    uint32_t byte_rate;
    uint16_t block_align; /* bytes of all channels at a time */
    uint16_t bits;
    uint16_t valid_bits;   /* WAVEFORMATEXTENSIBLE; 0 unknown */
    uint32_t channel_mask; /* of the same; 0 unknown */
    bool is_ambisonic;     /* the sub-format says B-format */
    const char *codec;     /* ffmpeg's name; "" */
    struct slice extra;    /* what follows it: borrowed */
};

/* False for less than the 14 bytes of a WAVEFORMAT. */
bool wave_format_parse(struct slice bytes, struct wave_format *out);

/* Codec, framing, rate, channels, configuration and facts of a track. */
MUST_USE dits_error *wave_format_apply(const struct wave_format *format,
                                       struct media_track *track);

#endif
