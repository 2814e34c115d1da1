/*
 * dits-decode - decodes pictures and sound of one file, locked in
 *
 * Started by the library, which is at the other end of its standard input; it
 * is of no use by hand. See docs/design/0020.
 */
#include <libavutil/log.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "decode/frames.h"
#include "decode/link.h"
#include "decode/render.h"
#include "decode/sandbox.h"
#include "decode/sound.h"

static void frame_free(AVFrame **frame)
{
    av_frame_free(frame);
}

/* A picture, or that there is none. */
static dits_error *send_picture(struct render_box size,
                                struct message_time time, struct slice pixels)
{
    CLEANUP(buf_release) struct buf message = {0};
    const struct message_picture head = {size.width, size.height, time};
    TRY(message_picture_put(&message, &head));
    TRY(link_send(&message));
    return link_send_bytes(MESSAGE_PIXELS, pixels);
}

static dits_error *answer_time(struct clip *clip,
                               const struct message_request *request,
                               struct message_time time)
{
    CLEANUP(buf_release) struct buf pixels = {0};
    CLEANUP(frame_free) AVFrame *frame = av_frame_alloc();
    const struct render_box box = {request->width, request->height};
    struct render_box size = {0};
    bool found = false;
    if (frame == NULL)
        return error_nomem();
    TRY(frames_find(clip, time, frame, &time, &found));
    if (found)
        TRY(render_frame(clip, frame, box, &pixels, &size));
    return send_picture(size, time, buf_slice(&pixels));
}

static dits_error *answer_sound(struct clip *clip,
                                const struct message_request *request)
{
    CLEANUP(buf_release) struct buf levels = {0};
    CLEANUP(buf_release) struct buf message = {0};
    struct message_sound shape = {0};
    TRY(sound_measure(clip, request->level_count, &shape, &levels));
    TRY(message_sound_put(&message, &shape));
    TRY(link_send(&message));
    return link_send_bytes(MESSAGE_LEVELS, buf_slice(&levels));
}

static dits_error *answer(const struct message_request *request)
{
    CLEANUP(clip_release) struct clip clip = {0};
    bool wants_sound = request->time_count == 0;
    TRY(clip_open(&clip, request->source_size,
                  wants_sound ? AVMEDIA_TYPE_AUDIO : AVMEDIA_TYPE_VIDEO,
                  request->stream));
    if (wants_sound)
        return answer_sound(&clip, request);
    for (uint32_t i = 0; i < request->time_count; i++)
        TRY(answer_time(&clip, request, request->times[i]));
    return NULL;
}

/* Nothing of the file was read before the doors are closed. */
static dits_error *work(struct message_request *request)
{
    TRY(link_receive_request(request));
    const struct sandbox_limits limits = {request->memory_bytes,
                                          request->cpu_seconds};
    TRY(sandbox_enter(&limits));
    return answer(request);
}

/* Too little memory is what was allowed, not what the machine has. */
static dits_error *finish(const dits_error *err)
{
    CLEANUP(buf_release) struct buf message = {0};
    if (err == NULL) {
        TRY(message_head_put(&message, MESSAGE_DONE, 0));
    } else if (dits_error_has(err, DITS_E_NOMEM)) {
        TRY(message_failure_put(&message, DITS_E_LIMIT,
                                "decoding needs more memory than it may use"));
    } else {
        TRY(message_failure_put(&message, dits_error_code(err),
                                dits_error_message(err)));
    }
    return link_send(&message);
}

/* What libraries would otherwise look up in files once they are locked in. */
static void settle(void)
{
    av_log_set_level(AV_LOG_QUIET);
    (void)setenv("TZ", "UTC0", 1);
    tzset();
}

/* The libraries' own endings are left out: they are not made for a sandbox. */
int main(void)
{
    struct message_request request = {0};
    settle();
    dits_error *err = finish(work(&request));
    _exit(err == NULL ? 0 : 1);
}
