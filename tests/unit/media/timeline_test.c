#include "media/timeline.h"

#include "support/fake_media.h"
#include "support/test.h"

TEST(rescaling_is_exact_and_says_when_it_cannot)
{
    int64_t out = 0;
    CHECK(timeline_rescale(INT64_MAX, 3, 3, &out) && out == INT64_MAX);
    CHECK(timeline_rescale(-1, 1, 2, &out) && out == -1);
    CHECK(!timeline_rescale(INT64_MAX, 2, 1, &out));
    CHECK(!timeline_rescale(1, 1, 0, &out));
}

TEST(edits_delay_trim_and_hold)
{
    static const struct timeline_edit edits[] = {
        {500, -1, 1 << 16},    /* half a second of nothing */
        {1000, 2000, 1 << 16}, /* a second, two frames cut off */
        {1000, 7000, 0},       /* one picture for a second */
    };
    struct timeline timeline = {edits, 3, 1000, 24000};
    int64_t out = 0;
    CHECK(!timeline_presented(&timeline, 1000, &out));
    CHECK(timeline_presented(&timeline, 2000, &out) && out == 12000);
    CHECK(timeline_presented(&timeline, 3000, &out) && out == 13000);
    CHECK(!timeline_presented(&timeline, 26000, &out));
    CHECK(timeline_start(&timeline) == 12000);
    CHECK(timeline_duration(&timeline, 99) == 60000);
    timeline.count = 0;
    CHECK(timeline_presented(&timeline, 7, &out) && out == 7);
    CHECK(timeline_duration(&timeline, 99) == 99);
}

TEST(edits_of_any_size_do_not_overflow)
{
    static const struct timeline_edit edits[] = {
        {UINT64_MAX, -1, INT32_MAX},
        {UINT64_MAX, INT64_MAX, INT32_MIN},
        {0, 0, 1},
    };
    struct timeline timeline = {edits, 3, 1, UINT32_MAX};
    int64_t out = 0;
    (void)timeline_presented(&timeline, INT64_MIN, &out);
    (void)timeline_presented(&timeline, INT64_MAX, &out);
    CHECK(timeline_duration(&timeline, INT64_MIN) == INT64_MAX);
}

TEST(frames_and_times_go_back_and_forth)
{
    struct media_time_base base = {1, 600};
    for (int64_t frame = -100; frame < 100000; frame += 7) {
        int64_t ticks = 0;
        int64_t back = 0;
        CHECK(timeline_time_of(frame, base, 30000, 1001, &ticks));
        CHECK(timeline_frame_at(ticks, base, 30000, 1001, &back));
        CHECK(back == frame);
        CHECK(timeline_frame_at(ticks - 1, base, 30000, 1001, &back));
        CHECK(back == frame - 1);
    }
}

enum { FRAMES = 3000 };

/* `ticks(i)` is when frame i is shown; decode order moves two in each three. */
static dits_error *measure(uint32_t scale, int64_t (*ticks)(int64_t i),
                           struct timeline_rate *out)
{
    struct media_sample samples[FRAMES] = {0};
    for (int64_t i = 0; i < FRAMES; i++) {
        int64_t shown = i % 3 == 1 ? i + 1 : i % 3 == 2 ? i - 1 : i;
        samples[i].pts = ticks(shown);
        samples[i].duration = ticks(i + 1) - ticks(i);
    }
    struct fake_media fake = {.samples = samples, .sample_count = FRAMES};
    fake_media_open(&fake);
    fake.tracks[0].time_base = (struct media_time_base){1, scale};
    return timeline_measure(&fake.file, 0, out);
}

static int64_t ntsc_in_600(int64_t i)
{
    return (i * 600 * 1001 + 15000) / 30000;
}

static int64_t film_in_1000(int64_t i)
{
    return i * 1000 * 1001 / 24000;
}

static int64_t exact_25(int64_t i)
{
    return i * 512;
}

static int64_t one_tick(int64_t i)
{
    return i;
}

static int64_t with_drops(int64_t i)
{
    return (i + i / 100) * 1001;
}

static int64_t mostly_missing(int64_t i)
{
    return (i + i / 2) * 512;
}

static int64_t varying(int64_t i)
{
    return i * 1000 + (i * i * 7919) % 701;
}

TEST(dithered_rates_are_constant)
{
    struct timeline_rate rate = {0};
    CHECK_OK(measure(600, ntsc_in_600, &rate));
    CHECK(rate.mode == TIMELINE_CONSTANT);
    CHECK_OK(measure(1000, film_in_1000, &rate));
    CHECK(rate.mode == TIMELINE_CONSTANT);
    CHECK(rate.min == 41 && rate.max == 42);
    CHECK_OK(measure(24, one_tick, &rate));
    CHECK(rate.mode == TIMELINE_CONSTANT && rate.average_num == 24);
}

TEST(an_even_rate_is_exact)
{
    struct timeline_rate rate = {0};
    CHECK_OK(measure(12800, exact_25, &rate));
    CHECK(rate.mode == TIMELINE_CONSTANT && rate.frames == FRAMES);
    CHECK(rate.average_num == 25 && rate.average_den == 1);
    CHECK(rate.real_num == 25 && rate.real_den == 1);
}

TEST(missing_frames_and_variable_rates_are_told_apart)
{
    struct timeline_rate rate = {0};
    CHECK_OK(measure(30000, with_drops, &rate));
    CHECK(rate.mode == TIMELINE_DROPS && rate.median == 1001);
    CHECK_OK(measure(12800, mostly_missing, &rate));
    CHECK(rate.mode == TIMELINE_VARIABLE);
    CHECK_OK(measure(30000, varying, &rate));
    CHECK(rate.mode == TIMELINE_VARIABLE);
}

TEST(times_at_the_limits_do_not_overflow)
{
    static const struct media_sample samples[] = {
        {.pts = INT64_MIN, .duration = INT64_MAX},
        {.pts = INT64_MAX, .duration = INT64_MAX},
        {.pts = 0, .duration = -1},
    };
    struct fake_media fake = {.samples = samples, .sample_count = 3};
    struct timeline_rate rate = {0};
    fake_media_open(&fake);
    fake.tracks[0].time_base = (struct media_time_base){UINT32_MAX, UINT32_MAX};
    CHECK_OK(timeline_measure(&fake.file, 0, &rate));
    CHECK(rate.frames == 3);
}
