#include "cli/date.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const date_format_names[] = {
    "default",  "iso",   "iso-strict", "rfc",  "short",
    "relative", "local", "raw",        "unix", NULL,
};

static const struct {
    const char *name;
    enum date_format format;
} other_names[] = {
    {"iso8601", DATE_ISO},
    {"iso8601-strict", DATE_ISO_STRICT},
    {"rfc2822", DATE_RFC},
};

static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
static const char days[] = "ThuFriSatSunMonTueWed"; /* 1970 began on Thursday */

enum { DAY = 24 * 60 * 60 };

struct civil {
    int64_t year;
    unsigned month; /* 0 to 11 */
    unsigned day;   /* 1 to 31 */
    unsigned weekday;
    unsigned seconds; /* of the day */
};

/*
 * The Gregorian calendar without the C library's: any 64-bit time gives a
 * date. Years are counted from March, which puts the leap day last.
 */
static struct civil civil_from_time(int64_t time)
{
    int64_t day = time / DAY;
    int64_t rest = time % DAY;
    if (rest < 0) {
        rest += DAY;
        day--;
    }
    int64_t since = day + 719468; /* days since 0000-03-01 */
    int64_t era = (since >= 0 ? since : since - 146096) / 146097;
    int64_t of_era = since - era * 146097;
    int64_t year_of_era =
        (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era -
                      (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t march_month = (5 * of_year + 2) / 153;
    unsigned month = (unsigned)((march_month + 2) % 12);
    return (struct civil){
        .year = year_of_era + era * 400 + (month < 2),
        .month = month,
        .day = (unsigned)(of_year - (153 * march_month + 2) / 5 + 1),
        .weekday = (unsigned)((day % 7 + 7) % 7),
        .seconds = (unsigned)rest,
    };
}

bool date_format_find(const char *name, enum date_format *out)
{
    for (size_t i = 0; date_format_names[i] != NULL; i++) {
        if (strcmp(date_format_names[i], name) == 0) {
            *out = (enum date_format)i;
            return true;
        }
    }
    for (size_t i = 0; i < sizeof(other_names) / sizeof(other_names[0]); i++) {
        if (strcmp(other_names[i].name, name) == 0) {
            *out = other_names[i].format;
            return true;
        }
    }
    return false;
}

static void format_ago(int64_t seconds, char out[DATE_TEXT_SIZE])
{
    /* Each unit serves until twice the next one, so "1 days" never shows. */
    static const struct {
        int64_t size;
        int64_t limit;
        const char *name;
    } units[] = {
        {1, 90, "second"},
        {60, INT64_C(90) * 60, "minute"},
        {3600, INT64_C(36) * 3600, "hour"},
        {DAY, INT64_C(14) * DAY, "day"},
        {INT64_C(7) * DAY, INT64_C(70) * DAY, "week"},
        {INT64_C(61) * DAY / 2, INT64_C(365) * DAY, "month"},
        {INT64_C(1461) * DAY / 4, INT64_MAX, "year"},
    };
    size_t i = 0;
    while (seconds >= units[i].limit)
        i++;
    int64_t count = (seconds + units[i].size / 2) / units[i].size;
    (void)snprintf(out, DATE_TEXT_SIZE, "%" PRId64 " %s%s ago", count,
                   units[i].name, count == 1 ? "" : "s");
}

void date_format(const struct date_style *style, int64_t time,
                 int32_t offset_minutes, char out[DATE_TEXT_SIZE])
{
    bool is_local = style->format == DATE_LOCAL;
    int32_t offset = is_local ? style->local_minutes : offset_minutes;
    struct civil at = civil_from_time(time + (int64_t)offset * 60);
    char zone[16] = {0};
    (void)snprintf(zone, sizeof(zone), "%c%02d%02d", offset < 0 ? '-' : '+',
                   abs(offset) / 60 % 100, abs(offset) % 60);
    const char *month = months + (size_t)at.month * 3;
    const char *day = days + (size_t)at.weekday * 3;
    unsigned h = at.seconds / 3600;
    unsigned m = at.seconds / 60 % 60;
    unsigned s = at.seconds % 60;

    switch (style->format) {
    case DATE_ISO:
        (void)snprintf(out, DATE_TEXT_SIZE,
                       "%04" PRId64 "-%02u-%02u %02u:%02u:%02u %s", at.year,
                       at.month + 1, at.day, h, m, s, zone);
        break;
    case DATE_ISO_STRICT:
        (void)snprintf(out, DATE_TEXT_SIZE,
                       "%04" PRId64 "-%02u-%02uT%02u:%02u:%02u%.3s:%s", at.year,
                       at.month + 1, at.day, h, m, s, zone, zone + 3);
        break;
    case DATE_RFC:
        (void)snprintf(out, DATE_TEXT_SIZE,
                       "%.3s, %u %.3s %" PRId64 " %02u:%02u:%02u %s", day,
                       at.day, month, at.year, h, m, s, zone);
        break;
    case DATE_SHORT:
        (void)snprintf(out, DATE_TEXT_SIZE, "%04" PRId64 "-%02u-%02u", at.year,
                       at.month + 1, at.day);
        break;
    case DATE_RELATIVE:
        if (time > style->now)
            (void)snprintf(out, DATE_TEXT_SIZE, "in the future");
        else
            format_ago(style->now - time, out);
        break;
    case DATE_RAW:
        (void)snprintf(out, DATE_TEXT_SIZE, "%" PRId64 " %s", time, zone);
        break;
    case DATE_UNIX:
        (void)snprintf(out, DATE_TEXT_SIZE, "%" PRId64, time);
        break;
    case DATE_DEFAULT:
    case DATE_LOCAL:
        (void)snprintf(out, DATE_TEXT_SIZE,
                       "%.3s %.3s %u %02u:%02u:%02u %" PRId64 "%s%s", day,
                       month, at.day, h, m, s, at.year, is_local ? "" : " ",
                       is_local ? "" : zone);
        break;
    }
}
