#include "decode/frames.h"

#include <libavutil/mathematics.h>

/* A search for the picture at a time of the stream. */
struct search {
    struct clip *clip;
    int64_t wanted;
    AVFrame *frame; /* the one that was decoded last */
    int64_t time;   /* of it */
    int64_t step;   /* from one to the next, where they do not say */
    bool is_late;   /* `best` is after the time: there was none before */
};

static dits_error *make_search(struct search *search)
{
    search->frame = av_frame_alloc();
    return search->frame != NULL ? NULL : error_nomem();
}

static void search_release(struct search *search)
{
    av_frame_free(&search->frame);
}

static AVRational time_base(const struct clip *clip)
{
    return clip->stream->time_base;
}

/* The first time of the file, in ticks of the stream. */
static int64_t start_of(const struct clip *clip)
{
    if (clip->format->start_time != AV_NOPTS_VALUE)
        return av_rescale_q(clip->format->start_time, AV_TIME_BASE_Q,
                            time_base(clip));
    return clip->stream->start_time != AV_NOPTS_VALUE ? clip->stream->start_time
                                                      : 0;
}

/* Rounded as those who wrote the file did; no time is so late that it wraps. */
static int64_t ticks_of(const struct clip *clip, struct message_time time)
{
    const int64_t most = INT64_MAX / 4;
    int64_t scale = time_base(clip).den;
    int64_t whole = time.num / time.den;
    if (whole > most / scale || whole < -most / scale)
        return whole > 0 ? most : 0;
    while (time.den > INT32_MAX || time.num > most || time.num < -most) {
        time.num /= 2;
        time.den /= 2;
    }
    const AVRational unit = {1, (int)time.den};
    return av_rescale_q(time.num, unit, time_base(clip)) + start_of(clip);
}

/* At the rate that the stream says, or that its packets seem to have. */
static int64_t step_of(const struct clip *clip)
{
    AVRational rate = clip->stream->avg_frame_rate;
    if (rate.num <= 0 || rate.den <= 0)
        rate = clip->stream->r_frame_rate;
    if (rate.num <= 0 || rate.den <= 0)
        return 1;
    int64_t step = av_rescale_q(1, av_inv_q(rate), time_base(clip));
    return step > 0 ? step : 1;
}

/* A frame without a time, as in a bare stream, follows the one before. */
static int64_t time_of(const struct search *search)
{
    int64_t time = search->frame->best_effort_timestamp;
    return time != AV_NOPTS_VALUE ? time : search->time + search->step;
}

/*
 * Decode on until the wanted time is passed. `best` is left alone when there is
 * no frame at all.
 */
static dits_error *advance(struct search *search, AVFrame *best,
                           int64_t *out_time, bool *out_found)
{
    bool found = true;
    bool is_late = false;
    for (bool any = false; !is_late; any = true) {
        TRY(clip_next(search->clip, search->frame, &found));
        if (!found)
            return NULL;
        search->time = time_of(search);
        is_late = search->time > search->wanted;
        if (is_late && any)
            return NULL;
        av_frame_unref(best);
        av_frame_move_ref(best, search->frame);
        *out_time = search->time;
        *out_found = true;
        search->is_late = is_late;
    }
    return NULL;
}

/*
 * From where decoding is said to be able to start; where that gives nothing,
 * or only what comes later, from further back, and from the start.
 */
static dits_error *attempts(struct search *search, AVFrame *best,
                            int64_t *out_time, bool *out_found)
{
    struct clip *clip = search->clip;
    int64_t second = av_rescale(1, time_base(clip).den, time_base(clip).num);
    const int64_t from[] = {search->wanted, search->wanted - 10 * second,
                            start_of(clip), INT64_MIN / 4};
    *out_found = false;
    for (size_t i = 0; i < sizeof(from) / sizeof(from[0]); i++) {
        bool from_start = false;
        clip->hurry_until = search->wanted - second;
        search->time = start_of(clip) - search->step;
        TRY(clip_seek(clip, from[i], &from_start));
        TRY(advance(search, best, out_time, out_found));
        bool is_first = from[i] <= start_of(clip) || from_start;
        if (*out_found && (!search->is_late || is_first))
            return NULL;
    }
    return NULL;
}

dits_error *frames_find(struct clip *clip, struct message_time time,
                        AVFrame *out, struct message_time *out_time,
                        bool *out_found)
{
    CLEANUP(search_release)
    struct search search = {
        .clip = clip, .wanted = ticks_of(clip, time), .step = step_of(clip)};
    int64_t found_at = 0;
    TRY(make_search(&search));
    TRY(attempts(&search, out, &found_at, out_found));
    AVRational base = time_base(clip);
    *out_time =
        (struct message_time){(found_at - start_of(clip)) * base.num, base.den};
    return NULL;
}
