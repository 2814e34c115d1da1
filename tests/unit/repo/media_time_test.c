#include "repo/media_time.h"

#include "support/test.h"

static bool is_ratio(struct dits_rational ratio, int64_t num, int64_t den)
{
    return ratio.num == num && ratio.den == den;
}

TEST(fractions_are_in_lowest_terms)
{
    CHECK(is_ratio(media_rational(6, 4), 3, 2));
    CHECK(is_ratio(media_rational(6, -4), -3, 2));
    CHECK(is_ratio(media_rational(0, 7), 0, 1));
    CHECK(is_ratio(media_rational(1, 0), 0, 0));
    CHECK(is_ratio(media_rational(INT64_MIN, 1), 0, 0));
}

TEST(ticks_are_seconds_of_their_clock)
{
    CHECK(is_ratio(media_seconds(90000, (struct media_time_base){1, 90000}), 1,
                   1));
    CHECK(is_ratio(media_seconds(30, (struct media_time_base){1001, 30000}),
                   1001, 1000));
    CHECK(is_ratio(media_seconds(1, (struct media_time_base){0, 1}), 0, 0));
    CHECK(is_ratio(
        media_seconds(INT64_MAX, (struct media_time_base){UINT32_MAX, 1}), 0,
        0));
}

TEST(times_are_subtracted_and_compared)
{
    struct dits_rational half = {1, 2};
    struct dits_rational third = {1, 3};
    struct dits_rational none = {0, 0};
    CHECK(is_ratio(media_difference(half, third), 1, 6));
    CHECK(is_ratio(media_difference(half, none), 0, 0));
    CHECK(media_is_before(third, half) && !media_is_before(half, third));
    CHECK(media_is_before(none, half) && !media_is_before(half, none));
}

TEST(the_duration_spans_all_tracks)
{
    struct media_track tracks[2] = {
        {.time_base = {1, 1000}, .start = 500, .duration = 1000},
        {.time_base = {1, 90000}, .start = 90000, .duration = 180000},
    };
    struct media_file file = {.track_count = 2, .tracks = tracks};
    CHECK(is_ratio(media_duration(&file), 5, 2));
    file.track_count = 0;
    CHECK(is_ratio(media_duration(&file), 0, 0));
}

TEST(times_of_different_clocks_are_no_duration)
{
    struct media_track tracks[3] = {
        {.time_base = {1, 1000}, .start = 500, .duration = 1000, .clock = 7},
        {.time_base = {1, 1000}, .start = 90000, .duration = 2000, .clock = 8},
        {.time_base = {1, 1000}, .start = 1000, .duration = 4500, .clock = 7},
    };
    struct media_file file = {.track_count = 3, .tracks = tracks};
    CHECK(is_ratio(media_duration(&file), 5, 1));
    tracks[2].clock = 8;
    CHECK(is_ratio(media_duration(&file), 91, 1));
}
