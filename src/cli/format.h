/*
 * cli/format.h - numbers as people read them
 */
#ifndef CLI_FORMAT_H
#define CLI_FORMAT_H

#include <stdint.h>

enum { FORMAT_SIZE = 32 };

/* "0 bytes", "1 byte", "999 bytes", "1.2 MB": units of 1000, as disks have. */
const char *format_size(uint64_t bytes, char out[FORMAT_SIZE]);

/* "1,234,567" */
const char *format_count(uint64_t count, char out[FORMAT_SIZE]);

/* "", or the ending of a plural: printf("%s file%s", …, plural(n)). */
const char *plural(uint64_t count);

/* "4 s", "3:20", "1:04:09" */
const char *format_duration(uint64_t seconds, char out[FORMAT_SIZE]);

/* Of the same quantity before and after, "-1.2 MB" or "+310 bytes". */
const char *format_growth(uint64_t before, uint64_t after,
                          char out[FORMAT_SIZE]);

/* "12.3" of `part` in `whole`, which may be 0. */
const char *format_percent(uint64_t part, uint64_t whole,
                           char out[FORMAT_SIZE]);

#endif
