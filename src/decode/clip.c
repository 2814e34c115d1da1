#include "decode/clip.h"

#include <libavutil/avstring.h>

/* Frames of more pixels are not decoded: 16,384 by 8,192. */
enum { FRAME_PIXELS_MAX = 128 << 20 };

/* Containers that Dits knows; none that would point to other files. */
#define FORMATS                                                            \
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,mpegts,mxf,avi,wav,w64,aiff,"   \
    "dpx_pipe,exr_pipe,tiff_pipe,h264,hevc,obu,av1,ivf,mpegvideo,m4v,aac," \
    "ac3,eac3,mp3"

/* Codecs by libav's own decoders, and AV1, for which it has none. */
#define CODECS                                                               \
    "libdav1d,h264,hevc,vp8,vp9,mpeg1video,mpeg2video,mpeg4,h263,vc1,wmv3,"  \
    "msmpeg4v2,msmpeg4,theora,prores,dnxhd,cfhd,jpeg2000,mjpeg,dvvideo,"     \
    "v210,v410,v308,v408,r210,r10k,rawvideo,png,qtrle,svq1,svq3,cinepak,"    \
    "rpza,ffv1,huffyuv,ffvhuff,utvideo,magicyuv,hap,dpx,exr,tiff,hqx,"       \
    "hq_hqa,dirac,speedhq,aic,"                                              \
    "aac,aac_latm,ac3,eac3,truehd,mlp,dca,flac,alac,mp1float,mp2float,"      \
    "mp3float,mp1,mp2,mp3,opus,vorbis,wavpack,qdm2,s302m,"                   \
    "pcm_s8,pcm_u8,pcm_s16le,pcm_s16be,pcm_u16le,pcm_u16be,pcm_s24le,"       \
    "pcm_s24be,pcm_s32le,pcm_s32be,pcm_s64le,pcm_f32le,pcm_f32be,pcm_f64le," \
    "pcm_f64be,pcm_alaw,pcm_mulaw,pcm_bluray,pcm_dvd,pcm_s16le_planar,"      \
    "pcm_s24le_planar,pcm_s32le_planar,adpcm_ima_wav,adpcm_ima_qt,adpcm_ms"

dits_error *clip_error(int status, const char *doing)
{
    char reason[AV_ERROR_MAX_STRING_SIZE] = {0};
    if (status == AVERROR(ENOMEM))
        return error_nomem();
    (void)av_strerror(status, reason, sizeof(reason));
    enum dits_code code = DITS_E_CORRUPT;
    if (status == AVERROR_DECODER_NOT_FOUND || status == AVERROR(ENOSYS) ||
        status == AVERROR_PATCHWELCOME)
        code = DITS_E_UNSUPPORTED;
    return error_new(code, "%s: %s", doing, reason);
}

/* A file that wants another one to be opened does not get it. */
static int refuse_to_open(AVFormatContext *format, AVIOContext **out,
                          const char *url, int flags, AVDictionary **options)
{
    (void)format;
    (void)out;
    (void)url;
    (void)flags;
    (void)options;
    return AVERROR(EACCES);
}

static dits_error *make_format(struct clip *clip)
{
    clip->format = avformat_alloc_context();
    clip->packet = av_packet_alloc();
    if (clip->format == NULL || clip->packet == NULL)
        return error_nomem();
    AVFormatContext *format = clip->format;
    format->pb = clip->input.io;
    format->io_open = refuse_to_open;
    format->flags |= AVFMT_FLAG_CUSTOM_IO;
    format->format_whitelist = av_strdup(FORMATS);
    format->codec_whitelist = av_strdup(CODECS);
    format->protocol_whitelist = av_strdup("none");
    if (format->format_whitelist == NULL || format->codec_whitelist == NULL ||
        format->protocol_whitelist == NULL)
        return error_nomem();
    return NULL;
}

static dits_error *open_format(struct clip *clip)
{
    TRY(make_format(clip));
    int status = avformat_open_input(&clip->format, "", NULL, NULL);
    if (status == AVERROR_INVALIDDATA || status == AVERROR(EINVAL))
        return error_new(DITS_E_UNSUPPORTED,
                         "the decoder cannot read this container, or it is "
                         "damaged");
    if (status < 0)
        return clip_error(status, "cannot open the container");
    status = avformat_find_stream_info(clip->format, NULL);
    return status < 0 ? clip_error(status, "cannot find the streams") : NULL;
}

/* Pictures that were put in beside the tracks are no stream of the file. */
static AVStream *numbered(AVFormatContext *format, enum AVMediaType kind,
                          uint32_t number)
{
    for (unsigned i = 0; i < format->nb_streams; i++) {
        AVStream *stream = format->streams[i];
        bool counts = stream->codecpar->codec_type == kind &&
                      !(stream->disposition & AV_DISPOSITION_ATTACHED_PIC);
        if (counts && number-- == 0)
            return stream;
    }
    return NULL;
}

static dits_error *choose_stream(struct clip *clip, enum AVMediaType kind,
                                 uint32_t number)
{
    AVFormatContext *format = clip->format;
    if (number != REQUEST_BEST) {
        clip->stream = numbered(format, kind, number);
    } else {
        int best = av_find_best_stream(format, kind, -1, -1, NULL, 0);
        clip->stream = best >= 0 ? format->streams[best] : NULL;
    }
    if (clip->stream == NULL)
        return error_new(DITS_E_NOT_FOUND, "the decoder finds no %s in it",
                         kind == AVMEDIA_TYPE_VIDEO ? "pictures" : "sound");
    for (unsigned i = 0; i < format->nb_streams; i++)
        if (format->streams[i] != clip->stream)
            format->streams[i]->discard = AVDISCARD_ALL;
    return NULL;
}

/* One thread: the sandbox allows no more. */
static dits_error *open_codec(struct clip *clip)
{
    const AVCodecParameters *parameters = clip->stream->codecpar;
    const AVCodec *decoder = avcodec_find_decoder(parameters->codec_id);
    if (decoder == NULL || av_match_list(decoder->name, CODECS, ',') == 0)
        return error_new(DITS_E_UNSUPPORTED, "there is no decoder of %s",
                         parameters->codec_id != AV_CODEC_ID_NONE
                             ? avcodec_get_name(parameters->codec_id)
                             : "its codec");
    clip->codec = avcodec_alloc_context3(decoder);
    if (clip->codec == NULL)
        return error_nomem();
    int status = avcodec_parameters_to_context(clip->codec, parameters);
    if (status < 0)
        return clip_error(status, "cannot set up the decoder");
    clip->codec->thread_count = 1;
    clip->codec->max_pixels = FRAME_PIXELS_MAX;
    clip->codec->pkt_timebase = clip->stream->time_base;
    status = avcodec_open2(clip->codec, decoder, NULL);
    return status < 0 ? clip_error(status, "cannot open the decoder") : NULL;
}

dits_error *clip_open(struct clip *clip, uint64_t size, enum AVMediaType kind,
                      uint32_t number)
{
    clip->hurry_until = AV_NOPTS_VALUE;
    TRY(input_init(&clip->input, size));
    TRY(open_format(clip));
    TRY(choose_stream(clip, kind, number));
    return open_codec(clip);
}

void clip_release(struct clip *clip)
{
    avcodec_free_context(&clip->codec);
    av_packet_free(&clip->packet);
    avformat_close_input(&clip->format);
    input_release(&clip->input);
}

static void choose_effort(const struct clip *clip, const AVPacket *packet)
{
    bool is_early = clip->hurry_until != AV_NOPTS_VALUE &&
                    packet->pts != AV_NOPTS_VALUE &&
                    packet->pts < clip->hurry_until;
    clip->codec->skip_frame = is_early ? AVDISCARD_NONREF : AVDISCARD_DEFAULT;
}

/* Give the decoder its next packet; NULL, once, at the end of the file. */
static dits_error *feed(struct clip *clip)
{
    AVPacket *packet = clip->packet;
    int status = av_read_frame(clip->format, packet);
    if (status == AVERROR(ENOMEM))
        return error_nomem();
    if (status < 0) { /* the end, or damage that nothing follows */
        (void)avcodec_send_packet(clip->codec, NULL);
        return NULL;
    }
    if (packet->stream_index == clip->stream->index) {
        choose_effort(clip, packet);
        status = avcodec_send_packet(clip->codec, packet);
    }
    av_packet_unref(packet);
    return status == AVERROR(ENOMEM) ? error_nomem() : NULL;
}

dits_error *clip_next(struct clip *clip, AVFrame *out, bool *out_found)
{
    for (;;) {
        int status = avcodec_receive_frame(clip->codec, out);
        *out_found = status >= 0;
        if (status >= 0 || status == AVERROR_EOF)
            return NULL;
        if (status == AVERROR(ENOMEM))
            return error_nomem();
        if (status == AVERROR(EAGAIN))
            TRY(feed(clip));
    }
}

dits_error *clip_seek(struct clip *clip, int64_t time, bool *out_from_start)
{
    int status = av_seek_frame(clip->format, clip->stream->index, time,
                               AVSEEK_FLAG_BACKWARD);
    *out_from_start = status < 0;
    if (status < 0 && status != AVERROR(ENOMEM))
        status = av_seek_frame(clip->format, -1, 0, AVSEEK_FLAG_BYTE);
    if (status == AVERROR(ENOMEM))
        return error_nomem();
    avcodec_flush_buffers(clip->codec);
    return NULL;
}
