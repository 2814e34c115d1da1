#include "media/codec/codec.h"

#include <string.h>

#include "media/codec/readers.h"
#include "media/codec/units.h"

struct codec {
    const char *name;
    codec_describe_fn *describe; /* NULL: nothing to read */
    codec_class_fn *sync;        /* NULL: each sample stands alone */
    codec_messages_fn *messages; /* NULL: none */
};

static const struct codec codecs[] = {
    {"h264", nal_describe, nal_sync, nal_each_message},
    {"hevc", nal_describe, nal_sync, nal_each_message},
    {"vvc", nal_describe, nal_sync, nal_each_message},
    {"av1", av1_describe, av1_class, av1_each_message},
    {"vp9", vp9_describe, vp9_class, NULL},
    {"vp8", vp8_describe, vp8_class, NULL},
    {"mpeg2video", mpeg2_describe, mpeg2_class, mpeg2_each_message},
    {"mpeg1video", mpeg2_describe, mpeg2_class, NULL},
    {"mpeg4", mpeg4_describe, mpeg4_class, NULL},
    {"h263", NULL, h263_class, NULL},
    {"msmpeg4v2", NULL, msmpeg4_class, NULL},
    {"msmpeg4v3", NULL, msmpeg4_class, NULL},
    {"prores", prores_describe, NULL, NULL},
    {"dnxhd", dnxhd_describe, NULL, NULL},
    {"mjpeg", mjpeg_describe, NULL, NULL},
    {"jpeg2000", jpeg2000_describe, NULL, NULL},
    {"dvvideo", dv_describe, NULL, NULL},
    {"cfhd", cineform_describe, NULL, NULL},
    {"v210", NULL, NULL, NULL},
    {"rawvideo", NULL, NULL, NULL},
    {"png", NULL, NULL, NULL},
    {"prores_raw", NULL, NULL, NULL},
    {"ffv1", NULL, NULL, NULL},
    {"huffyuv", NULL, NULL, NULL},
    {"utvideo", NULL, NULL, NULL},
    {"hap", NULL, NULL, NULL},
    {"aac", aac_describe, aac_class, NULL},
    {"ac3", ac3_describe, NULL, NULL},
    {"eac3", ac3_describe, NULL, NULL},
    {"ac4", ac4_describe, NULL, NULL},
    {"dts", dts_describe, NULL, NULL},
    {"truehd", truehd_describe, truehd_class, NULL},
    {"mp2", mpeg_audio_describe, NULL, NULL},
    {"mp3", mpeg_audio_describe, NULL, NULL},
    {"opus", opus_describe, NULL, NULL},
    {"flac", flac_describe, NULL, NULL},
    {"alac", alac_describe, NULL, NULL},
    {"vorbis", vorbis_describe, NULL, NULL},
    {"amr_nb", amr_describe, NULL, NULL},
    {"amr_wb", amr_describe, NULL, NULL},
};

static const struct codec *find(const char *name)
{
    for (size_t i = 0; i < sizeof(codecs) / sizeof(codecs[0]); i++)
        if (strcmp(codecs[i].name, name) == 0)
            return &codecs[i];
    return NULL;
}

bool codec_is_intra(const char *codec)
{
    const struct codec *found = find(codec);
    return found != NULL ? found->sync == NULL : strncmp(codec, "pcm_", 4) == 0;
}

dits_error *codec_describe(struct media_track *track, struct slice sample)
{
    const struct codec *codec = find(track->codec);
    track->intra_only |= codec_is_intra(track->codec);
    if (codec == NULL || codec->describe == NULL)
        return NULL;
    if (track->is_encrypted)
        sample.size = 0;
    return codec->describe(track, sample);
}

static enum media_sync sync_of_class(const struct media_track *track,
                                     enum codec_sync_class sync)
{
    switch (sync) {
    case CODEC_SYNC_IDR:
        return MEDIA_SYNC_YES;
    case CODEC_SYNC_OPEN:
    case CODEC_SYNC_RECOVERY:
    case CODEC_SYNC_GDR:
        return MEDIA_SYNC_PARTIAL;
    case CODEC_SYNC_INTRA:
        return track->intra_only || codec_is_intra(track->codec)
                   ? MEDIA_SYNC_YES
                   : MEDIA_SYNC_NO;
    case CODEC_SYNC_UNKNOWN:
    case CODEC_SYNC_NOT:
        break;
    }
    return MEDIA_SYNC_NO;
}

enum media_sync codec_sync_of(const struct media_track *track,
                              struct slice sample,
                              enum codec_sync_class *out_class)
{
    const struct codec *codec = find(track->codec);
    enum codec_sync_class sync = CODEC_SYNC_UNKNOWN;
    if (codec_is_intra(track->codec))
        sync = CODEC_SYNC_INTRA;
    else if (codec != NULL && !track->is_encrypted && sample.size > 0)
        sync = codec->sync(track, sample);
    if (out_class != NULL)
        *out_class = sync;
    return sync_of_class(track, sync);
}

const char *codec_sync_class_name(enum codec_sync_class sync)
{
    static const char *const names[] = {
        [CODEC_SYNC_UNKNOWN] = "unknown",   [CODEC_SYNC_NOT] = "not",
        [CODEC_SYNC_IDR] = "idr",           [CODEC_SYNC_OPEN] = "open",
        [CODEC_SYNC_RECOVERY] = "recovery", [CODEC_SYNC_GDR] = "gdr",
        [CODEC_SYNC_INTRA] = "intra",
    };
    return names[sync];
}

dits_error *codec_each_message(const struct media_track *track,
                               struct slice sample, codec_message_fn *fn,
                               void *payload)
{
    const struct codec *codec = find(track->codec);
    if (codec == NULL || codec->messages == NULL || track->is_encrypted)
        return NULL;
    return codec->messages(track, sample, fn, payload);
}
