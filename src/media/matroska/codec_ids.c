#include "media/matroska/codec_ids.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "media/riff/video_codec.h"
#include "media/riff/wave_format.h"

struct codec_id {
    const char *id; /* the first whose start fits wins */
    const char *codec;
    enum media_framing framing;
};

/* Matroska Media Container Codec Specifications (draft-ietf-cellar-codec). */
static const struct codec_id ids[] = {
    {"V_MPEG4/ISO/AVC", "h264", MEDIA_NAL_LENGTH},
    {"V_MPEGH/ISO/HEVC", "hevc", MEDIA_NAL_LENGTH},
    {"V_MPEGI/ISO/VVC", "vvc", MEDIA_NAL_LENGTH},
    {"V_AV1", "av1", MEDIA_OBU},
    {"V_PRORES", "prores", MEDIA_PRORES_BARE},
    {"V_VP8", "vp8", MEDIA_OPAQUE},
    {"V_VP9", "vp9", MEDIA_OPAQUE},
    {"V_MPEG1", "mpeg1video", MEDIA_OPAQUE},
    {"V_MPEG2", "mpeg2video", MEDIA_OPAQUE},
    {"V_MPEG4/ISO/", "mpeg4", MEDIA_OPAQUE},
    {"V_MPEG4/MS/V3", "msmpeg4v3", MEDIA_OPAQUE},
    {"V_THEORA", "theora", MEDIA_OPAQUE},
    {"V_DIRAC", "dirac", MEDIA_OPAQUE},
    {"V_FFV1", "ffv1", MEDIA_OPAQUE},
    {"V_MJPEG", "mjpeg", MEDIA_OPAQUE},
    {"V_SNOW", "snow", MEDIA_OPAQUE},
    {"V_UNCOMPRESSED", "rawvideo", MEDIA_OPAQUE},
    {"V_AVS2", "avs2", MEDIA_OPAQUE},
    {"V_AVS3", "avs3", MEDIA_OPAQUE},
    {"V_REAL/RV10", "rv10", MEDIA_OPAQUE},
    {"V_REAL/RV20", "rv20", MEDIA_OPAQUE},
    {"V_REAL/RV30", "rv30", MEDIA_OPAQUE},
    {"V_REAL/RV40", "rv40", MEDIA_OPAQUE},
    {"A_AAC", "aac", MEDIA_OPAQUE},
    {"A_AC3", "ac3", MEDIA_OPAQUE},
    {"A_EAC3", "eac3", MEDIA_OPAQUE},
    {"A_AC4", "ac4", MEDIA_OPAQUE},
    {"A_DTS", "dts", MEDIA_OPAQUE},
    {"A_TRUEHD", "truehd", MEDIA_OPAQUE},
    {"A_MLP", "mlp", MEDIA_OPAQUE},
    {"A_FLAC", "flac", MEDIA_OPAQUE},
    {"A_ALAC", "alac", MEDIA_OPAQUE},
    {"A_OPUS", "opus", MEDIA_OPAQUE},
    {"A_VORBIS", "vorbis", MEDIA_OPAQUE},
    {"A_MPEG/L1", "mp1", MEDIA_OPAQUE},
    {"A_MPEG/L2", "mp2", MEDIA_OPAQUE},
    {"A_MPEG/L3", "mp3", MEDIA_OPAQUE},
    {"A_TTA1", "tta", MEDIA_OPAQUE},
    {"A_WAVPACK4", "wavpack", MEDIA_OPAQUE},
    {"A_ATRAC/AT1", "atrac1", MEDIA_OPAQUE},
    {"A_QUICKTIME/QDM2", "qdm2", MEDIA_OPAQUE},
    {"A_QUICKTIME/QDMC", "qdmc", MEDIA_OPAQUE},
    {"A_REAL/14_4", "ra_144", MEDIA_OPAQUE},
    {"A_REAL/28_8", "ra_288", MEDIA_OPAQUE},
    {"A_REAL/COOK", "cook", MEDIA_OPAQUE},
    {"A_REAL/SIPR", "sipr", MEDIA_OPAQUE},
    {"A_REAL/ATRC", "atrac3", MEDIA_OPAQUE},
    {"S_TEXT/UTF8", "subrip", MEDIA_OPAQUE},
    {"S_TEXT/ASCII", "subrip", MEDIA_OPAQUE},
    {"S_TEXT/ASS", "ass", MEDIA_OPAQUE},
    {"S_TEXT/SSA", "ass", MEDIA_OPAQUE},
    {"S_ASS", "ass", MEDIA_OPAQUE},
    {"S_SSA", "ass", MEDIA_OPAQUE},
    {"S_TEXT/WEBVTT", "webvtt", MEDIA_OPAQUE},
    {"D_WEBVTT/", "webvtt", MEDIA_OPAQUE},
    {"S_VOBSUB", "dvd_subtitle", MEDIA_OPAQUE},
    {"S_DVBSUB", "dvb_subtitle", MEDIA_OPAQUE},
    {"S_HDMV/PGS", "hdmv_pgs_subtitle", MEDIA_OPAQUE},
    {"S_HDMV/TEXTST", "hdmv_text_subtitle", MEDIA_OPAQUE},
    {"S_ARIBSUB", "arib_caption", MEDIA_OPAQUE},
};

/* The four letters of a QuickTime sample description (QTFF, 3). */
static const struct {
    const char *type;
    const char *codec;
} quicktime[] = {
    {"avc1", "h264"},    {"hvc1", "hevc"},   {"hev1", "hevc"},
    {"mp4v", "mpeg4"},   {"SVQ1", "svq1"},   {"SVQ3", "svq3"},
    {"cvid", "cinepak"}, {"rle ", "qtrle"},  {"jpeg", "mjpeg"},
    {"mjpa", "mjpeg"},   {"mjpb", "mjpegb"}, {"rpza", "rpza"},
    {"smc ", "smc"},     {"8BPS", "8bps"},   {"apch", "prores"},
    {"apcn", "prores"},  {"apcs", "prores"}, {"apco", "prores"},
    {"ap4h", "prores"},  {"ap4x", "prores"}, {"AVdn", "dnxhd"},
    {"AVdh", "dnxhd"},   {"h263", "h263"},   {"dvc ", "dvvideo"},
    {"dvcp", "dvvideo"}, {"icod", "aic"},    {"png ", "png"},
};

static void set_codec(struct media_track *track, const char *codec)
{
    (void)snprintf(track->codec, sizeof(track->codec), "%s", codec);
}

/*
 * How long a NAL's length is: said by avcC (ISO/IEC 14496-15, 5.3.3), hvcC
 * (8.3.3) and vvcC (11.2.4). 0 where the record is none of them.
 */
static uint8_t nal_length_size(const char *codec, struct slice config)
{
    if (strcmp(codec, "h264") == 0)
        return config.size >= 7 && config.data[0] == 1
                   ? (uint8_t)((config.data[4] & 3) + 1)
                   : 0;
    if (strcmp(codec, "hevc") == 0)
        return config.size >= 23 && config.data[0] <= 1
                   ? (uint8_t)((config.data[21] & 3) + 1)
                   : 0;
    return config.size >= 1 && config.data[0] >= 0xf8
               ? (uint8_t)((config.data[0] >> 1 & 3) + 1)
               : 0;
}

/* Without the record that says how long lengths are, frames are opaque. */
static void set_framing(struct media_track *track, enum media_framing framing)
{
    track->framing = framing;
    if (framing != MEDIA_NAL_LENGTH)
        return;
    track->nal_length_size =
        nal_length_size(track->codec, buf_slice(&track->config));
    if (track->nal_length_size == 0)
        track->framing = MEDIA_OPAQUE;
}

static dits_error *apply_vfw(struct media_track *track)
{
    CLEANUP(buf_release) struct buf private = MOVE(track->config);
    struct bitmap_info info = {0};
    char tag[sizeof(track->tag)] = "";
    if (!bitmap_info_parse(buf_slice(&private), &info))
        return NULL;
    (void)snprintf(tag, sizeof(tag), "%s", track->tag);
    TRY(bitmap_info_apply(&info, track));
    (void)snprintf(track->tag, sizeof(track->tag), "%s", tag);
    return facts_add_word(&track->facts, "fourcc", info.fourcc);
}

static dits_error *apply_acm(struct media_track *track)
{
    CLEANUP(buf_release) struct buf private = MOVE(track->config);
    struct wave_format format = {0};
    uint32_t rate = track->sample_rate;
    uint32_t channels = track->channels;
    if (!wave_format_parse(buf_slice(&private), &format))
        return NULL;
    TRY(wave_format_apply(&format, track));
    track->sample_rate = rate > 0 ? rate : track->sample_rate;
    track->channels = channels > 0 ? channels : track->channels;
    return NULL;
}

/* A sample description, with its size or, from old writers, without. */
static void apply_quicktime(struct media_track *track)
{
    struct slice config = buf_slice(&track->config);
    for (size_t at = 0; at <= 4 && config.size >= at + 4; at += 4)
        for (size_t i = 0; i < sizeof(quicktime) / sizeof(quicktime[0]); i++)
            if (memcmp(config.data + at, quicktime[i].type, 4) == 0)
                set_codec(track, quicktime[i].codec);
    if (strcmp(track->codec, "prores") == 0)
        track->framing = MEDIA_PRORES;
}

static void apply_pcm(struct media_track *track, const char *id, unsigned bits)
{
    bool is_float = text_starts_with(id, "A_PCM/FLOAT");
    bool is_big = text_starts_with(id, "A_PCM/INT/BIG");
    if (bits == 0 || bits > 64 || bits % 8 != 0)
        return;
    track->framing = MEDIA_PCM;
    track->sample_bytes = (uint8_t)(bits / 8);
    track->big_endian = is_big && bits > 8;
    if (bits == 8)
        set_codec(track, "pcm_u8");
    else
        (void)snprintf(track->codec, sizeof(track->codec), "pcm_%c%u%s",
                       is_float ? 'f' : 's', bits, is_big ? "be" : "le");
}

static void apply_id(struct media_track *track, const char *id)
{
    for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
        if (!text_starts_with(id, ids[i].id))
            continue;
        set_codec(track, ids[i].codec);
        set_framing(track, ids[i].framing);
        return;
    }
}

/* Sound and text are: but for lossless Dolby, which has major frames. */
static bool is_intra(const struct media_track *track)
{
    if (track->kind == MEDIA_VIDEO)
        return video_codec_is_intra(track->codec);
    return strcmp(track->codec, "truehd") != 0 &&
           strcmp(track->codec, "mlp") != 0;
}

dits_error *codec_ids_apply(struct media_track *track, const char *id,
                            unsigned bits)
{
    if (strcmp(id, "V_MS/VFW/FOURCC") == 0)
        TRY(apply_vfw(track));
    else if (strcmp(id, "A_MS/ACM") == 0)
        TRY(apply_acm(track));
    else if (text_starts_with(id, "V_QUICKTIME"))
        apply_quicktime(track);
    else if (text_starts_with(id, "A_PCM/"))
        apply_pcm(track, id, bits);
    else
        apply_id(track, id);
    track->intra_only = is_intra(track);
    return NULL;
}
