#include "cli/time_text.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/timecode.h"

/* Past this a time is nonsense, and its digits would not fit. */
#define MOST_SECONDS 1e12

static double value_of(struct dits_rational ratio)
{
    return (double)ratio.num / (double)ratio.den;
}

/* Without its sign. */
static double size_of(struct dits_rational ratio)
{
    double value = value_of(ratio);
    return value < 0 ? -value : value;
}

const char *time_text(struct dits_rational seconds, struct dits_rational rate,
                      bool drop, char out[TIME_TEXT_ROOM])
{
    if (seconds.den == 0 || size_of(seconds) > MOST_SECONDS) {
        (void)snprintf(out, TIME_TEXT_ROOM, "?");
        return out;
    }
    char *at = out;
    double time = size_of(seconds);
    double per_second = rate.den != 0 ? value_of(rate) : 0;
    if (seconds.num < 0)
        *at++ = '-';
    if (per_second < 1 || per_second > 1000) {
        clock_text((uint64_t)(time * 1000 + 0.5), at);
        return out;
    }
    uint32_t nominal = (uint32_t)(per_second + 0.5);
    timecode_text((uint64_t)(time * per_second + 0.5),
                  (struct timecode_rate){nominal, drop}, at);
    return out;
}

const char *time_text_seconds(struct dits_rational seconds,
                              char out[TIME_TEXT_ROOM])
{
    if (seconds.den == 0 || size_of(seconds) > MOST_SECONDS)
        (void)snprintf(out, TIME_TEXT_ROOM, "?");
    else
        (void)snprintf(out, TIME_TEXT_ROOM, "%.3f s", value_of(seconds));
    return out;
}

const char *time_text_rate(struct dits_rational rate, char out[TIME_TEXT_ROOM])
{
    if (rate.den == 0 || size_of(rate) > MOST_SECONDS) {
        (void)snprintf(out, TIME_TEXT_ROOM, "?");
        return out;
    }
    int length = snprintf(out, TIME_TEXT_ROOM, "%.3f", value_of(rate));
    while (length > 0 && out[length - 1] == '0')
        out[--length] = '\0';
    if (length > 0 && out[length - 1] == '.')
        out[length - 1] = '\0';
    return out;
}
