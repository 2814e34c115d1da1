/*
 * cli/time_text.h - media times as people read them
 */
#ifndef CLI_TIME_TEXT_H
#define CLI_TIME_TEXT_H

#include <dits/media.h>

enum { TIME_TEXT_ROOM = 64 };

/*
 * "00:04:45:12" at `rate` frames a second, "-00:00:00:01"; with `drop` as SMPTE
 * ST 12-1 counts at 29.97 and 59.94: "00:04:45;12". Without a rate
 * "00:04:45.480".
 * "?" when the time is not known.
 */
const char *time_text(struct dits_rational seconds, struct dits_rational rate,
                      bool drop, char out[TIME_TEXT_ROOM]);

/* "285.480 s" */
const char *time_text_seconds(struct dits_rational seconds,
                              char out[TIME_TEXT_ROOM]);

/* "25", "23.976": at most three digits after the point. */
const char *time_text_rate(struct dits_rational rate, char out[TIME_TEXT_ROOM]);

#endif
