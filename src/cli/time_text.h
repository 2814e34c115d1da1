/*
 * cli/timecode.h - media times as people read them
 */
#ifndef CLI_TIMECODE_H
#define CLI_TIMECODE_H

#include <dits/media.h>

enum { TIMECODE_SIZE = 64 };

/*
 * "00:04:45:12" at `rate` frames a second, "-00:00:00:01"; with `drop` as SMPTE
 * 12M counts at 29.97 and 59.94: "00:04:45;12". Without a rate "00:04:45.480".
 * "?" when the time is not known.
 */
const char *timecode_format(struct dits_rational seconds,
                            struct dits_rational rate, bool drop,
                            char out[TIMECODE_SIZE]);

/* "285.480 s" */
const char *timecode_seconds(struct dits_rational seconds,
                             char out[TIMECODE_SIZE]);

/* "25", "23.976": at most three digits after the point. */
const char *timecode_rate(struct dits_rational rate, char out[TIMECODE_SIZE]);

#endif
