#include "cli/date.h"

#include <string.h>

#include "support/test.h"

static bool formats(enum date_format format, int64_t time, int32_t offset,
                    const char *wanted)
{
    char text[DATE_TEXT_SIZE] = {0};
    const struct date_style style = {
        .format = format, .now = 1795449600, .local_minutes = 120};
    date_format(&style, time, offset, text);
    return strcmp(text, wanted) == 0;
}

/* 2026-11-23 16:00:00 UTC was a Monday. */
TEST(each_format_is_written_as_git_writes_it)
{
    int64_t t = 1795449600;
    CHECK(formats(DATE_DEFAULT, t, 60, "Mon Nov 23 17:00:00 2026 +0100"));
    CHECK(formats(DATE_ISO, t, 60, "2026-11-23 17:00:00 +0100"));
    CHECK(formats(DATE_ISO_STRICT, t, 60, "2026-11-23T17:00:00+01:00"));
    CHECK(formats(DATE_RFC, t, -330, "Mon, 23 Nov 2026 10:30:00 -0530"));
    CHECK(formats(DATE_SHORT, t, 8 * 60, "2026-11-24"));
    CHECK(formats(DATE_LOCAL, t, 0, "Mon Nov 23 18:00:00 2026"));
    CHECK(formats(DATE_RAW, t, 60, "1795449600 +0100"));
    CHECK(formats(DATE_UNIX, t, 60, "1795449600"));
}

TEST(any_time_has_a_date)
{
    CHECK(formats(DATE_ISO, 0, 0, "1970-01-01 00:00:00 +0000"));
    CHECK(formats(DATE_ISO, -1, 0, "1969-12-31 23:59:59 +0000"));
    CHECK(formats(DATE_SHORT, 951782400, 0, "2000-02-29"));
    CHECK(formats(DATE_SHORT, 951868800, 0, "2000-03-01"));
    CHECK(formats(DATE_SHORT, -62135596800, 0, "0001-01-01"));
    CHECK(formats(DATE_ISO, 253402300799, 0, "9999-12-31 23:59:59 +0000"));
}

TEST(how_long_ago_is_rounded_to_a_fitting_unit)
{
    static const struct {
        int64_t seconds;
        const char *wanted;
    } cases[] = {
        {0, "0 seconds ago"},         {1, "1 second ago"},
        {89, "89 seconds ago"},       {90, "2 minutes ago"},
        {3600, "60 minutes ago"},     {2 * 3600, "2 hours ago"},
        {36 * 3600, "2 days ago"},    {14 * 86400, "2 weeks ago"},
        {70 * 86400, "2 months ago"}, {365 * 86400, "1 year ago"},
        {800 * 86400, "2 years ago"}, {-5, "in the future"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        CHECK(formats(DATE_RELATIVE, 1795449600 - cases[i].seconds, 0,
                      cases[i].wanted));
}

TEST(formats_are_found_by_name)
{
    enum date_format format = DATE_DEFAULT;
    CHECK(date_format_find("short", &format) && format == DATE_SHORT);
    CHECK(date_format_find("iso8601", &format) && format == DATE_ISO);
    CHECK(!date_format_find("fortnightly", &format));
}
