/*
 * repo/calendar.h - days and times of the Gregorian calendar
 *
 * Plain arithmetic: no time zone tables, no locale, no system call.
 */
#ifndef REPO_CALENDAR_H
#define REPO_CALENDAR_H

#include <stdbool.h>
#include <stdint.h>

struct civil {
    int64_t year;
    int month;  /* 1 to 12 */
    int day;    /* 1 to 31 */
    int hour;   /* 0 to 23 */
    int minute; /* 0 to 59 */
    int second; /* 0 to 60 */
};

/* Seconds since 1970 of a time that `civil_is_valid()`. */
int64_t civil_to_seconds(const struct civil *civil);
struct civil civil_from_seconds(int64_t seconds);

/* Whether there is such a day and time, in the years 1 to 9999. */
bool civil_is_valid(const struct civil *civil);

/* 0 is Sunday. */
int civil_weekday(int64_t seconds);
int civil_days_in_month(int64_t year, int month);

/* `months` later, or earlier; the day is cut to the month's length. */
void civil_add_months(struct civil *civil, int64_t months);

#endif
