#include "media/timeline.h"

/* Products of two 64-bit numbers. */
__extension__ typedef __int128 wide;

static bool divide(wide value, wide divisor, int64_t *out)
{
    if (divisor <= 0)
        return false;
    wide quotient = value / divisor;
    if (value % divisor < 0)
        quotient--;
    if (quotient > INT64_MAX || quotient < INT64_MIN)
        return false;
    *out = (int64_t)quotient;
    return true;
}

bool timeline_rescale(int64_t value, uint64_t num, uint64_t den, int64_t *out)
{
    if (num > INT64_MAX)
        return false;
    return divide((wide)value * (wide)num, (wide)den, out);
}

bool timeline_rescale_near(int64_t value, uint64_t num, uint64_t den,
                           int64_t *out)
{
    if (num > INT64_MAX)
        return false;
    wide product = (wide)value * (wide)num;
    return divide(product + (wide)(den / 2), (wide)den, out);
}

/* What an edit lasts, in ticks of the media; what is too long, for ever. */
static int64_t edit_length(const struct timeline *timeline, size_t index)
{
    uint64_t duration = timeline->edits[index].duration;
    int64_t length = INT64_MAX;
    if (duration > INT64_MAX)
        return INT64_MAX;
    if (!timeline_rescale_near((int64_t)duration, timeline->media_scale,
                               timeline->movie_scale, &length))
        return timeline->movie_scale == 0 ? 0 : INT64_MAX;
    return length;
}

static int64_t add_capped(int64_t a, int64_t b)
{
    int64_t sum = 0;
    if (__builtin_add_overflow(a, b, &sum))
        return b < 0 ? INT64_MIN : INT64_MAX;
    return sum;
}

/*
 * How far into the edit `pts` is shown. The last edit of length 0 goes on to
 * the end, as fragmented files have it.
 */
static bool within(const struct timeline *timeline, size_t index, int64_t pts,
                   int64_t *out)
{
    const struct timeline_edit *edit = &timeline->edits[index];
    int64_t length = edit_length(timeline, index);
    int64_t into = 0;
    if (edit->media_time < 0 ||
        __builtin_sub_overflow(pts, edit->media_time, &into) || into < 0)
        return false;
    *out = 0;
    if (edit->rate == 0)
        return into == 0;
    bool is_open = edit->duration == 0 && index + 1 == timeline->count;
    const uint64_t one = 1 << 16;
    if (edit->rate < 0 ||
        !timeline_rescale(into, one, (uint64_t)edit->rate, out))
        return false;
    return is_open || *out < length;
}

bool timeline_presented(const struct timeline *timeline, int64_t pts,
                        int64_t *out)
{
    int64_t start = 0;
    int64_t into = 0;
    if (timeline->count == 0) {
        *out = pts;
        return true;
    }
    for (size_t i = 0; i < timeline->count; i++) {
        if (within(timeline, i, pts, &into)) {
            *out = add_capped(start, into);
            return true;
        }
        start = add_capped(start, edit_length(timeline, i));
    }
    return false;
}

int64_t timeline_start(const struct timeline *timeline)
{
    int64_t start = 0;
    for (size_t i = 0; i < timeline->count; i++) {
        if (timeline->edits[i].media_time >= 0)
            break;
        start = add_capped(start, edit_length(timeline, i));
    }
    return start;
}

int64_t timeline_duration(const struct timeline *timeline, int64_t media)
{
    int64_t total = 0;
    for (size_t i = 0; i < timeline->count; i++) {
        const struct timeline_edit *edit = &timeline->edits[i];
        bool is_open = edit->duration == 0 && i + 1 == timeline->count;
        int64_t length = is_open && edit->media_time >= 0 &&
                                 media > edit->media_time
                             ? media - edit->media_time
                             : edit_length(timeline, i);
        total = add_capped(total, length);
    }
    return timeline->count > 0 ? total : media;
}

bool timeline_frame_at(int64_t ticks, struct media_time_base base,
                       uint32_t rate_num, uint32_t rate_den, int64_t *out)
{
    uint64_t num = (uint64_t)base.num * rate_num;
    return num != 0 &&
           timeline_rescale(ticks, num, (uint64_t)base.den * rate_den, out);
}

/* Rounded up: at that tick, and not before, the frame is shown. */
bool timeline_time_of(int64_t frame, struct media_time_base base,
                      uint32_t rate_num, uint32_t rate_den, int64_t *out)
{
    uint64_t num = (uint64_t)base.den * rate_den;
    uint64_t den = (uint64_t)base.num * rate_num;
    int64_t down = 0;
    if (num == 0 || num > INT64_MAX || frame == INT64_MIN ||
        !divide(-(wide)frame * (wide)num, (wide)den, &down) ||
        down == INT64_MIN)
        return false;
    *out = -down;
    return true;
}
