#include "repo/media_time.h"

static const struct dits_rational unknown = {0, 0};

static uint64_t magnitude(int64_t value)
{
    return value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
}

static uint64_t greatest_divisor(uint64_t a, uint64_t b)
{
    while (b != 0) {
        uint64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

struct dits_rational media_rational(int64_t num, int64_t den)
{
    if (den == 0 || num == INT64_MIN || den == INT64_MIN)
        return unknown;
    int64_t divisor = (int64_t)greatest_divisor(magnitude(num), magnitude(den));
    if (den < 0)
        divisor = -divisor;
    return (struct dits_rational){num / divisor, den / divisor};
}

struct dits_rational media_seconds(int64_t ticks, struct media_time_base base)
{
    if (ticks == MEDIA_NO_TIME)
        return unknown;
    int64_t num = 0;
    struct dits_rational tick = media_rational(base.num, base.den);
    if (base.num == 0 || tick.den == 0)
        return unknown;
    struct dits_rational part = media_rational(ticks, tick.den);
    if (part.den == 0 || __builtin_mul_overflow(part.num, tick.num, &num))
        return unknown;
    return media_rational(num, part.den);
}

struct dits_rational media_difference(struct dits_rational a,
                                      struct dits_rational b)
{
    int64_t left = 0;
    int64_t right = 0;
    int64_t num = 0;
    int64_t den = 0;
    if (a.den == 0 || b.den == 0)
        return unknown;
    int64_t common =
        (int64_t)greatest_divisor((uint64_t)a.den, (uint64_t)b.den);
    if (__builtin_mul_overflow(a.num, b.den / common, &left) ||
        __builtin_mul_overflow(b.num, a.den / common, &right) ||
        __builtin_sub_overflow(left, right, &num) ||
        __builtin_mul_overflow(a.den, b.den / common, &den))
        return unknown;
    return media_rational(num, den);
}

bool media_is_before(struct dits_rational a, struct dits_rational b)
{
    if (a.den == 0 || b.den == 0)
        return a.den == 0 && b.den != 0;
    struct dits_rational between = media_difference(a, b);
    if (between.den != 0)
        return between.num < 0;
    return (double)a.num / (double)a.den < (double)b.num / (double)b.den;
}

/* Still pictures and cover art have no time. */
static bool has_time(const struct media_track *track)
{
    return track->duration >= 0 && track->time_base.num != 0 &&
           track->time_base.den != 0 && track->kind != MEDIA_IMAGE;
}

/* From the first start to the last end of what goes by `clock`. */
static struct dits_rational clock_duration(const struct media_file *file,
                                           uint32_t clock)
{
    struct dits_rational first = unknown;
    struct dits_rational last = unknown;
    for (size_t i = 0; i < file->track_count; i++) {
        const struct media_track *track = &file->tracks[i];
        int64_t end = 0;
        if (track->clock != clock || !has_time(track) ||
            __builtin_add_overflow(track->start, track->duration, &end))
            continue;
        struct dits_rational from =
            media_seconds(track->start, track->time_base);
        struct dits_rational to = media_seconds(end, track->time_base);
        if (first.den == 0 || media_is_before(from, first))
            first = from;
        if (media_is_before(last, to))
            last = to;
    }
    return media_difference(last, first);
}

struct dits_rational media_duration(const struct media_file *file)
{
    const struct fact *told = facts_find(&file->facts, "duration");
    struct dits_rational longest = unknown;
    if (told != NULL && told->type == FACT_RATIONAL)
        return media_rational(told->number, told->divisor);
    for (size_t i = 0; i < file->track_count; i++) {
        uint32_t clock = file->tracks[i].clock;
        if (i > 0 && clock == file->tracks[i - 1].clock)
            continue;
        struct dits_rational duration = clock_duration(file, clock);
        if (media_is_before(longest, duration))
            longest = duration;
    }
    return longest;
}
