#include "repo/calendar.h"

enum {
    DAY_SECONDS = 86400,
    DAYS_PER_ERA = 146097, /* of 400 years */
    DAYS_TO_1970 = 719468, /* from 0000-03-01 */
};

static int64_t floor_divide(int64_t a, int64_t b)
{
    return a / b - (a % b < 0 ? 1 : 0);
}

/* Years are counted from March, so that the leap day is the last. */
static int64_t days_from_civil(int64_t year, int month, int day)
{
    year -= month <= 2 ? 1 : 0;
    int64_t era = floor_divide(year, 400);
    int64_t year_of_era = year - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day -
                          1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 -
                         year_of_era / 100 + day_of_year;
    return era * DAYS_PER_ERA + day_of_era - DAYS_TO_1970;
}

int64_t civil_to_seconds(const struct civil *civil)
{
    return days_from_civil(civil->year, civil->month, civil->day) *
               DAY_SECONDS +
           (int64_t)civil->hour * 3600 + (int64_t)civil->minute * 60 +
           civil->second;
}

struct civil civil_from_seconds(int64_t seconds)
{
    int64_t days = floor_divide(seconds, DAY_SECONDS);
    int64_t rest = seconds - days * DAY_SECONDS;
    days += DAYS_TO_1970;
    int64_t era = floor_divide(days, DAYS_PER_ERA);
    int64_t day_of_era = days - era * DAYS_PER_ERA;
    int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 -
                           day_of_era / 146096) /
                          365;
    int64_t day_of_year =
        day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t month = (5 * day_of_year + 2) / 153;
    struct civil civil = {
        .month = (int)(month < 10 ? month + 3 : month - 9),
        .day = (int)(day_of_year - (153 * month + 2) / 5 + 1),
        .hour = (int)(rest / 3600),
        .minute = (int)(rest / 60 % 60),
        .second = (int)(rest % 60),
    };
    civil.year = year_of_era + era * 400 + (civil.month <= 2 ? 1 : 0);
    return civil;
}

int civil_weekday(int64_t seconds)
{
    int64_t days = floor_divide(seconds, DAY_SECONDS) + 4; /* a Thursday */
    return (int)(days - floor_divide(days, 7) * 7);
}

static bool is_leap(int64_t year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

int civil_days_in_month(int64_t year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return days[month - 1] + (month == 2 && is_leap(year) ? 1 : 0);
}

bool civil_is_valid(const struct civil *civil)
{
    return civil->year >= 1 && civil->year <= 9999 && civil->month >= 1 &&
           civil->month <= 12 && civil->day >= 1 &&
           civil->day <= civil_days_in_month(civil->year, civil->month) &&
           civil->hour >= 0 && civil->hour <= 23 && civil->minute >= 0 &&
           civil->minute <= 59 && civil->second >= 0 && civil->second <= 60;
}

void civil_add_months(struct civil *civil, int64_t months)
{
    int64_t count = civil->year * 12 + civil->month - 1 + months;
    civil->year = floor_divide(count, 12);
    civil->month = (int)(count - civil->year * 12) + 1;
    int longest = civil_days_in_month(civil->year, civil->month);
    if (civil->day > longest)
        civil->day = longest;
}
