#include "repo/date.h"

#include <stdio.h>
#include <string.h>

#include "repo/calendar.h"
#include "support/test.h"

/* Monday, 2026-11-23 17:30:00 in a zone one hour east. */
static const struct date now = {.time = 1795451400, .offset_minutes = 60};

static int64_t at(int64_t year, int month, int day, int hour, int minute)
{
    struct civil civil = {.year = year,
                          .month = month,
                          .day = day,
                          .hour = hour,
                          .minute = minute};
    return civil_to_seconds(&civil) - 3600;
}

TEST(the_present_of_these_tests_is_what_it_says)
{
    struct civil civil = civil_from_seconds(now.time + 3600);
    CHECK(civil.year == 2026 && civil.month == 11 && civil.day == 23);
    CHECK(civil.hour == 17 && civil.minute == 30 && civil.second == 0);
    CHECK(civil_weekday(now.time + 3600) == 1);
}

TEST(every_day_of_a_long_time_comes_back)
{
    for (int64_t day = -800000; day < 2000000; day += 97) {
        struct civil civil = civil_from_seconds(day * 86400 + 4711);
        CHECK(civil_to_seconds(&civil) == day * 86400 + 4711);
    }
}

TEST(dates_are_read_as_people_write_them)
{
    const struct {
        const char *text;
        int64_t time;
    } rows[] = {
        {"@1700000000", 1700000000},
        {"@-5", -5},
        {"@1700000000 +0530", 1700000000},
        {"now", now.time},
        {"2026-11-23 17:00", at(2026, 11, 23, 17, 0)},
        {"2026-11-23T17:00", at(2026, 11, 23, 17, 0)},
        {"2026-11-23T17:00:00Z", at(2026, 11, 23, 18, 0)},
        {"2026-11-23T17:00:00.123+01:00", at(2026, 11, 23, 17, 0)},
        {"2026-11-23 17:00 -0800", at(2026, 11, 24, 2, 0)},
        {"2026/11/23 17:00", at(2026, 11, 23, 17, 0)},
        {"2026.11.23", at(2026, 11, 23, 0, 0)},
        {"2024-02-29", at(2024, 2, 29, 0, 0)},
        {"Mon, 23 Nov 2026 17:00:00 +0100", at(2026, 11, 23, 17, 0)},
        {"Mon Nov 23 17:00:00 2026 +0100", at(2026, 11, 23, 17, 0)},
        {"nov 3", at(2026, 11, 3, 0, 0)},
        {"3 nov 2020", at(2020, 11, 3, 0, 0)},
        {"december 24", at(2025, 12, 24, 0, 0)},
        {"yesterday", now.time - 86400},
        {"yesterday noon", at(2026, 11, 22, 12, 0)},
        {"noon yesterday", at(2026, 11, 22, 12, 0)},
        {"noon", at(2026, 11, 23, 12, 0)},
        {"midnight", at(2026, 11, 23, 0, 0)},
        {"today", at(2026, 11, 23, 0, 0)},
        {"17:00", at(2026, 11, 23, 17, 0)},
        {"5pm", at(2026, 11, 23, 17, 0)},
        {"12am", at(2026, 11, 23, 0, 0)},
        {"3 days ago", now.time - 3 * 86400},
        {"3.days.ago", now.time - 3 * 86400},
        {"two weeks", now.time - 14 * 86400},
        {"1 hour 30 minutes ago", now.time - 5400},
        {"a month ago", at(2026, 10, 23, 17, 30)},
        {"last year", at(2025, 11, 23, 17, 30)},
        {"last friday", now.time - 3 * 86400},
        {"monday", now.time - 7 * 86400},
        {"friday at noon", at(2026, 11, 20, 12, 0)},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct date date = {0};
        CHECK_OK(date_parse(rows[i].text, &now, &date));
        if (date.time != rows[i].time)
            printf("# '%s'\n", rows[i].text);
        CHECK(date.time == rows[i].time);
    }
}

TEST(a_special_hour_that_is_still_to_come_was_yesterday)
{
    struct date morning = {.time = now.time - 8 * 3600, .offset_minutes = 60};
    struct date date = {0};
    CHECK_OK(date_parse("noon", &morning, &date));
    CHECK(date.time == at(2026, 11, 22, 12, 0));
}

TEST(the_zone_is_kept)
{
    struct date date = {0};
    CHECK_OK(date_parse("2026-11-23 17:00 -0330", &now, &date));
    CHECK(date.offset_minutes == -210);
    CHECK_OK(date_parse("2026-11-23 17:00", &now, &date));
    CHECK(date.offset_minutes == 60);
}

TEST(a_month_is_cut_to_its_last_day)
{
    struct date march = {.time = 1743417000, .offset_minutes = 0};
    struct date date = {0};
    CHECK_OK(date_parse("1 month ago", &march, &date)); /* of 31 March 2025 */
    struct civil civil = civil_from_seconds(date.time);
    CHECK(civil.month == 2 && civil.day == 28);
}

TEST(what_is_no_date_is_refused)
{
    static const char *const texts[] = {
        "",           " ",           "x",
        "2026-13-01", "2026-02-30",  "2025-02-29",
        "2026-11",    "25:00",       "12:60",
        "@",          "@12x",        "@99999999999999999999",
        "3",          "3 3",         "3 flowers ago",
        "13pm",       "0am",         "2026-11-23 17:00 +9900",
        "5 5 days",   "next friday", "99999999999999 years ago",
        "nov nov",    "17:00 18:00", "2026-11-23 2026-11-24",
    };
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct date date = {.time = 42};
        dits_error *err = date_parse(texts[i], &now, &date);
        if (err == NULL)
            printf("# '%s' was read as %lld\n", texts[i], (long long)date.time);
        CHECK_FAILS(DITS_E_INVALID, err);
        CHECK(date.time == 42);
    }
}
