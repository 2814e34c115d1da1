#include "repo/version_date.h"

#include <stdbool.h>
#include <string.h>

#include "repo/calendar.h"

/*
 * Forms, longest first: Y M D h m s for digits, '-' for one of "-_.", ' ' for
 * one of " _-T". Anything else stands for itself.
 */
static const char *const dates[] = {"YYYY-MM-DD", "DD-MM-YYYY", "YYYYMMDD",
                                    "YYMMDD"};
static const char *const times[] = {" at hh-mm-ss", " hh-mm-ss", " hh-mm",
                                    " hhmmss",      " hhmm",     ""};

enum { SHORT_FIRST = 15, SHORT_LAST = 39 };

struct moment {
    uint64_t year, month, day, hour, minute, second;
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static uint64_t *field_of(struct moment *moment, char letter)
{
    switch (letter) {
    case 'Y':
        return &moment->year;
    case 'M':
        return &moment->month;
    case 'D':
        return &moment->day;
    case 'h':
        return &moment->hour;
    case 'm':
        return &moment->minute;
    case 's':
        return &moment->second;
    default:
        return NULL;
    }
}

static bool is_as_in_form(char form, char c)
{
    switch (form) {
    case '-':
        return c != '\0' && strchr("-_.", c) != NULL;
    case ' ':
        return c != '\0' && strchr(" _-T", c) != NULL;
    default:
        return form == c;
    }
}

static bool fits(const char *form, const char *text, struct moment *out)
{
    for (; *form != '\0'; form++, text++) {
        uint64_t *field = field_of(out, *form);
        if (field == NULL ? !is_as_in_form(*form, *text) : !is_digit(*text))
            return false;
        if (field != NULL)
            *field = *field * 10 + (uint64_t)(*text - '0');
    }
    return true;
}

/* Two digits of a year are as good as any: frames are counted so, too. */
static bool is_valid(struct moment *moment, bool is_short)
{
    if (is_short && (moment->year < SHORT_FIRST || moment->year > SHORT_LAST))
        return false;
    if (is_short)
        moment->year += 2000;
    const struct civil civil = {
        .year = (int64_t)moment->year,
        .month = (int)moment->month,
        .day = (int)moment->day,
        .hour = (int)moment->hour,
        .minute = (int)moment->minute,
        .second = (int)moment->second,
    };
    return moment->year >= 1970 && moment->year < 2100 &&
           civil_is_valid(&civil);
}

static size_t try_form(const char *text, size_t end, const char *date,
                       const char *time, uint64_t *out)
{
    size_t length = strlen(date) + strlen(time);
    struct moment moment = {0};
    if (length > end)
        return 0;
    const char *start = text + end - length;
    if ((length < end && is_digit(start[-1])) || !fits(date, start, &moment) ||
        !fits(time, start + strlen(date), &moment) ||
        !is_valid(&moment, strcmp(date, "YYMMDD") == 0))
        return 0;
    *out = ((((moment.year * 100 + moment.month) * 100 + moment.day) * 100 +
             moment.hour) *
                100 +
            moment.minute) *
               100 +
           moment.second;
    return length;
}

size_t version_date_before(const char *text, size_t end, uint64_t *out)
{
    for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
        for (size_t k = 0; k < sizeof(dates) / sizeof(dates[0]); k++) {
            size_t length = try_form(text, end, dates[k], times[i], out);
            if (length > 0)
                return length;
        }
    }
    return 0;
}
