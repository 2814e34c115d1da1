#include "repo/picture_clock.h"

#include <string.h>

#include "support/test.h"

/* A minute and a half from one o'clock, in PAL. */
static const struct picture_clock pal = {
    .frame_rate = {25, 1},
    .rate = {25, false},
    .first = 90000,
    .duration = {90, 1},
};

static const struct picture_clock ntsc = {
    .frame_rate = {30000, 1001},
    .rate = {30, true},
    .duration = {100, 1},
};

static const struct picture_clock unknown = {0};

static bool is(const struct picture_clock *clock, const char *text, int64_t num,
               int64_t den)
{
    struct dits_rational time = {0, 0};
    dits_error *err = picture_clock_parse(clock, text, &time);
    bool is_it = err == NULL && time.num == num && time.den == den;
    dits_error_free(err);
    return is_it;
}

TEST(seconds_are_read_with_and_without_minutes)
{
    CHECK(is(&unknown, "0", 0, 1));
    CHECK(is(&unknown, "90", 90, 1));
    CHECK(is(&unknown, "90.5", 181, 2));
    CHECK(is(&unknown, "1:30", 90, 1));
    CHECK(is(&unknown, "00:01:30.500", 181, 2));
    CHECK(is(&unknown, "01:00:00", 3600, 1));
    CHECK(is(&unknown, "0.0000019", 1, 1000000));
}

TEST(timecodes_count_from_the_files_own)
{
    CHECK(is(&pal, "01:00:00:00", 0, 1));
    CHECK(is(&pal, "01:00:10:12", 262, 25));
    CHECK(is(&pal, "01:01:29:24", 2249, 25));
    CHECK(is(&ntsc, "00:00:59;29", 1799 * 1001, 30000));
    CHECK(is(&ntsc, "00:01:00;02", 3003, 50)); /* the very next one */
}

TEST(parts_of_the_whole_are_read)
{
    CHECK(is(&pal, "0%", 0, 1));
    CHECK(is(&pal, "50%", 45, 1));
    CHECK(is(&pal, "12.5%", 45, 4));
    CHECK(is(&pal, "100%", 90, 1));
}

TEST(what_is_no_time_is_refused)
{
    static const char *const bad[] = {
        "",          "x",           "-1",          "1:",          ":1",
        "1.5:00",    "1:2:3.",      "1 ",          "%",           "101%",
        "50%%",      "1:00%",       "1e3",         "0x10",        "1..2",
        "1:2:3:4:5", "01:00:10:25", "01:00:61:00", "12345678901",
    };
    struct dits_rational time = {0, 0};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        CHECK_FAILS(DITS_E_INVALID, picture_clock_parse(&pal, bad[i], &time));
}

TEST(what_is_not_in_the_file_is_not_found)
{
    struct dits_rational time = {0, 0};
    CHECK_FAILS(DITS_E_NOT_FOUND,
                picture_clock_parse(&pal, "00:59:59:24", &time));
    CHECK_FAILS(DITS_E_NOT_FOUND,
                picture_clock_parse(&pal, "01:01:30:00", &time));
    CHECK_FAILS(DITS_E_NOT_FOUND,
                picture_clock_parse(&unknown, "00:00:00:00", &time));
    CHECK_FAILS(DITS_E_NOT_FOUND, picture_clock_parse(&unknown, "5%", &time));
}

TEST(times_are_written_as_the_file_counts)
{
    char text[PICTURE_CLOCK_ROOM] = {0};
    picture_clock_text(&pal, (struct dits_rational){262, 25}, text);
    CHECK(strcmp(text, "01:00:10:12") == 0);
    picture_clock_text(&unknown, (struct dits_rational){181, 2}, text);
    CHECK(strcmp(text, "00:01:30.500") == 0);
    picture_clock_text(&unknown, (struct dits_rational){-1, 2}, text);
    CHECK(text[0] == '\0');
}
