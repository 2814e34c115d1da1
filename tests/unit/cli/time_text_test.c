#include "cli/time_text.h"

#include <string.h>

#include "support/test.h"

static bool is_timecode(int64_t num, int64_t den, struct dits_rational rate,
                        bool drop, const char *expected)
{
    char text[TIME_TEXT_ROOM] = {0};
    struct dits_rational time = {num, den};
    return strcmp(time_text(time, rate, drop, text), expected) == 0;
}

TEST(frames_are_counted_at_the_rate)
{
    const struct dits_rational film = {25, 1};
    CHECK(is_timecode(0, 1, film, false, "00:00:00:00"));
    CHECK(is_timecode(712, 25, film, false, "00:00:28:12"));
    CHECK(is_timecode(-1, 25, film, false, "-00:00:00:01"));
    CHECK(is_timecode(90000, 1, film, false, "25:00:00:00"));
}

TEST(dropped_numbers_are_left_out)
{
    const struct dits_rational ntsc = {30000, 1001};
    CHECK(is_timecode(1799 * 1001, 30000, ntsc, true, "00:00:59;29"));
    CHECK(is_timecode(1800 * 1001, 30000, ntsc, true, "00:01:00;02"));
    CHECK(is_timecode(17982 * 1001, 30000, ntsc, true, "00:10:00;00"));
    CHECK(is_timecode(1800 * 1001, 30000, ntsc, false, "00:01:00:00"));
}

TEST(without_a_rate_there_are_milliseconds)
{
    const struct dits_rational none = {0, 0};
    CHECK(is_timecode(7137, 25, none, false, "00:04:45.480"));
    CHECK(is_timecode(1, 0, none, false, "?"));
    CHECK(is_timecode(INT64_MAX, 1, none, false, "?"));
}

TEST(rates_have_no_needless_digits)
{
    char text[TIME_TEXT_ROOM] = {0};
    CHECK(strcmp(time_text_rate((struct dits_rational){25, 1}, text), "25") ==
          0);
    CHECK(strcmp(time_text_rate((struct dits_rational){24000, 1001}, text),
                 "23.976") == 0);
    CHECK(strcmp(time_text_rate((struct dits_rational){25, 2}, text), "12.5") ==
          0);
    CHECK(strcmp(time_text_seconds((struct dits_rational){1, 3}, text),
                 "0.333 s") == 0);
}
