#include "media/riff/video_codec.h"

#include <stdio.h>
#include <string.h>

#include "base/le.h"
#include "base/text.h"

struct fourcc {
    const char *fourcc; /* in upper case */
    const char *codec;
};

/* As registered with Microsoft, and as the writers of the codecs use them. */
static const struct fourcc fourccs[] = {
    {"H264", "h264"},       {"X264", "h264"},       {"AVC1", "h264"},
    {"DAVC", "h264"},       {"VSSH", "h264"},       {"H265", "hevc"},
    {"HEVC", "hevc"},       {"HVC1", "hevc"},       {"HEV1", "hevc"},
    {"VVC1", "vvc"},        {"AV01", "av1"},        {"VP80", "vp8"},
    {"VP90", "vp9"},        {"VP60", "vp6"},        {"VP61", "vp6"},
    {"VP62", "vp6"},        {"VP6F", "vp6f"},       {"FMP4", "mpeg4"},
    {"XVID", "mpeg4"},      {"DIVX", "mpeg4"},      {"DX50", "mpeg4"},
    {"MP4V", "mpeg4"},      {"MP4S", "mpeg4"},      {"3IV2", "mpeg4"},
    {"M4S2", "mpeg4"},      {"RMP4", "mpeg4"},      {"SEDG", "mpeg4"},
    {"DIV3", "msmpeg4v3"},  {"MP43", "msmpeg4v3"},  {"DIV4", "msmpeg4v3"},
    {"DIV5", "msmpeg4v3"},  {"COL1", "msmpeg4v3"},  {"MP42", "msmpeg4v2"},
    {"DIV2", "msmpeg4v2"},  {"MPG4", "msmpeg4v1"},  {"MP41", "msmpeg4v1"},
    {"WMV1", "wmv1"},       {"WMV2", "wmv2"},       {"WMV3", "wmv3"},
    {"WVC1", "vc1"},        {"WMVA", "vc1"},        {"H263", "h263"},
    {"I263", "h263i"},      {"U263", "h263"},       {"H261", "h261"},
    {"FLV1", "flv1"},       {"MPG1", "mpeg1video"}, {"MPEG", "mpeg1video"},
    {"PIM1", "mpeg1video"}, {"MPG2", "mpeg2video"}, {"MPG3", "msmpeg4v3"},
    {"EM2V", "mpeg2video"}, {"M701", "mpeg2video"}, {"MJPG", "mjpeg"},
    {"JPEG", "mjpeg"},      {"AVRN", "mjpeg"},      {"DMB1", "mjpeg"},
    {"IJPG", "mjpeg"},      {"AVDJ", "mjpeg"},      {"MJPA", "mjpeg"},
    {"LJPG", "ljpeg"},      {"MJ2C", "jpeg2000"},   {"MJP2", "jpeg2000"},
    {"DVSD", "dvvideo"},    {"DVHD", "dvvideo"},    {"DVH1", "dvvideo"},
    {"DVSL", "dvvideo"},    {"DV25", "dvvideo"},    {"DV50", "dvvideo"},
    {"DVCP", "dvvideo"},    {"CDVC", "dvvideo"},    {"DVIS", "dvvideo"},
    {"HFYU", "huffyuv"},    {"FFVH", "ffvhuff"},    {"FFV1", "ffv1"},
    {"LAGS", "lagarith"},   {"ULRA", "utvideo"},    {"ULRG", "utvideo"},
    {"ULY0", "utvideo"},    {"ULY2", "utvideo"},    {"ULY4", "utvideo"},
    {"ULH0", "utvideo"},    {"ULH2", "utvideo"},    {"UQY2", "utvideo"},
    {"MAGY", "magicyuv"},   {"M8RG", "magicyuv"},   {"M8Y2", "magicyuv"},
    {"CFHD", "cfhd"},       {"AVDN", "dnxhd"},      {"APCH", "prores"},
    {"APCN", "prores"},     {"APCS", "prores"},     {"APCO", "prores"},
    {"AP4H", "prores"},     {"AP4X", "prores"},     {"CVID", "cinepak"},
    {"IV31", "indeo3"},     {"IV32", "indeo3"},     {"IV41", "indeo4"},
    {"IV50", "indeo5"},     {"CRAM", "msvideo1"},   {"MSVC", "msvideo1"},
    {"WHAM", "msvideo1"},   {"MRLE", "msrle"},      {"TSCC", "tscc"},
    {"TSC2", "tscc2"},      {"ZLIB", "zlib"},       {"MSZH", "mszh"},
    {"CSCD", "cscd"},       {"FPS1", "fraps"},      {"SNOW", "snow"},
    {"DRAC", "dirac"},      {"THEO", "theora"},     {"HAP1", "hap"},
    {"HAP5", "hap"},        {"HAPY", "hap"},        {"V210", "v210"},
    {"V308", "v308"},       {"V408", "v408"},       {"V410", "v410"},
    {"R210", "r210"},       {"R10K", "r10k"},       {"PNG ", "png"},
    {"MPNG", "png"},        {"UYVY", "rawvideo"},   {"YUY2", "rawvideo"},
    {"YUYV", "rawvideo"},   {"YVYU", "rawvideo"},   {"HDYC", "rawvideo"},
    {"2VUY", "rawvideo"},   {"I420", "rawvideo"},   {"IYUV", "rawvideo"},
    {"YV12", "rawvideo"},   {"YV16", "rawvideo"},   {"NV12", "rawvideo"},
    {"NV21", "rawvideo"},   {"Y800", "rawvideo"},   {"Y8  ", "rawvideo"},
    {"GREY", "rawvideo"},   {"DIB ", "rawvideo"},   {"RGB ", "rawvideo"},
    {"YUV9", "rawvideo"},   {"YVU9", "rawvideo"},   {"P010", "rawvideo"},
};

static const char *const intra_codecs[] = {
    "prores",   "dnxhd",   "mjpeg",   "ljpeg",    "jpeg2000",
    "dvvideo",  "huffyuv", "ffvhuff", "lagarith", "utvideo",
    "magicyuv", "cfhd",    "hap",     "v210",     "v308",
    "v408",     "v410",    "r210",    "r10k",     "png",
    "rawvideo", "hqx",     "hq_hqa",  "tiff",     "speedhq",
};

bool video_codec_is_intra(const char *codec)
{
    for (size_t i = 0; i < sizeof(intra_codecs) / sizeof(intra_codecs[0]); i++)
        if (strcmp(intra_codecs[i], codec) == 0)
            return true;
    return false;
}

static const char *codec_of(const uint8_t fourcc[4])
{
    char upper[5] = "";
    uint32_t compression = le32_load(fourcc);
    if (compression == 0 || compression == 3) /* BI_RGB, BI_BITFIELDS */
        return "rawvideo";
    if (compression == 1 || compression == 2) /* BI_RLE8, BI_RLE4 */
        return "msrle";
    for (size_t i = 0; i < 4; i++)
        upper[i] =
            (char)(text_is_letter(fourcc[i]) ? fourcc[i] & ~0x20 : fourcc[i]);
    for (size_t i = 0; i < sizeof(fourccs) / sizeof(fourccs[0]); i++)
        if (memcmp(fourccs[i].fourcc, upper, 4) == 0)
            return fourccs[i].codec;
    return "";
}

/* A negative height says that lines go down (wingdi.h). */
static uint32_t height_of(uint32_t height)
{
    return height > INT32_MAX ? 0 - height : height;
}

bool bitmap_info_parse(struct slice bytes, struct bitmap_info *out)
{
    *out = (struct bitmap_info){.codec = ""};
    if (bytes.size < BITMAP_INFO_BYTES)
        return false;
    const uint8_t *fourcc = bytes.data + 16;
    out->width = le32_load(bytes.data + 4);
    out->height = height_of(le32_load(bytes.data + 8));
    out->bits = le16_load(bytes.data + 14);
    for (size_t i = 0; i < 4; i++)
        out->fourcc[i] =
            (char)(fourcc[i] >= ' ' && fourcc[i] < 0x7f ? fourcc[i] : '.');
    out->codec = codec_of(fourcc);
    out->extra = slice_of(bytes.data + BITMAP_INFO_BYTES,
                          bytes.size - BITMAP_INFO_BYTES);
    return true;
}

/* Records of AVC and HEVC say how long lengths are: ISO/IEC 14496-15. */
static uint8_t length_size_of(const char *codec, struct slice extra)
{
    size_t at = strcmp(codec, "h264") == 0 ? 4 : 21;
    bool is_record = extra.size > at && extra.data[0] == 1;
    return is_record ? (uint8_t)((extra.data[at] & 3) + 1) : 0;
}

static void set_framing(struct media_track *track, struct slice extra)
{
    const char *codec = track->codec;
    track->framing = MEDIA_OPAQUE;
    if (strcmp(codec, "prores") == 0)
        track->framing = MEDIA_PRORES;
    if (strcmp(codec, "h264") != 0 && strcmp(codec, "hevc") != 0)
        return;
    track->nal_length_size = length_size_of(codec, extra);
    track->framing = track->nal_length_size > 0 ? MEDIA_NAL_LENGTH
                                                : MEDIA_NAL_START_CODE;
}

dits_error *bitmap_info_apply(const struct bitmap_info *info,
                              struct media_track *track)
{
    track->kind = MEDIA_VIDEO;
    if (track->width == 0 || track->height == 0) {
        track->width = info->width;
        track->height = info->height;
    }
    (void)snprintf(track->codec, sizeof(track->codec), "%s", info->codec);
    (void)snprintf(track->tag, sizeof(track->tag), "%s", info->fourcc);
    set_framing(track, info->extra);
    track->intra_only = video_codec_is_intra(info->codec);
    buf_clear(&track->config);
    if (info->extra.size > 0)
        TRY(buf_put(&track->config, info->extra.data, info->extra.size));
    if (info->bits > 0)
        TRY(facts_add_integer(&track->facts, "bits_per_pixel", info->bits));
    return NULL;
}
