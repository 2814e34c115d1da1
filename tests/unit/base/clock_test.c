#include "base/clock.h"

#include <string.h>

#include "support/test.h"

TEST(milliseconds_are_written_as_a_clock)
{
    char text[CLOCK_ROOM] = {0};
    clock_text(285480, text);
    CHECK(strcmp(text, "00:04:45.480") == 0);
    clock_text(UINT64_C(100) * 3600000 + 7, text);
    CHECK(strcmp(text, "100:00:00.007") == 0);
    clock_text(UINT64_MAX, text);
    CHECK(strlen(text) < CLOCK_ROOM - 1);
}

static bool is_read(const char *text, int64_t micros)
{
    int64_t seen = -1;
    return clock_parse(text, strlen(text), &seen) && seen == micros;
}

TEST(a_time_may_have_hours_and_minutes_and_a_fraction)
{
    CHECK(is_read("90.5", 90500000) && is_read("1:30", 90000000));
    CHECK(is_read("00:01:30.250", 90250000) && is_read("0", 0));
    CHECK(is_read("0.123456789", 123456));
    CHECK(is_read("999999999:999999999:999999999",
                  INT64_C(3660999996339) * CLOCK_MICRO));
}

TEST(only_the_given_bytes_are_read)
{
    int64_t micros = 0;
    CHECK(clock_parse("90.5..", 4, &micros) && micros == 90500000);
    CHECK(!clock_parse("90.5", 3, &micros) && !clock_parse("1:", 2, &micros));
}

TEST(what_is_no_time_is_refused)
{
    static const char *const bad[] = {
        "",     "x",   "-1", "1:",     ":1",         "1.5:00",
        "1.",   ".5",  "1 ", "1:2:3.", "1:2:3:4",    "1..2",
        "0x10", "1e3", " 1", "1.5.5",  "1234567890",
    };
    int64_t micros = 0;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        CHECK(!clock_parse(bad[i], strlen(bad[i]), &micros));
}
