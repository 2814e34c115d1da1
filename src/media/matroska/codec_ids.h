/*
 * media/matroska/codec_ids.h - codecs by the names of Matroska (RFC 9559, 5.2)
 */
#ifndef MEDIA_MATROSKA_CODEC_IDS_H
#define MEDIA_MATROSKA_CODEC_IDS_H

#include "media/media.h"

/*
 * Codec, framing and configuration of a track by its CodecID, which is in
 * `tag`, and its CodecPrivate, which is in `config`. `bits` is the BitDepth.
 */
MUST_USE dits_error *codec_ids_apply(struct media_track *track, const char *id,
                                     unsigned bits);

#endif
