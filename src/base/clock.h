/*
 * base/clock.h - hours, minutes and seconds, as people read and write them
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CLOCK_ROOM = 40, CLOCK_MICRO = 1000000 };

/* "00:04:45.480" of 285,480 milliseconds. */
void clock_text(uint64_t milliseconds, char out[CLOCK_ROOM]);

/*
 * "90.5", "1:30", "00:01:30.500" as microseconds; what is finer is left out.
 * False for anything else. `length` bytes are read.
 */
bool clock_parse(const char *text, size_t length, int64_t *out_micros);

#endif
