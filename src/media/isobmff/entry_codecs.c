/*
 * Which codec a type of sample entry means. Types are those that the MP4
 * registration authority lists, and QuickTime's; codecs have ffmpeg's names.
 */
#include <string.h>

#include "base/be.h"
#include "media/isobmff/entry_parts.h"

static const struct entry_codec video[] = {
    {"avc1", 0, MEDIA_NAL_LENGTH, "h264", NULL},
    {"avc2", 0, MEDIA_NAL_LENGTH, "h264", NULL},
    {"avc3", 0, MEDIA_NAL_LENGTH, "h264", NULL},
    {"avc4", 0, MEDIA_NAL_LENGTH, "h264", NULL},
    {"dva1", 0, MEDIA_NAL_LENGTH, "h264", NULL},
    {"dvav", 0, MEDIA_NAL_LENGTH, "h264", NULL},
    {"drmi", CODEC_CRYPT, MEDIA_NAL_LENGTH, "h264", NULL},
    {"xalg", 0, MEDIA_NAL_LENGTH, "h264", NULL},
    {"avlg", 0, MEDIA_NAL_LENGTH, "h264", NULL},
    {"rv64", 0, MEDIA_NAL_LENGTH, "h264", NULL},
    {"ai12", CODEC_INTRA, MEDIA_NAL_START_CODE, "h264", NULL},
    {"ai13", CODEC_INTRA, MEDIA_NAL_START_CODE, "h264", NULL},
    {"ai15", CODEC_INTRA, MEDIA_NAL_START_CODE, "h264", NULL},
    {"ai16", CODEC_INTRA, MEDIA_NAL_START_CODE, "h264", NULL},
    {"ai1p", CODEC_INTRA, MEDIA_NAL_START_CODE, "h264", NULL},
    {"ai1q", CODEC_INTRA, MEDIA_NAL_START_CODE, "h264", NULL},
    {"ai52", CODEC_INTRA, MEDIA_NAL_START_CODE, "h264", NULL},
    {"ai53", CODEC_INTRA, MEDIA_NAL_START_CODE, "h264", NULL},
    {"ai55", CODEC_INTRA, MEDIA_NAL_START_CODE, "h264", NULL},
    {"ai56", CODEC_INTRA, MEDIA_NAL_START_CODE, "h264", NULL},
    {"ai5p", CODEC_INTRA, MEDIA_NAL_START_CODE, "h264", NULL},
    {"ai5q", CODEC_INTRA, MEDIA_NAL_START_CODE, "h264", NULL},
    {"AVin", CODEC_INTRA, MEDIA_NAL_START_CODE, "h264", NULL},
    {"aivx", 0, MEDIA_NAL_START_CODE, "h264", NULL},
    {"hvc1", 0, MEDIA_NAL_LENGTH, "hevc", NULL},
    {"hev1", 0, MEDIA_NAL_LENGTH, "hevc", NULL},
    {"hvc2", 0, MEDIA_NAL_LENGTH, "hevc", NULL},
    {"hev2", 0, MEDIA_NAL_LENGTH, "hevc", NULL},
    {"hvc3", 0, MEDIA_NAL_LENGTH, "hevc", NULL},
    {"hev3", 0, MEDIA_NAL_LENGTH, "hevc", NULL},
    {"lhv1", 0, MEDIA_NAL_LENGTH, "hevc", NULL},
    {"lhe1", 0, MEDIA_NAL_LENGTH, "hevc", NULL},
    {"hvt1", 0, MEDIA_NAL_LENGTH, "hevc", NULL},
    {"dvh1", 0, MEDIA_NAL_LENGTH, "hevc", NULL},
    {"dvhe", 0, MEDIA_NAL_LENGTH, "hevc", NULL},
    {"vvc1", 0, MEDIA_NAL_LENGTH, "vvc", NULL},
    {"vvi1", 0, MEDIA_NAL_LENGTH, "vvc", NULL},
    {"av01", 0, MEDIA_OBU, "av1", NULL},
    {"dav1", 0, MEDIA_OBU, "av1", NULL},
    {"vp08", 0, MEDIA_OPAQUE, "vp8", NULL},
    {"vp09", 0, MEDIA_OPAQUE, "vp9", NULL},
    {"apv1", CODEC_INTRA, MEDIA_OPAQUE, "apv", NULL},
    {"apco", CODEC_INTRA, MEDIA_PRORES, "prores", "Proxy"},
    {"apcs", CODEC_INTRA, MEDIA_PRORES, "prores", "LT"},
    {"apcn", CODEC_INTRA, MEDIA_PRORES, "prores", "Standard"},
    {"apch", CODEC_INTRA, MEDIA_PRORES, "prores", "HQ"},
    {"ap4h", CODEC_INTRA, MEDIA_PRORES, "prores", "4444"},
    {"ap4x", CODEC_INTRA, MEDIA_PRORES, "prores", "4444 XQ"},
    {"aprn", CODEC_INTRA, MEDIA_OPAQUE, "prores_raw", "RAW"},
    {"aprh", CODEC_INTRA, MEDIA_OPAQUE, "prores_raw", "RAW HQ"},
    {"AVdn", CODEC_INTRA, MEDIA_OPAQUE, "dnxhd", NULL},
    {"AVdh", CODEC_INTRA, MEDIA_OPAQUE, "dnxhd", NULL},
    {"CFHD", CODEC_INTRA, MEDIA_OPAQUE, "cfhd", NULL},
    {"icod", CODEC_INTRA, MEDIA_OPAQUE, "aic", NULL},
    {"FFV1", 0, MEDIA_OPAQUE, "ffv1", NULL},
    {"HapY", CODEC_INTRA, MEDIA_OPAQUE, "hap", NULL},
    {"Hap1", CODEC_INTRA, MEDIA_OPAQUE, "hap", NULL},
    {"Hap5", CODEC_INTRA, MEDIA_OPAQUE, "hap", NULL},
    {"HapA", CODEC_INTRA, MEDIA_OPAQUE, "hap", NULL},
    {"HapM", CODEC_INTRA, MEDIA_OPAQUE, "hap", NULL},
    {"jpeg", CODEC_INTRA, MEDIA_OPAQUE, "mjpeg", NULL},
    {"mjpa", CODEC_INTRA, MEDIA_OPAQUE, "mjpeg", NULL},
    {"AVDJ", CODEC_INTRA, MEDIA_OPAQUE, "mjpeg", NULL},
    {"dmb1", CODEC_INTRA, MEDIA_OPAQUE, "mjpeg", NULL},
    {"mjpb", CODEC_INTRA, MEDIA_OPAQUE, "mjpegb", NULL},
    {"mjp2", CODEC_INTRA, MEDIA_OPAQUE, "jpeg2000", NULL},
    {"AVj2", CODEC_INTRA, MEDIA_OPAQUE, "jpeg2000", NULL},
    {"j2ki", CODEC_INTRA, MEDIA_OPAQUE, "jpeg2000", NULL},
    {"png ", CODEC_INTRA, MEDIA_OPAQUE, "png", NULL},
    {"MNG ", CODEC_INTRA, MEDIA_OPAQUE, "png", NULL},
    {"tiff", CODEC_INTRA, MEDIA_OPAQUE, "tiff", NULL},
    {"tga ", CODEC_INTRA, MEDIA_OPAQUE, "targa", NULL},
    {"gif ", 0, MEDIA_OPAQUE, "gif", NULL},
    {"dvc ", CODEC_INTRA, MEDIA_OPAQUE, "dvvideo", NULL},
    {"dvcp", CODEC_INTRA, MEDIA_OPAQUE, "dvvideo", NULL},
    {"dvpp", CODEC_INTRA, MEDIA_OPAQUE, "dvvideo", NULL},
    {"dv5n", CODEC_INTRA, MEDIA_OPAQUE, "dvvideo", NULL},
    {"dv5p", CODEC_INTRA, MEDIA_OPAQUE, "dvvideo", NULL},
    {"dvhp", CODEC_INTRA, MEDIA_OPAQUE, "dvvideo", NULL},
    {"dvhq", CODEC_INTRA, MEDIA_OPAQUE, "dvvideo", NULL},
    {"dvh2", CODEC_INTRA, MEDIA_OPAQUE, "dvvideo", NULL},
    {"dvh3", CODEC_INTRA, MEDIA_OPAQUE, "dvvideo", NULL},
    {"dvh4", CODEC_INTRA, MEDIA_OPAQUE, "dvvideo", NULL},
    {"dvh5", CODEC_INTRA, MEDIA_OPAQUE, "dvvideo", NULL},
    {"dvh6", CODEC_INTRA, MEDIA_OPAQUE, "dvvideo", NULL},
    {"AVdv", CODEC_INTRA, MEDIA_OPAQUE, "dvvideo", NULL},
    {"AVd1", CODEC_INTRA, MEDIA_OPAQUE, "dvvideo", NULL},
    {"mp4v", 0, MEDIA_OPAQUE, "mpeg4", NULL},
    {"DIVX", 0, MEDIA_OPAQUE, "mpeg4", NULL},
    {"XVID", 0, MEDIA_OPAQUE, "mpeg4", NULL},
    {"3IV2", 0, MEDIA_OPAQUE, "mpeg4", NULL},
    {"s263", 0, MEDIA_OPAQUE, "h263", NULL},
    {"h263", 0, MEDIA_OPAQUE, "h263", NULL},
    {"H263", 0, MEDIA_OPAQUE, "h263", NULL},
    {"mp1v", 0, MEDIA_OPAQUE, "mpeg1video", NULL},
    {"m1v ", 0, MEDIA_OPAQUE, "mpeg1video", NULL},
    {"m1v1", 0, MEDIA_OPAQUE, "mpeg1video", NULL},
    {"mpeg", 0, MEDIA_OPAQUE, "mpeg1video", NULL},
    {"mp2v", 0, MEDIA_OPAQUE, "mpeg2video", NULL},
    {"m2v1", 0, MEDIA_OPAQUE, "mpeg2video", NULL},
    {"AVmp", 0, MEDIA_OPAQUE, "mpeg2video", NULL},
    {"vc-1", 0, MEDIA_OPAQUE, "vc1", NULL},
    {"ovc1", 0, MEDIA_OPAQUE, "vc1", NULL},
    {"WVC1", 0, MEDIA_OPAQUE, "vc1", NULL},
    {"drac", 0, MEDIA_OPAQUE, "dirac", NULL},
    {"SVQ1", 0, MEDIA_OPAQUE, "svq1", NULL},
    {"SVQ3", 0, MEDIA_OPAQUE, "svq3", NULL},
    {"cvid", 0, MEDIA_OPAQUE, "cinepak", NULL},
    {"rle ", 0, MEDIA_OPAQUE, "qtrle", NULL},
    {"rpza", 0, MEDIA_OPAQUE, "rpza", NULL},
    {"smc ", 0, MEDIA_OPAQUE, "smc", NULL},
    {"8BPS", CODEC_INTRA, MEDIA_OPAQUE, "8bps", NULL},
    {"WRLE", 0, MEDIA_OPAQUE, "msrle", NULL},
    {"v210", CODEC_INTRA, MEDIA_OPAQUE, "v210", NULL},
    {"v308", CODEC_INTRA, MEDIA_OPAQUE, "v308", NULL},
    {"v408", CODEC_INTRA, MEDIA_OPAQUE, "v408", NULL},
    {"v410", CODEC_INTRA, MEDIA_OPAQUE, "v410", NULL},
    {"r210", CODEC_INTRA, MEDIA_OPAQUE, "r210", NULL},
    {"R10k", CODEC_INTRA, MEDIA_OPAQUE, "r10k", NULL},
    {"2vuy", CODEC_INTRA, MEDIA_OPAQUE, "rawvideo", NULL},
    {"yuv2", CODEC_INTRA, MEDIA_OPAQUE, "rawvideo", NULL},
    {"yuvs", CODEC_INTRA, MEDIA_OPAQUE, "rawvideo", NULL},
    {"raw ", CODEC_INTRA, MEDIA_OPAQUE, "rawvideo", NULL},
    {"v216", CODEC_INTRA, MEDIA_OPAQUE, "rawvideo", NULL},
    {"b48r", CODEC_INTRA, MEDIA_OPAQUE, "rawvideo", NULL},
    {"b64a", CODEC_INTRA, MEDIA_OPAQUE, "rawvideo", NULL},
    {"b16g", CODEC_INTRA, MEDIA_OPAQUE, "rawvideo", NULL},
    {"uncv", CODEC_INTRA, MEDIA_OPAQUE, "rawvideo", NULL},
    {"mp4s", 0, MEDIA_OPAQUE, "dvd_subtitle", NULL},
};

static const struct entry_codec audio[] = {
    {"mp4a", 0, MEDIA_OPAQUE, "aac", NULL},
    {"drms", CODEC_CRYPT, MEDIA_OPAQUE, "aac", NULL},
    {"aavd", CODEC_CRYPT, MEDIA_OPAQUE, "aac", NULL},
    {"ac-3", CODEC_INTRA, MEDIA_OPAQUE, "ac3", NULL},
    {"sac3", CODEC_INTRA, MEDIA_OPAQUE, "ac3", NULL},
    {"ec-3", CODEC_INTRA, MEDIA_OPAQUE, "eac3", NULL},
    {"ac-4", 0, MEDIA_OPAQUE, "ac4", NULL},
    {"mlpa", 0, MEDIA_OPAQUE, "truehd", NULL},
    {"dtsc", CODEC_INTRA, MEDIA_OPAQUE, "dts", "DTS"},
    {"dtsh", CODEC_INTRA, MEDIA_OPAQUE, "dts", NULL},
    {"dtsl", CODEC_INTRA, MEDIA_OPAQUE, "dts", "DTS-HD MA"},
    {"dtse", CODEC_INTRA, MEDIA_OPAQUE, "dts", "DTS Express"},
    {"dtsx", CODEC_INTRA, MEDIA_OPAQUE, "dts", "DTS-UHD"},
    {"Opus", CODEC_INTRA, MEDIA_OPAQUE, "opus", NULL},
    {"fLaC", CODEC_INTRA, MEDIA_OPAQUE, "flac", NULL},
    {"alac", CODEC_INTRA, MEDIA_OPAQUE, "alac", NULL},
    {"iamf", 0, MEDIA_OPAQUE, "iamf", NULL},
    {"mha1", 0, MEDIA_OPAQUE, "mpegh_3d_audio", NULL},
    {"mha2", 0, MEDIA_OPAQUE, "mpegh_3d_audio", NULL},
    {"mhm1", 0, MEDIA_OPAQUE, "mpegh_3d_audio", NULL},
    {"mhm2", 0, MEDIA_OPAQUE, "mpegh_3d_audio", NULL},
    {"samr", CODEC_INTRA, MEDIA_OPAQUE, "amr_nb", NULL},
    {"sawb", CODEC_INTRA, MEDIA_OPAQUE, "amr_wb", NULL},
    {"sevc", CODEC_INTRA, MEDIA_OPAQUE, "evrc", NULL},
    {"sqcp", CODEC_INTRA, MEDIA_OPAQUE, "qcelp", NULL},
    {"Qclp", CODEC_INTRA, MEDIA_OPAQUE, "qcelp", NULL},
    {".mp1", CODEC_INTRA, MEDIA_OPAQUE, "mp1", NULL},
    {".mp2", CODEC_INTRA, MEDIA_OPAQUE, "mp2", NULL},
    {".mp3", CODEC_INTRA, MEDIA_OPAQUE, "mp3", NULL},
    {"mp3 ", CODEC_INTRA, MEDIA_OPAQUE, "mp3", NULL},
    {"ms\0\x55", CODEC_INTRA, MEDIA_OPAQUE, "mp3", NULL},
    {"ms\0\x02", CODEC_INTRA, MEDIA_OPAQUE, "adpcm_ms", NULL},
    {"ms\0\x11", CODEC_INTRA, MEDIA_OPAQUE, "adpcm_ima_wav", NULL},
    {"ima4", CODEC_INTRA, MEDIA_OPAQUE, "adpcm_ima_qt", NULL},
    {"MAC3", CODEC_INTRA, MEDIA_OPAQUE, "mace3", NULL},
    {"MAC6", CODEC_INTRA, MEDIA_OPAQUE, "mace6", NULL},
    {"QDM2", 0, MEDIA_OPAQUE, "qdm2", NULL},
    {"QDMC", 0, MEDIA_OPAQUE, "qdmc", NULL},
    {"agsm", CODEC_INTRA, MEDIA_OPAQUE, "gsm", NULL},
    {"spex", CODEC_INTRA, MEDIA_OPAQUE, "speex", NULL},
    {"wma ", 0, MEDIA_OPAQUE, "wmav2", NULL},
    {"WMA2", 0, MEDIA_OPAQUE, "wmav2", NULL},
    {"a\1\0\0", 0, MEDIA_OPAQUE, "wmav2", NULL},
    {"twos", CODEC_INTRA, MEDIA_PCM, "pcm_s16be", NULL},
    {"sowt", CODEC_INTRA, MEDIA_PCM, "pcm_s16le", NULL},
    {"raw ", CODEC_INTRA, MEDIA_PCM, "pcm_u8", NULL},
    {"NONE", CODEC_INTRA, MEDIA_PCM, "pcm_u8", NULL},
    {"in24", CODEC_INTRA, MEDIA_PCM, "pcm_s24be", NULL},
    {"in32", CODEC_INTRA, MEDIA_PCM, "pcm_s32be", NULL},
    {"42ni", CODEC_INTRA, MEDIA_PCM, "pcm_s24le", NULL},
    {"23ni", CODEC_INTRA, MEDIA_PCM, "pcm_s32le", NULL},
    {"fl32", CODEC_INTRA, MEDIA_PCM, "pcm_f32be", NULL},
    {"fl64", CODEC_INTRA, MEDIA_PCM, "pcm_f64be", NULL},
    {"23lf", CODEC_INTRA, MEDIA_PCM, "pcm_f32le", NULL},
    {"46lf", CODEC_INTRA, MEDIA_PCM, "pcm_f64le", NULL},
    {"lpcm", CODEC_INTRA, MEDIA_PCM, "pcm_s16be", NULL},
    {"ipcm", CODEC_INTRA, MEDIA_PCM, "pcm_s16be", NULL},
    {"fpcm", CODEC_INTRA, MEDIA_PCM, "pcm_f32be", NULL},
    {"ulaw", CODEC_INTRA, MEDIA_PCM, "pcm_mulaw", NULL},
    {"alaw", CODEC_INTRA, MEDIA_PCM, "pcm_alaw", NULL},
};

static const struct entry_codec other[] = {
    {"tx3g", CODEC_INTRA, MEDIA_OPAQUE, "mov_text", NULL},
    {"text", CODEC_INTRA, MEDIA_OPAQUE, "mov_text", NULL},
    {"wvtt", CODEC_INTRA, MEDIA_OPAQUE, "webvtt", NULL},
    {"stpp", CODEC_INTRA, MEDIA_OPAQUE, "ttml", NULL},
    {"dfxp", CODEC_INTRA, MEDIA_OPAQUE, "ttml", NULL},
    {"c608", CODEC_INTRA, MEDIA_OPAQUE, "eia_608", NULL},
    {"c708", CODEC_INTRA, MEDIA_OPAQUE, "eia_708", NULL},
    {"mp4s", CODEC_INTRA, MEDIA_OPAQUE, "dvd_subtitle", NULL},
    {"tmcd", CODEC_INTRA, MEDIA_OPAQUE, "timecode", NULL},
    {"gpmd", CODEC_INTRA, MEDIA_OPAQUE, "gpmd", NULL},
    {"camm", CODEC_INTRA, MEDIA_OPAQUE, "camm", NULL},
    {"mebx", CODEC_INTRA, MEDIA_OPAQUE, "mebx", NULL},
    {"rtmd", CODEC_INTRA, MEDIA_OPAQUE, "rtmd", NULL},
    {"djmd", CODEC_INTRA, MEDIA_OPAQUE, "djmd", NULL},
    {"dbgi", CODEC_INTRA, MEDIA_OPAQUE, "dbgi", NULL},
    {"fdsc", CODEC_INTRA, MEDIA_OPAQUE, "fdsc", NULL},
    {"mett", 0, MEDIA_OPAQUE, "mett", NULL},
    {"metx", 0, MEDIA_OPAQUE, "metx", NULL},
    {"urim", 0, MEDIA_OPAQUE, "urim", NULL},
    {"it35", CODEC_INTRA, MEDIA_OPAQUE, "it35", NULL},
};

static const struct entry_codec *find(const struct entry_codec *rows,
                                      size_t count, uint32_t type)
{
    for (size_t i = 0; i < count; i++)
        if (be32_load((const uint8_t *)rows[i].tag) == type)
            return &rows[i];
    return NULL;
}

/* Sony and Apple number the flavours of MPEG-2: "xdv1", "hdva", "mx5p", … */
static bool is_numbered_mpeg2(uint32_t type)
{
    static const char families[][4] = {"hdv", "xdv", "xd5", "xd4",
                                       "xdh", "mx5", "mx4", "mx3"};
    for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++)
        if (be24_load((const uint8_t *)families[i]) == type >> 8)
            return true;
    return false;
}

const struct entry_codec *entry_video_codec(uint32_t type)
{
    static const struct entry_codec mpeg2 = {"", 0, MEDIA_OPAQUE, "mpeg2video",
                                             NULL};
    const struct entry_codec *row =
        find(video, sizeof(video) / sizeof(video[0]), type);
    return row == NULL && is_numbered_mpeg2(type) ? &mpeg2 : row;
}

const struct entry_codec *entry_audio_codec(uint32_t type)
{
    return find(audio, sizeof(audio) / sizeof(audio[0]), type);
}

const struct entry_codec *entry_other_codec(uint32_t type)
{
    return find(other, sizeof(other) / sizeof(other[0]), type);
}
