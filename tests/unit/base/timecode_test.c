#include "media/timecode.h"

#include <stdio.h>
#include <string.h>

#include "support/fake_media.h"
#include "support/test.h"

TEST(drop_frame_leaves_out_numbers_at_the_minute)
{
    static const struct {
        int64_t frame;
        uint32_t frames;
        bool is_drop;
        const char *text;
    } cases[] = {
        {0, 30, true, "00:00:00;00"},       {1799, 30, true, "00:00:59;29"},
        {1800, 30, true, "00:01:00;02"},    {17982, 30, true, "00:10:00;00"},
        {107892, 30, true, "01:00:00;00"},  {3600, 60, true, "00:01:00;04"},
        {35964, 60, true, "00:10:00;00"},   {90000, 25, false, "01:00:00:00"},
        {108000, 30, false, "01:00:00:00"}, {-1, 25, false, "23:59:59:24"},
        {2589408, 30, true, "00:00:00;00"}, {5, 0, false, ""},
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
    for (int64_t frame = 0; frame < (int64_t)timecode_day(rate); frame++) {
        char text[TIMECODE_ROOM] = "";
        char want[48] = "";
        int64_t back = -1;
        (void)snprintf(want, sizeof(want), "%02u:%02u:%02u;%02u", h, m, s, f);
        timecode_text(frame, rate, text);
        if (strcmp(text, want) != 0 || !timecode_number(text, rate, &back) ||
            back != frame)
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

TEST(a_timecode_track_gives_its_timecode_to_those_that_refer_to_it)
{
    static const uint8_t bytes[] = {0, 1, 0xa5, 0x74}; /* 107892 */
    static const struct media_sample sample = {.size = 4};
    CLEANUP(fake_media_close)
    struct fake_media fake = {
        .source.size = 4,
        .bytes = bytes,
        .samples = &sample,
        .sample_count = 1,
        .file.track_count = 2,
    };
    fake_media_open(&fake);
    strcpy(fake.tracks[0].codec, "timecode");
    CHECK_OK(facts_add_integer(&fake.tracks[0].facts, "timecode.frames", 29));
    CHECK_OK(facts_add_rational(&fake.tracks[0].facts, "timecode.rate", 30000,
                                1001));
    CHECK_OK(
        facts_add_truth(&fake.tracks[0].facts, "timecode.drop_frame", true));
    CHECK_OK(facts_add_integer(&fake.tracks[1].facts, "reference.tmcd", 1));
    CHECK_OK(timecode_describe(&fake.file));
    for (size_t i = 0; i < 2; i++) {
        const struct fact *fact = facts_find(&fake.tracks[i].facts, "timecode");
        CHECK(fact != NULL && strcmp(fact->text, "01:00:00;00") == 0);
    }
}
