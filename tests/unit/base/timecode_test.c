#include "base/timecode.h"

#include <stdio.h>
#include <string.h>

#include "support/test.h"

TEST(drop_frame_leaves_out_numbers_at_the_minute)
{
    static const struct {
        uint64_t frame;
        uint32_t frames;
        bool is_drop;
        const char *text;
    } cases[] = {
        {0, 30, true, "00:00:00;00"},       {1799, 30, true, "00:00:59;29"},
        {1800, 30, true, "00:01:00;02"},    {17982, 30, true, "00:10:00;00"},
        {107892, 30, true, "01:00:00;00"},  {3600, 60, true, "00:01:00;04"},
        {35964, 60, true, "00:10:00;00"},   {90000, 25, false, "01:00:00:00"},
        {108000, 30, false, "01:00:00:00"}, {2250000, 25, false, "25:00:00:00"},
        {2589408, 30, true, "24:00:00;00"}, {5, 0, false, ""},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct timecode_rate rate = {cases[i].frames, cases[i].is_drop};
        char text[TIMECODE_ROOM] = "";
        timecode_text(cases[i].frame, rate, text);
        CHECK(strcmp(text, cases[i].text) == 0);
    }
}

/* Every frame of a day, counted as a clock would that skips numbers. */
static bool is_exact(struct timecode_rate rate, uint32_t drop)
{
    unsigned h = 0, m = 0, s = 0, f = 0;
    for (uint64_t frame = 0; frame < timecode_day(rate); frame++) {
        char text[TIMECODE_ROOM] = "";
        char want[48] = "";
        int64_t back = -1;
        (void)snprintf(want, sizeof(want), "%02u:%02u:%02u;%02u", h, m, s, f);
        timecode_text(frame, rate, text);
        if (strcmp(text, want) != 0 || !timecode_number(text, rate, &back) ||
            back != (int64_t)frame)
            return false;
        if (++f < rate.frames)
            continue;
        f = 0;
        s++;
        m += s / 60;
        s %= 60;
        if (s == 0 && m % 10 != 0)
            f = drop;
        h += m / 60;
        m %= 60;
    }
    return h == 24 && m == 0 && s == 0 && f == 0;
}

TEST(a_whole_day_of_drop_frame_is_exact)
{
    CHECK(is_exact((struct timecode_rate){30, true}, 2));
    CHECK(is_exact((struct timecode_rate){60, true}, 4));
}

TEST(a_day_begins_again_at_midnight)
{
    const struct timecode_rate film = {25, false};
    const struct timecode_rate ntsc = {30, true};
    CHECK(timecode_in_day(-1, film) == 2159999);
    CHECK(timecode_in_day(2160000, film) == 0);
    CHECK(timecode_in_day(2589408, ntsc) == 0);
}

TEST(what_is_no_timecode_is_refused)
{
    static const char *const texts[] = {
        "",
        "00:00:00",
        "00:00:00:30",
        "24:00:00:00",
        "00:60:00:00",
        "00:01:00;00",
        "00:01:00;01",
        "1:00:00:00",
        "00:00:00:00 ",
        "00-00:00:00",
    };
    int64_t frame = 0;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        CHECK(!timecode_number(texts[i], (struct timecode_rate){30, false},
                               &frame));
}
