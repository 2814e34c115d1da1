/*
 * cli/format.h - numbers as people read them
 */
#ifndef CLI_FORMAT_H
#define CLI_FORMAT_H

#include <stdint.h>

enum { FORMAT_SIZE = 32 };

/* "0 bytes", "1 byte", "999 bytes", "1.2 MB": units of 1000, as disks have. */
const char *format_size(uint64_t bytes, char out[FORMAT_SIZE]);

/* A power of two: "64 KiB". */
const char *format_power(unsigned exponent, char out[FORMAT_SIZE]);

/* "1,234,567" */
const char *format_count(uint64_t count, char out[FORMAT_SIZE]);

/* "", or the ending of a plural: printf("%s file%s", …, plural(n)). */
const char *plural(uint64_t count);

/* "4 s", "3:20", "1:04:09" */
const char *format_duration(uint64_t seconds, char out[FORMAT_SIZE]);

#endif
