/*
 * repo/date.h - dates as people write them
 *
 * Public entry: dits_date_parse() in dits/commit.h.
 */
#ifndef REPO_DATE_H
#define REPO_DATE_H

#include <stdint.h>

#include "base/context.h"
#include "base/error.h"

/* A moment, and the zone that it was given in. */
struct date {
    int64_t time; /* seconds since 1970 UTC */
    int32_t offset_minutes;
};

/*
 * Read `text` against `now`, whose zone holds where the text names none.
 * INVALID when it is no date.
 */
MUST_USE dits_error *date_parse(const char *text, const struct date *now,
                                struct date *out);

/*
 * The moment that is the age `text` ("90 days", "2 weeks ago", "now") before
 * the context's present, or the date that it is.
 */
MUST_USE dits_error *date_parse_age(const dits_context *context,
                                    const char *text, int64_t *out);

#endif
