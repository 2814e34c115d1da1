#include "base/clock.h"

#include <inttypes.h>
#include <stdio.h>

/* Few enough that three parts of a time do not overflow. */
enum { MOST_DIGITS = 9 };

void clock_text(uint64_t milliseconds, char out[CLOCK_ROOM])
{
    (void)snprintf(
        out, CLOCK_ROOM, "%02" PRIu64 ":%02u:%02u.%03u", milliseconds / 3600000,
        (unsigned)(milliseconds / 60000 % 60),
        (unsigned)(milliseconds / 1000 % 60), (unsigned)(milliseconds % 1000));
}

/* What is left of a text. */
struct rest {
    const char *at;
    const char *end;
};

static bool has(const struct rest *rest, char wanted)
{
    return rest->at < rest->end && *rest->at == wanted;
}

static bool has_digit(const struct rest *rest)
{
    return rest->at < rest->end && *rest->at >= '0' && *rest->at <= '9';
}

static bool take_whole(struct rest *rest, int64_t *out)
{
    int64_t value = 0;
    size_t digits = 0;
    for (; has_digit(rest); digits++, rest->at++)
        if (digits < MOST_DIGITS)
            value = value * 10 + (*rest->at - '0');
    *out = value;
    return digits > 0 && digits <= MOST_DIGITS;
}

/* Behind a point, as millionths. */
static bool take_fraction(struct rest *rest, int64_t *out)
{
    int64_t unit = CLOCK_MICRO / 10;
    bool is_good = has_digit(rest);
    *out = 0;
    for (; has_digit(rest); unit /= 10, rest->at++)
        *out += (*rest->at - '0') * unit;
    return is_good;
}

bool clock_parse(const char *text, size_t length, int64_t *out_micros)
{
    struct rest rest = {text, text + length};
    int64_t seconds = 0;
    int64_t part = 0;
    int64_t fraction = 0;
    for (size_t colons = 0;; colons++, rest.at++) {
        if (!take_whole(&rest, &part))
            return false;
        seconds = seconds * 60 + part;
        if (!has(&rest, ':') || colons == 2)
            break;
    }
    if (has(&rest, '.')) {
        rest.at++;
        if (!take_fraction(&rest, &fraction))
            return false;
    }
    *out_micros = seconds * CLOCK_MICRO + fraction;
    return rest.at == rest.end;
}
