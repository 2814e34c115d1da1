/*
 * media/codec/readers.h - one reader per codec
 *
 * For media/codec/ alone; the table in codec.c names them. Each describes from
 * the configuration and a sample that may be empty, and classifies a sample by
 * its first bytes.
 */
#ifndef MEDIA_CODEC_READERS_H
#define MEDIA_CODEC_READERS_H

#include "media/codec/codec.h"

typedef dits_error *codec_describe_fn(struct media_track *track,
                                      struct slice sample);
typedef enum codec_sync_class codec_class_fn(const struct media_track *track,
                                             struct slice sample);
typedef dits_error *codec_messages_fn(const struct media_track *track,
                                      struct slice sample, codec_message_fn *fn,
                                      void *payload);

codec_describe_fn av1_describe, vp9_describe, vp8_describe;
codec_class_fn av1_class, vp9_class, vp8_class;
codec_messages_fn av1_each_message;

codec_describe_fn mpeg2_describe, mpeg4_describe;
codec_class_fn mpeg2_class, mpeg4_class;
codec_messages_fn mpeg2_each_message;

codec_class_fn h263_class, msmpeg4_class;

codec_describe_fn prores_describe, dnxhd_describe, mjpeg_describe,
    jpeg2000_describe, dv_describe, cineform_describe;

codec_describe_fn aac_describe, ac3_describe, ac4_describe, dts_describe,
    truehd_describe, mpeg_audio_describe, opus_describe, flac_describe,
    alac_describe, vorbis_describe, amr_describe;
codec_class_fn truehd_class, aac_class;

/* An OBU: its type and payload. */
struct obu {
    unsigned type;
    struct slice payload;
    bool is_cut;
};
enum {
    OBU_SEQUENCE_HEADER = 1,
    OBU_TEMPORAL_DELIMITER = 2,
    OBU_FRAME_HEADER = 3,
    OBU_METADATA = 5,
    OBU_FRAME = 6,
    OBU_TILE_LIST = 8,
    OBU_PADDING = 15,
};

/* The next one of `bytes`, which moves on. False at the end or at nonsense. */
bool obu_next(struct slice *bytes, struct obu *out);

#endif
