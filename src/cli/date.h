/*
 * cli/date.h - dates as people and programs read them
 */
#ifndef CLI_DATE_H
#define CLI_DATE_H

#include <stdbool.h>
#include <stdint.h>

enum date_format {
    DATE_DEFAULT,    /* Mon Nov 23 17:00:00 2026 +0100 */
    DATE_ISO,        /* 2026-11-23 17:00:00 +0100 */
    DATE_ISO_STRICT, /* 2026-11-23T17:00:00+01:00 */
    DATE_RFC,        /* Mon, 23 Nov 2026 17:00:00 +0100 */
    DATE_SHORT,      /* 2026-11-23 */
    DATE_RELATIVE,   /* 3 days ago */
    DATE_LOCAL,      /* the default form in the reader's zone, without it */
    DATE_RAW,        /* 1795449600 +0100 */
    DATE_UNIX,       /* 1795449600 */
};

/* How to show dates. The zero value is the default form. */
struct date_style {
    enum date_format format;
    int64_t now;           /* of the reader; for DATE_RELATIVE */
    int32_t local_minutes; /* the reader's zone; for DATE_LOCAL */
};

/* The names of the formats, in the enum's order, then NULL. */
extern const char *const date_format_names[];

/* Also the names git allows beside these: iso8601, rfc2822 and so on. */
bool date_format_find(const char *name, enum date_format *out);

enum { DATE_TEXT_SIZE = 64 };

void date_format(const struct date_style *style, int64_t time,
                 int32_t offset_minutes, char out[DATE_TEXT_SIZE]);

#endif
