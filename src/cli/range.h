/*
 * cli/range.h - ranges as people write them
 */
#ifndef CLI_RANGE_H
#define CLI_RANGE_H

#include <stdbool.h>

#include <dits/media.h>

#include "base/error.h"

/* "3..8", "3..", "..8", "5": numbers from 1, both ends included. */
struct range_numbers {
    uint64_t first;
    uint64_t last; /* UINT64_MAX: no end */
};
MUST_USE dits_error *range_parse_numbers(const char *text,
                                         struct range_numbers *out);

/*
 * "1:30..2:00", "90.5..", "..0:01:00.250": hours, minutes and seconds. A `den`
 * of 0 where there is no bound.
 */
struct range_times {
    struct dits_rational from, to;
};
MUST_USE dits_error *range_parse_times(const char *text,
                                       struct range_times *out);

/* "0-499", "500-", "-500" for the last 500: as in HTTP (RFC 9110, 14.1.2). */
struct range_bytes {
    bool is_suffix;
    uint64_t first; /* of a suffix: its length */
    uint64_t last;  /* included; UINT64_MAX: no end */
};
MUST_USE dits_error *range_parse_bytes(const char *text,
                                       struct range_bytes *out);

/*
 * Where these bytes are in `size`; what is past the end is left out. INVALID
 * when nothing is left.
 */
MUST_USE dits_error *range_within(const struct range_bytes *range,
                                  uint64_t size, uint64_t *out_offset,
                                  uint64_t *out_size);

#endif
