#include "repo/date.h"

#include <dits/commit.h>

#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "repo/calendar.h"

enum {
    MAX_DIGITS = 15,
    MAX_TEXT = 200,
    MAX_OFFSET_MINUTES = 18 * 60,
    NOT_SET = -1,
};

/* What the words of a date come to. */
struct reading {
    const char *at;
    struct civil civil;  /* local; starts as now */
    int64_t weekday_now; /* of now: 0 is Sunday */
    int32_t offset_minutes;
    int64_t back_seconds; /* "3 days ago" */
    int64_t back_months;
    int weekday;    /* "last friday", or NOT_SET */
    int64_t number; /* waits for its unit, or NOT_SET */
    bool has_date;
    bool has_year;
    bool has_day;
    bool has_month;
    bool has_time;
    bool past_time; /* "noon": yesterday's when it is not noon yet */
    bool has_words; /* something was understood */
};

enum word_kind {
    WORD_UNIT,    /* seconds */
    WORD_MONTHS,  /* as a unit */
    WORD_MONTH,   /* a name */
    WORD_WEEKDAY, /* a name */
    WORD_NUMBER,
    WORD_HOUR,
    WORD_DAYS_AGO,
    WORD_TODAY,
    WORD_MERIDIEM, /* 0 or 12 hours */
    WORD_UTC,
    WORD_FILLER,
};

struct word {
    const char *text;
    enum word_kind kind;
    int64_t value;
};

static const struct word words[] = {
    {"second", WORD_UNIT, 1},
    {"sec", WORD_UNIT, 1},
    {"minute", WORD_UNIT, 60},
    {"min", WORD_UNIT, 60},
    {"hour", WORD_UNIT, 3600},
    {"day", WORD_UNIT, 86400},
    {"week", WORD_UNIT, INT64_C(7) * 86400},
    {"fortnight", WORD_UNIT, INT64_C(14) * 86400},
    {"month", WORD_MONTHS, 1},
    {"year", WORD_MONTHS, 12},
    {"january", WORD_MONTH, 1},
    {"february", WORD_MONTH, 2},
    {"march", WORD_MONTH, 3},
    {"april", WORD_MONTH, 4},
    {"may", WORD_MONTH, 5},
    {"june", WORD_MONTH, 6},
    {"july", WORD_MONTH, 7},
    {"august", WORD_MONTH, 8},
    {"september", WORD_MONTH, 9},
    {"october", WORD_MONTH, 10},
    {"november", WORD_MONTH, 11},
    {"december", WORD_MONTH, 12},
    {"sunday", WORD_WEEKDAY, 0},
    {"monday", WORD_WEEKDAY, 1},
    {"tuesday", WORD_WEEKDAY, 2},
    {"wednesday", WORD_WEEKDAY, 3},
    {"thursday", WORD_WEEKDAY, 4},
    {"friday", WORD_WEEKDAY, 5},
    {"saturday", WORD_WEEKDAY, 6},
    {"a", WORD_NUMBER, 1},
    {"an", WORD_NUMBER, 1},
    {"last", WORD_NUMBER, 1},
    {"one", WORD_NUMBER, 1},
    {"two", WORD_NUMBER, 2},
    {"three", WORD_NUMBER, 3},
    {"four", WORD_NUMBER, 4},
    {"five", WORD_NUMBER, 5},
    {"six", WORD_NUMBER, 6},
    {"seven", WORD_NUMBER, 7},
    {"eight", WORD_NUMBER, 8},
    {"nine", WORD_NUMBER, 9},
    {"ten", WORD_NUMBER, 10},
    {"midnight", WORD_HOUR, 0},
    {"noon", WORD_HOUR, 12},
    {"tea", WORD_HOUR, 17},
    {"yesterday", WORD_DAYS_AGO, 1},
    {"today", WORD_TODAY, 0},
    {"am", WORD_MERIDIEM, 0},
    {"pm", WORD_MERIDIEM, 12},
    {"z", WORD_UTC, 0},
    {"utc", WORD_UTC, 0},
    {"gmt", WORD_UTC, 0},
    {"now", WORD_FILLER, 0},
    {"ago", WORD_FILLER, 0},
    {"at", WORD_FILLER, 0},
    {"of", WORD_FILLER, 0},
    {"the", WORD_FILLER, 0},
};

/* Names may be cut to three letters; units may have a plural's s. */
static bool word_matches(const struct word *word, const char *text,
                         size_t length)
{
    size_t full = strlen(word->text);
    if (length == full && strncasecmp(word->text, text, length) == 0)
        return true;
    if (word->kind == WORD_MONTH || word->kind == WORD_WEEKDAY)
        return length >= 3 && length < full &&
               strncasecmp(word->text, text, length) == 0;
    if (word->kind == WORD_UNIT || word->kind == WORD_MONTHS)
        return length == full + 1 && text_lower(text[full]) == 's' &&
               strncasecmp(word->text, text, full) == 0;
    return false;
}

static const struct word *find_word(const char *text, size_t length)
{
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (word_matches(&words[i], text, length))
            return &words[i];
    }
    return NULL;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Digits at `*at`, at most MAX_DIGITS of them; moves past them. */
static bool take_digits(const char **at, int64_t *out, size_t *out_count)
{
    size_t count = 0;
    int64_t number = 0;
    for (; is_digit((*at)[count]); count++) {
        if (count == MAX_DIGITS)
            return false;
        number = number * 10 + ((*at)[count] - '0');
    }
    *at += count;
    *out = number;
    if (out_count != NULL)
        *out_count = count;
    return count > 0;
}

static bool set_date(struct reading *reading, int64_t year, int64_t month,
                     int64_t day)
{
    if (reading->has_date || month > 12 || day > 31 || year > 9999)
        return false;
    reading->civil.year = year;
    reading->civil.month = (int)month;
    reading->civil.day = (int)day;
    reading->has_date = reading->has_year = true;
    reading->has_day = reading->has_month = true;
    return true;
}

static bool set_time(struct reading *reading, int64_t hour, int64_t minute,
                     int64_t second)
{
    if (reading->has_time || hour > 23 || minute > 59 || second > 60)
        return false;
    reading->civil.hour = (int)hour;
    reading->civil.minute = (int)minute;
    reading->civil.second = (int)second;
    reading->has_time = true;
    return true;
}

/* "-MM-DD" after the year; the same separator twice. */
static bool take_rest_of_date(struct reading *reading, int64_t year)
{
    char separator = *reading->at++;
    int64_t month = 0;
    int64_t day = 0;
    if (!take_digits(&reading->at, &month, NULL) ||
        *reading->at++ != separator || !take_digits(&reading->at, &day, NULL))
        return false;
    if ((*reading->at == 'T' || *reading->at == 't') &&
        is_digit(reading->at[1]))
        reading->at++;
    return set_date(reading, year, month, day);
}

/* ":MM", ":MM:SS" or ":MM:SS.fraction" after the hour. */
static bool take_rest_of_time(struct reading *reading, int64_t hour)
{
    int64_t minute = 0;
    int64_t second = 0;
    reading->at++;
    if (!take_digits(&reading->at, &minute, NULL))
        return false;
    if (*reading->at == ':') {
        reading->at++;
        if (!take_digits(&reading->at, &second, NULL))
            return false;
        if (*reading->at == '.' && is_digit(reading->at[1])) {
            reading->at++;
            while (is_digit(*reading->at))
                reading->at++;
        }
    }
    return set_time(reading, hour, minute, second);
}

/* "+HHMM" or "+HH:MM", at its sign. */
static bool take_zone(const char **at, int32_t *out_minutes)
{
    bool west = *(*at)++ == '-';
    int64_t hours = 0;
    int64_t minutes = 0;
    size_t count = 0;
    if (!take_digits(at, &hours, &count))
        return false;
    if (count == 4) {
        minutes = hours % 100;
        hours /= 100;
    } else if (count == 2 && **at == ':') {
        (*at)++;
        if (!take_digits(at, &minutes, &count) || count != 2)
            return false;
    } else if (count != 2) {
        return false;
    }
    int64_t total = hours * 60 + minutes;
    if (minutes > 59 || total > MAX_OFFSET_MINUTES)
        return false;
    *out_minutes = (int32_t)(west ? -total : total);
    return true;
}

/* A number that stands alone: a day, a year, or it waits for its unit. */
static bool keep_number(struct reading *reading, int64_t number, size_t digits)
{
    if (reading->number != NOT_SET)
        return false;
    if (digits == 4 && reading->has_month && !reading->has_year) {
        reading->civil.year = number;
        reading->has_year = true;
    } else if (reading->has_month && !reading->has_day && number <= 31) {
        reading->civil.day = (int)number;
        reading->has_day = true;
    } else {
        reading->number = number;
    }
    return true;
}

static bool take_number(struct reading *reading)
{
    int64_t number = 0;
    size_t digits = 0;
    if (!take_digits(&reading->at, &number, &digits))
        return false;
    char next = *reading->at;
    bool more = next != '\0' && is_digit(reading->at[1]);
    if (digits == 4 && more && (next == '-' || next == '/' || next == '.'))
        return take_rest_of_date(reading, number);
    if (more && next == ':')
        return take_rest_of_time(reading, number);
    return keep_number(reading, number, digits);
}

static bool go_back(int64_t *total, int64_t count, int64_t unit)
{
    if (count > INT64_C(1000000000000) / unit)
        return false;
    *total += count * unit;
    return true;
}

static bool apply_month(struct reading *reading, int64_t month)
{
    if (reading->has_month || reading->number > 31)
        return false;
    reading->civil.month = (int)month;
    reading->has_month = true;
    if (reading->number > 0) {
        reading->civil.day = (int)reading->number;
        reading->has_day = true;
        reading->number = NOT_SET;
    }
    return true;
}

static bool apply_meridiem(struct reading *reading, int64_t add)
{
    if (!reading->has_time) {
        if (reading->number == NOT_SET ||
            !set_time(reading, reading->number, 0, 0))
            return false;
        reading->number = NOT_SET;
    }
    if (reading->civil.hour < 1 || reading->civil.hour > 12)
        return false;
    reading->civil.hour = reading->civil.hour % 12 + (int)add;
    return true;
}

static bool apply_word(struct reading *reading, const struct word *word)
{
    int64_t count = reading->number == NOT_SET ? 1 : reading->number;
    switch (word->kind) {
    case WORD_UNIT:
    case WORD_MONTHS:
        reading->number = NOT_SET;
        return go_back(word->kind == WORD_UNIT ? &reading->back_seconds
                                               : &reading->back_months,
                       count, word->value);
    case WORD_MONTH:
        return apply_month(reading, word->value);
    case WORD_WEEKDAY:
        reading->weekday = (int)word->value;
        reading->number = NOT_SET;
        return go_back(&reading->back_seconds, count - 1, INT64_C(7) * 86400);
    case WORD_NUMBER:
        return keep_number(reading, word->value, 1);
    case WORD_HOUR:
        reading->past_time = true;
        return set_time(reading, word->value, 0, 0);
    case WORD_DAYS_AGO:
        reading->past_time = false;
        return go_back(&reading->back_seconds, word->value, 86400);
    case WORD_TODAY:
        return reading->has_time || set_time(reading, 0, 0, 0);
    case WORD_MERIDIEM:
        return apply_meridiem(reading, word->value);
    case WORD_UTC:
        reading->offset_minutes = 0;
        return reading->has_time;
    case WORD_FILLER:
    default:
        return true;
    }
}

static bool take_word(struct reading *reading)
{
    size_t length = 0;
    while (text_is_letter(reading->at[length]))
        length++;
    const struct word *word = find_word(reading->at, length);
    reading->at += length;
    return word != NULL && apply_word(reading, word);
}

static bool take_part(struct reading *reading)
{
    char c = *reading->at;
    if (is_digit(c)) {
        reading->has_words = true;
        return take_number(reading);
    }
    if (text_is_letter(c)) {
        reading->has_words = true;
        return take_word(reading);
    }
    if ((c == '+' || c == '-') && is_digit(reading->at[1]) && reading->has_time)
        return take_zone(&reading->at, &reading->offset_minutes);
    if (strchr(" .,_-\t", c) == NULL)
        return false;
    reading->at++;
    return true;
}

/* Days back to the weekday before today. */
static int64_t days_to_weekday(const struct reading *reading)
{
    int64_t days = reading->weekday_now - reading->weekday;
    return days <= 0 ? days + 7 : days;
}

/* Put the parts together; the reading's zone is now the final one. */
static bool conclude(struct reading *reading, int64_t now, int64_t *out)
{
    struct civil *civil = &reading->civil;
    bool dated = reading->has_date || reading->has_month;
    if (!reading->has_words || reading->number != NOT_SET)
        return false;
    if (dated && !reading->has_time)
        civil->hour = civil->minute = civil->second = 0;
    if (reading->has_month && !reading->has_day)
        civil->day = 1;
    if (!civil_is_valid(civil))
        return false;

    int64_t offset = (int64_t)reading->offset_minutes * 60;
    if (dated && !reading->has_year && civil_to_seconds(civil) - offset > now) {
        civil->year--; /* "nov 30" is the last one there was */
        if (!civil_is_valid(civil))
            return false;
    }
    if (reading->past_time && !dated && reading->back_seconds == 0 &&
        reading->weekday == NOT_SET && civil_to_seconds(civil) - offset > now)
        reading->back_seconds = 86400;
    if (reading->weekday != NOT_SET && !dated)
        reading->back_seconds += days_to_weekday(reading) * 86400;
    if (reading->back_months > INT64_C(12) * 9999)
        return false;
    civil_add_months(civil, -reading->back_months);
    *out = civil_to_seconds(civil) - offset - reading->back_seconds;
    return true;
}

static bool parse_words(const char *text, const struct date *now,
                        struct date *out)
{
    int64_t local = now->time + (int64_t)now->offset_minutes * 60;
    struct reading reading = {
        .at = text,
        .civil = civil_from_seconds(local),
        .weekday_now = civil_weekday(local),
        .offset_minutes = now->offset_minutes,
        .weekday = NOT_SET,
        .number = NOT_SET,
    };
    while (*reading.at != '\0') {
        if (!take_part(&reading))
            return false;
    }
    struct date found = {.offset_minutes = reading.offset_minutes};
    if (!conclude(&reading, now->time, &found.time))
        return false;
    *out = found;
    return true;
}

/* "@1700000000" or "@1700000000 +0100". */
static bool parse_seconds(const char *text, const struct date *now,
                          struct date *out)
{
    const char *at = text + 1;
    bool negative = *at == '-';
    at += negative ? 1 : 0;
    struct date found = {.offset_minutes = now->offset_minutes};
    if (!take_digits(&at, &found.time, NULL))
        return false;
    while (*at == ' ')
        at++;
    if ((*at == '+' || *at == '-') && !take_zone(&at, &found.offset_minutes))
        return false;
    if (*at != '\0')
        return false;
    found.time = negative ? -found.time : found.time;
    *out = found;
    return true;
}

dits_error *date_parse(const char *text, const struct date *now,
                       struct date *out)
{
    bool understood = strlen(text) <= MAX_TEXT &&
                      (text[0] == '@' ? parse_seconds(text, now, out)
                                      : parse_words(text, now, out));
    if (understood)
        return NULL;
    return error_hint(
        error_new(DITS_E_INVALID, "'%.*s' is not a date", MAX_TEXT, text),
        "Write it as in \"2026-11-23 17:00\", \"3 days ago\", \"yesterday\", "
        "\"last friday\" or \"@1700000000\".");
}

static struct date present(const dits_context *context)
{
    return (struct date){
        .time = context_now(context),
        .offset_minutes = context_options(context)->utc_offset_minutes};
}

dits_error *date_parse_age(const dits_context *context, const char *text,
                           int64_t *out)
{
    struct date now = present(context);
    struct date found = {0};
    TRY(date_parse(text, &now, &found));
    *out = found.time;
    return NULL;
}

dits_error *dits_date_parse(const dits_context *context, const char *text,
                            int64_t *out_time, int32_t *out_offset_minutes)
{
    struct date now = present(context);
    struct date found = {0};
    TRY(date_parse(text, &now, &found));
    *out_time = found.time;
    *out_offset_minutes = found.offset_minutes;
    return NULL;
}
