#include "cli/format.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>

const char *format_size(uint64_t bytes, char out[FORMAT_SIZE])
{
    static const char *const units[] = {"KB", "MB", "GB", "TB", "PB", "EB"};
    if (bytes < 1000) {
        (void)snprintf(out, FORMAT_SIZE, "%" PRIu64 " byte%s", bytes,
                       plural(bytes));
        return out;
    }
    /* In tenths of the unit, rounded; 999,950 bytes are 1.0 MB. */
    size_t unit = 0;
    uint64_t scale = 100;
    while (unit + 1 < sizeof(units) / sizeof(units[0]) &&
           bytes / scale + (bytes % scale >= scale / 2) >= 10000) {
        scale *= 1000;
        unit++;
    }
    uint64_t tenths = bytes / scale + (bytes % scale >= scale / 2);
    (void)snprintf(out, FORMAT_SIZE, "%" PRIu64 ".%u %s", tenths / 10,
                   (unsigned)(tenths % 10), units[unit]);
    return out;
}

const char *format_power(unsigned exponent, char out[FORMAT_SIZE])
{
    static const char *const units[] = {"bytes", "KiB", "MiB", "GiB",
                                        "TiB",   "PiB", "EiB"};
    (void)snprintf(out, FORMAT_SIZE, "%u %s", 1u << exponent % 10,
                   exponent == 0 ? "byte" : units[exponent / 10]);
    return out;
}

const char *format_count(uint64_t count, char out[FORMAT_SIZE])
{
    char digits[24] = {0};
    int length = snprintf(digits, sizeof(digits), "%" PRIu64, count);
    size_t size = length > 0 ? (size_t)length : 0;
    size_t at = 0;
    for (size_t i = 0; i < size; i++) {
        if (i > 0 && (size - i) % 3 == 0)
            out[at++] = ',';
        out[at++] = digits[i];
    }
    out[at] = '\0';
    return out;
}

const char *plural(uint64_t count)
{
    return count == 1 ? "" : "s";
}

const char *format_duration(uint64_t seconds, char out[FORMAT_SIZE])
{
    uint64_t h = seconds / 3600;
    unsigned m = (unsigned)(seconds / 60 % 60);
    unsigned s = (unsigned)(seconds % 60);
    if (h > 0)
        (void)snprintf(out, FORMAT_SIZE, "%" PRIu64 ":%02u:%02u", h, m, s);
    else if (m > 0)
        (void)snprintf(out, FORMAT_SIZE, "%u:%02u", m, s);
    else
        (void)snprintf(out, FORMAT_SIZE, "%u s", s);
    return out;
}
