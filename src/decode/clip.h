/*
 * decode/clip.h - one stream of a file, ready to be decoded
 */
#ifndef DECODE_CLIP_H
#define DECODE_CLIP_H

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>

#include "decode/input.h"
#include "picture/message.h"

struct clip {
    struct input input;
    AVFormatContext *format;
    AVStream *stream; /* of `format` */
    AVCodecContext *codec;
    AVPacket *packet;
    int64_t hurry_until; /* before it, pictures that no other needs are left
                            out; AV_NOPTS_VALUE: none are */
};

/*
 * Open the file and the `number`th stream of video or of sound, or
 * REQUEST_BEST. Errors: UNSUPPORTED, NOT_FOUND, CORRUPT, NOMEM.
 */
MUST_USE dits_error *clip_open(struct clip *clip, uint64_t size,
                               enum AVMediaType kind, uint32_t number);
void clip_release(struct clip *clip);

/*
 * The next frame of the stream, in the order of presentation; `*out_found`
 * false at its end. What is damaged is left out. Errors: NOMEM.
 */
MUST_USE dits_error *clip_next(struct clip *clip, AVFrame *out,
                               bool *out_found);

/*
 * Go where the decoder can start, at `time` of the stream or before. What knows
 * no times is gone through from its start.
 */
MUST_USE dits_error *clip_seek(struct clip *clip, int64_t time,
                               bool *out_from_start);

/* What libav says of a failure; `doing` as in "cannot open the file". */
MUST_USE dits_error *clip_error(int status, const char *doing) NEVER_NULL;

#endif
