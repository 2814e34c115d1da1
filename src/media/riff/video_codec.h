/*
 * media/riff/video_codec.h - what the four letters of a BITMAPINFOHEADER mean
 *
 * What AVI and Matroska's V_MS/VFW have in common.
 */
#ifndef MEDIA_RIFF_VIDEO_CODEC_H
#define MEDIA_RIFF_VIDEO_CODEC_H

#include "media/media.h"

#define BITMAP_INFO_BYTES 40u

struct bitmap_info {
    char fourcc[5]; /* printable: '.' for what is not */
    uint32_t width;
    uint32_t height; /* also of pictures whose lines go down */
    uint16_t bits;
    const char *codec;  /* ffmpeg's name; "" */
    struct slice extra; /* what follows it: borrowed */
};

/* False for less than BITMAP_INFO_BYTES. */
bool bitmap_info_parse(struct slice bytes, struct bitmap_info *out);

/* Codec, framing, size, configuration of a track. */
MUST_USE dits_error *bitmap_info_apply(const struct bitmap_info *info,
                                       struct media_track *track);

/* Whether every picture of that codec stands for itself. */
bool video_codec_is_intra(const char *codec);

#endif
