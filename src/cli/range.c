#include "cli/range.h"

#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"

/* A part of a text as a number; an empty one is `otherwise`. */
static bool take_number(const char *text, size_t length, uint64_t otherwise,
                        uint64_t *out)
{
    char digits[24] = "";
    if (length >= sizeof(digits))
        return false;
    memcpy(digits, text, length);
    *out = otherwise;
    return length == 0 || text_to_u64(digits, out);
}

dits_error *range_parse_numbers(const char *text, struct range_numbers *out)
{
    struct range_numbers range = {0};
    const char *dots = strstr(text, "..");
    size_t length = strlen(text);
    size_t head = dots != NULL ? (size_t)(dots - text) : length;
    size_t tail = dots != NULL ? head + 2 : 0;
    bool is_good =
        length > 0 && take_number(text, head, 1, &range.first) &&
        take_number(text + tail, length - tail, UINT64_MAX, &range.last);
    if (!is_good || range.first < 1 || range.last < range.first)
        return error_hint(
            error_new(DITS_E_INVALID, "'%s' is no range of numbers", text),
            "Write 3..8, 3.., ..8 or 5; the first is 1.");
    *out = range;
    return NULL;
}

/* A bound; where there is none, its `den` stays 0. */
static bool take_time(const char *text, size_t length,
                      struct dits_rational *out)
{
    int64_t micros = 0;
    if (length == 0)
        return true;
    if (!clock_parse(text, length, &micros))
        return false;
    *out = (struct dits_rational){micros, CLOCK_MICRO};
    return true;
}

dits_error *range_parse_times(const char *text, struct range_times *out)
{
    struct range_times range = {0};
    const char *dots = strstr(text, "..");
    size_t head = dots != NULL ? (size_t)(dots - text) : 0;
    if (dots == NULL || !take_time(text, head, &range.from) ||
        !take_time(dots + 2, strlen(dots + 2), &range.to))
        return error_hint(
            error_new(DITS_E_INVALID, "'%s' is no range of times", text),
            "Write 1:30..2:00, 90.5.. or ..0:01:00.250.");
    *out = range;
    return NULL;
}

dits_error *range_parse_bytes(const char *text, struct range_bytes *out)
{
    struct range_bytes range = {0};
    const char *dash = strchr(text, '-');
    size_t head = dash != NULL ? (size_t)(dash - text) : 0;
    range.is_suffix = head == 0;
    bool is_good = dash != NULL && strlen(text) > 1;
    if (is_good && range.is_suffix)
        is_good = take_number(dash + 1, strlen(dash + 1), 0, &range.first);
    else if (is_good)
        is_good =
            take_number(text, head, 0, &range.first) &&
            take_number(dash + 1, strlen(dash + 1), UINT64_MAX, &range.last) &&
            range.last >= range.first;
    if (!is_good)
        return error_hint(
            error_new(DITS_E_INVALID, "'%s' is no range of bytes", text),
            "Write 0-499 for the first 500, 500- for what is behind them, -500 "
            "for the last 500.");
    *out = range;
    return NULL;
}

dits_error *range_within(const struct range_bytes *range, uint64_t size,
                         uint64_t *out_offset, uint64_t *out_size)
{
    uint64_t first = range->first;
    uint64_t last = range->last;
    if (range->is_suffix) {
        first = range->first < size ? size - range->first : 0;
        last = UINT64_MAX;
    }
    if (first >= size)
        return error_new(DITS_E_INVALID,
                         "it has %" PRIu64 " bytes, and none in that range",
                         size);
    *out_offset = first;
    *out_size = (last < size - 1 ? last : size - 1) - first + 1;
    return NULL;
}
