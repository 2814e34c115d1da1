#include "cli/timecode.h"

#include <inttypes.h>
#include <stdio.h>

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

/* Frame numbers 0 and 1 are left out each minute but the tenth, or 0 to 3. */
static uint64_t with_dropped(uint64_t frames, uint64_t rate)
{
    uint64_t dropped = rate / 15;
    uint64_t minute = rate * 60 - dropped;
    uint64_t ten = minute * 10 + dropped;
    uint64_t rest = frames % ten;
    uint64_t result = frames + frames / ten * 9 * dropped;
    if (rest >= rate * 60)
        result += dropped * (1 + (rest - rate * 60) / minute);
    return result;
}

static void put_frames(uint64_t frames, uint64_t rate, bool drop, bool negative,
                       char out[TIMECODE_SIZE])
{
    if (drop)
        frames = with_dropped(frames, rate);
    uint64_t seconds = frames / rate;
    (void)snprintf(out, TIMECODE_SIZE, "%s%02" PRIu64 ":%02u:%02u%c%02" PRIu64,
                   negative ? "-" : "", seconds / 3600,
                   (unsigned)(seconds / 60 % 60), (unsigned)(seconds % 60),
                   drop ? ';' : ':', frames % rate);
}

static void put_milliseconds(double seconds, bool negative,
                             char out[TIMECODE_SIZE])
{
    uint64_t ms = (uint64_t)(seconds * 1000 + 0.5);
    (void)snprintf(out, TIMECODE_SIZE, "%s%02" PRIu64 ":%02u:%02u.%03u",
                   negative ? "-" : "", ms / 3600000,
                   (unsigned)(ms / 60000 % 60), (unsigned)(ms / 1000 % 60),
                   (unsigned)(ms % 1000));
}

const char *timecode_format(struct dits_rational seconds,
                            struct dits_rational rate, bool drop,
                            char out[TIMECODE_SIZE])
{
    if (seconds.den == 0 || size_of(seconds) > MOST_SECONDS) {
        (void)snprintf(out, TIMECODE_SIZE, "?");
        return out;
    }
    double time = size_of(seconds);
    double per_second = rate.den != 0 ? value_of(rate) : 0;
    if (per_second < 1 || per_second > 1000) {
        put_milliseconds(time, seconds.num < 0, out);
        return out;
    }
    uint64_t nominal = (uint64_t)(per_second + 0.5);
    bool can_drop = drop && (nominal == 30 || nominal == 60);
    put_frames((uint64_t)(time * per_second + 0.5), nominal, can_drop,
               seconds.num < 0, out);
    return out;
}

const char *timecode_seconds(struct dits_rational seconds,
                             char out[TIMECODE_SIZE])
{
    if (seconds.den == 0 || size_of(seconds) > MOST_SECONDS)
        (void)snprintf(out, TIMECODE_SIZE, "?");
    else
        (void)snprintf(out, TIMECODE_SIZE, "%.3f s", value_of(seconds));
    return out;
}

const char *timecode_rate(struct dits_rational rate, char out[TIMECODE_SIZE])
{
    if (rate.den == 0 || size_of(rate) > MOST_SECONDS) {
        (void)snprintf(out, TIMECODE_SIZE, "?");
        return out;
    }
    int length = snprintf(out, TIMECODE_SIZE, "%.3f", value_of(rate));
    while (length > 0 && out[length - 1] == '0')
        out[--length] = '\0';
    if (length > 0 && out[length - 1] == '.')
        out[length - 1] = '\0';
    return out;
}
