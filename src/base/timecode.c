#include "base/timecode.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>

/* Numbers left out at the start of a minute: two in thirty. */
static uint32_t dropped(struct timecode_rate rate)
{
    return rate.is_drop && rate.frames % 30 == 0 ? rate.frames / 15 : 0;
}

static uint64_t frames_of_ten_minutes(struct timecode_rate rate)
{
    return (uint64_t)rate.frames * 600 - UINT64_C(9) * dropped(rate);
}

uint64_t timecode_day(struct timecode_rate rate)
{
    return frames_of_ten_minutes(rate) * 6 * 24;
}

/* The number that a timecode without drops would have for the frame. */
static uint64_t with_dropped(uint64_t frame, struct timecode_rate rate)
{
    uint32_t drop = dropped(rate);
    uint64_t tens = frame / frames_of_ten_minutes(rate);
    uint64_t rest = frame % frames_of_ten_minutes(rate);
    uint64_t minute = (uint64_t)rate.frames * 60 - drop;
    uint64_t skipped = tens * 9 * drop;
    if (drop > 0 && rest >= drop)
        skipped += drop * ((rest - drop) / minute);
    return frame + skipped;
}

uint64_t timecode_in_day(int64_t frame, struct timecode_rate rate)
{
    int64_t day = (int64_t)timecode_day(rate);
    int64_t rest = frame % day;
    return (uint64_t)(rest < 0 ? rest + day : rest);
}

void timecode_text(uint64_t frame, struct timecode_rate rate,
                   char out[TIMECODE_ROOM])
{
    out[0] = '\0';
    if (rate.frames == 0)
        return;
    uint64_t number = with_dropped(frame, rate);
    uint64_t seconds = number / rate.frames;
    (void)snprintf(out, TIMECODE_ROOM, "%02" PRIu64 ":%02u:%02u%c%02u",
                   seconds / 3600, (unsigned)(seconds / 60 % 60),
                   (unsigned)(seconds % 60), dropped(rate) > 0 ? ';' : ':',
                   (unsigned)(number % rate.frames));
}

/* Two digits, or three of the frames above 100; false for anything else. */
static bool take_number(const char **text, uint32_t *out)
{
    uint32_t value = 0;
    size_t digits = 0;
    for (; **text >= '0' && **text <= '9' && digits < 3; digits++, (*text)++)
        value = value * 10 + (uint32_t)(**text - '0');
    *out = value;
    return digits >= 2;
}

bool timecode_number(const char *text, struct timecode_rate rate,
                     int64_t *out_frame)
{
    uint32_t part[4] = {0};
    for (size_t i = 0; i < 4; i++) {
        if (!take_number(&text, &part[i]))
            return false;
        bool is_drop = i == 2 && (*text == ';' || *text == '.');
        if (i < 3 && *text != ':' && !is_drop)
            return false;
        if (i == 2)
            rate.is_drop = is_drop;
        text += i < 3;
    }
    uint32_t drop = dropped(rate);
    if (*text != '\0' || part[0] > 23 || part[1] > 59 || part[2] > 59 ||
        part[3] >= rate.frames)
        return false;
    if (part[3] < drop && part[2] == 0 && part[1] % 10 != 0)
        return false;
    uint64_t minutes = (uint64_t)part[0] * 60 + part[1];
    uint64_t number = (minutes * 60 + part[2]) * rate.frames + part[3];
    *out_frame = (int64_t)(number - drop * (minutes - minutes / 10));
    return true;
}
