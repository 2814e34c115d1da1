/*
 * Constant or variable: a test of drift. A rate is constant when no frame is
 * further from where it would be shown than the ticks are coarse; how much the
 * durations vary says little, for rounding makes them vary too.
 */
#include <stdlib.h>
#include <string.h>

#include "media/payload.h"
#include "media/timeline.h"

__extension__ typedef __int128 wide;

/* Samples come in decode order; pictures are moved by at most so many. */
enum { REORDER = 32, DURATIONS = 256 };

/* Presentation times in ascending order, out of a walk in decode order. */
struct shown {
    struct payload_walk walk;
    int64_t waiting[REORDER]; /* ascending */
    size_t count;
    bool is_over;
    uint64_t samples; /* taken from the walk */
    int64_t total;    /* their durations; -1 when one is unknown */
    int64_t only;     /* the duration of all but the last; -1: they differ */
    int64_t previous;
};

static void shown_close(struct shown *shown)
{
    payload_walk_close(&shown->walk);
}

static void insert(struct shown *shown, int64_t pts)
{
    size_t at = shown->count++;
    for (; at > 0 && shown->waiting[at - 1] > pts; at--)
        shown->waiting[at] = shown->waiting[at - 1];
    shown->waiting[at] = pts;
}

/* The last duration is often made up, so it decides nothing. */
static void count_duration(struct shown *shown, int64_t duration)
{
    if (shown->samples == 1)
        shown->only = shown->previous;
    else if (shown->samples > 1 && shown->previous != shown->only)
        shown->only = -1;
    shown->previous = duration;
    shown->samples++;
    if (duration < 0 || shown->total < 0 ||
        __builtin_add_overflow(shown->total, duration, &shown->total))
        shown->total = -1;
}

static dits_error *fill(struct shown *shown)
{
    while (!shown->is_over && shown->count < REORDER) {
        struct media_sample sample = {0};
        bool found = false;
        TRY(payload_walk_next(&shown->walk, &sample, &found));
        shown->is_over = !found;
        if (!found)
            break;
        insert(shown, sample.pts);
        count_duration(shown, sample.duration);
    }
    return NULL;
}

static dits_error *shown_next(struct shown *shown, int64_t *out,
                              bool *out_found)
{
    TRY(fill(shown));
    *out_found = shown->count > 0;
    if (shown->count == 0)
        return NULL;
    *out = shown->waiting[0];
    shown->count--;
    memmove(shown->waiting, shown->waiting + 1,
            shown->count * sizeof(shown->waiting[0]));
    return NULL;
}

/* How often each distance between two frames occurs. */
struct durations {
    size_t count;
    bool is_full; /* there were more; only these are counted */
    struct {
        int64_t ticks;
        uint64_t times;
    } rows[DURATIONS];
};

static void count_distance(struct durations *durations, int64_t ticks)
{
    size_t i = 0;
    while (i < durations->count && durations->rows[i].ticks != ticks)
        i++;
    if (i == DURATIONS) {
        durations->is_full = true;
        return;
    }
    durations->rows[i].ticks = ticks;
    durations->rows[i].times++;
    if (i == durations->count)
        durations->count++;
}

static int by_ticks(const void *a, const void *b)
{
    int64_t left = 0, right = 0;
    memcpy(&left, a, sizeof(left)); /* the first field of a row */
    memcpy(&right, b, sizeof(right));
    return left < right ? -1 : left > right;
}

static int64_t median_of(struct durations *durations)
{
    uint64_t total = 0;
    uint64_t seen = 0;
    for (size_t i = 0; i < durations->count; i++)
        total += durations->rows[i].times;
    qsort(durations->rows, durations->count, sizeof(durations->rows[0]),
          by_ticks);
    for (size_t i = 0; i < durations->count; i++) {
        seen += durations->rows[i].times;
        if (2 * seen >= total)
            return durations->rows[i].ticks;
    }
    return 0;
}

/* First and last time, and how many frames there are from one to the other. */
struct extent {
    int64_t first, last;
    uint64_t frames;
};

static bool distance(int64_t from, int64_t to, int64_t *out)
{
    return !__builtin_sub_overflow(to, from, out);
}

static dits_error *survey(struct media_file *file, uint32_t track,
                          struct timeline_rate *out, struct extent *extent)
{
    CLEANUP(shown_close) struct shown shown = {.only = -1};
    struct durations durations = {0};
    int64_t pts = 0;
    int64_t ticks = 0;
    bool found = false;
    TRY(payload_walk_open(file, track, &shown.walk));
    TRY(shown_next(&shown, &pts, &found));
    extent->first = extent->last = pts;
    for (; found; extent->frames++) {
        if (extent->frames > 0 && distance(extent->last, pts, &ticks)) {
            count_distance(&durations, ticks);
            out->min = extent->frames == 1 || ticks < out->min ? ticks
                                                               : out->min;
            out->max = ticks > out->max ? ticks : out->max;
        }
        extent->last = pts;
        TRY(shown_next(&shown, &pts, &found));
    }
    out->median = median_of(&durations);
    out->frames = extent->frames;
    out->average_den = shown.total;
    out->real_den = shown.samples > 1    ? shown.only
                    : shown.samples == 1 ? shown.previous
                                         : 0;
    return NULL;
}

/* How many frames fit from one to the next; 1 when none is missing. */
static int64_t steps(int64_t from, int64_t to, int64_t period)
{
    int64_t ticks = 0;
    if (!distance(from, to, &ticks))
        return 1;
    int64_t count = period > 0 ? ticks / period : 1;
    if (period > 0 && ticks % period > period / 2)
        count++;
    return count > 0 ? count : 1;
}

/*
 * Whether every frame stands on a grid of `total` even steps from the first to
 * the last. With `period` a frame may be several steps from the one before.
 * Both ends are rounded to a tick, hence two; but no more than a quarter of a
 * step.
 */
static dits_error *is_even(struct media_file *file, uint32_t track,
                           const struct extent *extent, int64_t period,
                           int64_t total, bool *out)
{
    CLEANUP(shown_close) struct shown shown = {0};
    wide length = (wide)extent->last - extent->first;
    wide slack = length / 4 < 2 * (wide)total ? length / 4 : 2 * (wide)total;
    int64_t step = 0;
    int64_t pts = 0;
    int64_t last = extent->first;
    bool found = true;
    *out = true;
    TRY(payload_walk_open(file, track, &shown.walk));
    for (uint64_t i = 0; *out; i++) {
        TRY(shown_next(&shown, &pts, &found));
        if (!found)
            break;
        if (i > 0 &&
            __builtin_add_overflow(step, steps(last, pts, period), &step))
            step = INT64_MAX;
        wide drift = ((wide)pts - extent->first) * total - step * length;
        *out = drift <= slack && drift >= -slack;
        last = pts;
    }
    return NULL;
}

static dits_error *count_steps(struct media_file *file, uint32_t track,
                               int64_t period, int64_t *out)
{
    CLEANUP(shown_close) struct shown shown = {0};
    int64_t last = 0;
    int64_t pts = 0;
    bool found = true;
    *out = 0;
    TRY(payload_walk_open(file, track, &shown.walk));
    for (uint64_t i = 0;; i++) {
        TRY(shown_next(&shown, &pts, &found));
        if (!found)
            return NULL;
        if (i > 0 &&
            __builtin_add_overflow(*out, steps(last, pts, period), out))
            *out = INT64_MAX;
        last = pts;
    }
}

/* Where more than a quarter is missing, nothing is constant. */
static dits_error *decide(struct media_file *file, uint32_t track,
                          const struct extent *extent,
                          struct timeline_rate *out)
{
    int64_t total = (int64_t)extent->frames - 1;
    int64_t length = 0;
    bool is_constant = false;
    if (total < 1 || !distance(extent->first, extent->last, &length))
        return NULL;
    out->mode = TIMELINE_VARIABLE;
    if (length <= 0 || length > INT64_MAX / 2)
        return NULL;
    TRY(is_even(file, track, extent, 0, total, &is_constant));
    if (is_constant) {
        out->mode = TIMELINE_CONSTANT;
        return NULL;
    }
    int64_t grid = 0;
    TRY(count_steps(file, track, out->median, &grid));
    if (out->median <= 0 || grid <= total || grid - total > grid / 4)
        return NULL;
    TRY(is_even(file, track, extent, out->median, grid, &is_constant));
    if (is_constant)
        out->mode = TIMELINE_DROPS;
    return NULL;
}

static int64_t divisor_of(int64_t a, int64_t b)
{
    while (b != 0) {
        int64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* frames * scale.den / (scale.num * ticks), in lowest terms. */
static void set_rate(uint64_t frames, struct media_time_base base,
                     int64_t ticks, int64_t *out_num, int64_t *out_den)
{
    *out_num = *out_den = 0;
    if (ticks <= 0 || frames == 0 || frames > INT64_MAX || base.num == 0)
        return;
    int64_t common = divisor_of((int64_t)frames, ticks);
    int64_t num = (int64_t)frames / common;
    int64_t den = ticks / common;
    int64_t scale = divisor_of(base.den, den);
    if (scale == 0 ||
        __builtin_mul_overflow(num, (int64_t)base.den / scale, &num) ||
        __builtin_mul_overflow(den / scale, (int64_t)base.num, &den))
        return;
    common = divisor_of(num, den);
    *out_num = num / common;
    *out_den = den / common;
}

dits_error *timeline_measure(struct media_file *file, uint32_t track,
                             struct timeline_rate *out)
{
    struct extent extent = {0};
    struct media_time_base base = file->tracks[track].time_base;
    *out = (struct timeline_rate){0};
    TRY(survey(file, track, out, &extent));
    TRY(decide(file, track, &extent, out));
    int64_t length = 0;
    if (out->average_den > 0)
        set_rate(out->frames, base, out->average_den, &out->average_num,
                 &out->average_den);
    else if (out->frames > 1 && distance(extent.first, extent.last, &length))
        set_rate(out->frames - 1, base, length, &out->average_num,
                 &out->average_den);
    else
        out->average_den = 0;
    set_rate(1, base, out->real_den, &out->real_num, &out->real_den);
    return NULL;
}

static dits_error *add_extremes(struct media_facts *facts,
                                struct media_time_base base,
                                const struct timeline_rate *rate)
{
    static const char *const names[] = {"frame_rate.min", "frame_rate.median",
                                        "frame_rate.max"};
    const int64_t ticks[] = {rate->max, rate->median, rate->min};
    for (size_t i = 0; i < 3; i++) {
        int64_t num = 0, den = 0;
        set_rate(1, base, ticks[i], &num, &den);
        TRY(facts_add_rational(facts, names[i], num, den));
    }
    return NULL;
}

static dits_error *describe_track(struct media_file *file, uint32_t index)
{
    static const char *const modes[] = {NULL, "constant", "constant with drops",
                                        "variable"};
    struct media_facts *facts = &file->tracks[index].facts;
    struct timeline_rate rate = {0};
    TRY(timeline_measure(file, index, &rate));
    TRY(facts_add_integer(facts, "frame_count", (int64_t)rate.frames));
    TRY(facts_add_rational(facts, "frame_rate", rate.average_num,
                           rate.average_den));
    TRY(facts_add_rational(facts, "frame_rate.real", rate.real_num,
                           rate.real_den));
    if (rate.mode != TIMELINE_UNKNOWN)
        TRY(facts_add_word(facts, "frame_rate.mode", modes[rate.mode]));
    if (rate.mode != TIMELINE_DROPS && rate.mode != TIMELINE_VARIABLE)
        return NULL;
    return add_extremes(facts, file->tracks[index].time_base, &rate);
}

dits_error *timeline_describe(struct media_file *file)
{
    for (uint32_t i = 0; i < file->track_count; i++)
        if (file->tracks[i].kind == MEDIA_VIDEO)
            TRY(describe_track(file, i));
    return NULL;
}
