#include "media/timecode.h"

#include <stdio.h>
#include <string.h>

#include "base/be.h"
#include "media/payload.h"

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

void timecode_text(int64_t frame, struct timecode_rate rate,
                   char out[TIMECODE_ROOM])
{
    out[0] = '\0';
    if (rate.frames == 0)
        return;
    int64_t day = (int64_t)timecode_day(rate);
    int64_t wrapped = frame % day;
    uint64_t number =
        with_dropped((uint64_t)(wrapped < 0 ? wrapped + day : wrapped), rate);
    uint64_t seconds = number / rate.frames;
    (void)snprintf(out, TIMECODE_ROOM, "%02u:%02u:%02u%c%02u",
                   (unsigned)(seconds / 3600), (unsigned)(seconds / 60 % 60),
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

static int64_t number_of(const struct media_track *track, const char *name)
{
    const struct fact *fact = facts_find(&track->facts, name);
    return fact != NULL ? fact->number : 0;
}

/* Whether `track` refers to the one called `id` by references called `name`. */
static bool refers(const struct media_track *track, const char *name,
                   uint64_t id)
{
    for (size_t i = 0; i < track->facts.count; i++) {
        const struct fact *fact = &track->facts.list[i];
        if (strcmp(fact->name, name) == 0 && fact->number >= 0 &&
            (uint64_t)fact->number == id)
            return true;
    }
    return false;
}

/*
 * Numbers a second. Where what is said is one off the rate, the rate holds:
 * cameras write 29 for 29.97. Half of it is right for 50 and 60.
 */
static uint32_t frames_of(const struct media_track *track)
{
    uint32_t frames = (uint32_t)number_of(track, "timecode.frames");
    const struct fact *rate = facts_find(&track->facts, "timecode.rate");
    if (rate == NULL || rate->number <= 0 || rate->divisor <= 0)
        return frames;
    int64_t whole = rate->number / rate->divisor;
    if (rate->number % rate->divisor >= rate->divisor / 2 + 1)
        whole++;
    bool is_near = whole == (int64_t)frames + 1 || whole + 1 == frames;
    return (frames == 0 || is_near) && whole > 0 && whole < 256
               ? (uint32_t)whole
               : frames;
}

static dits_error *spread(struct media_file *file, uint32_t track,
                          const char *text)
{
    uint64_t id = file->tracks[track].id;
    TRY(facts_add_word(&file->tracks[track].facts, "timecode", text));
    for (size_t i = 0; i < file->track_count; i++)
        if (i != track && refers(&file->tracks[i], "reference.tmcd", id))
            TRY(facts_add_word(&file->tracks[i].facts, "timecode", text));
    return NULL;
}

/* A sample is the number of its first frame (QuickTime, timecode media). */
static dits_error *describe_track(struct media_file *file, uint32_t index)
{
    CLEANUP(payload_walk_close) struct payload_walk walk = {0};
    CLEANUP(buf_release) struct buf bytes = {0};
    struct media_track *track = &file->tracks[index];
    struct media_sample sample = {0};
    bool found = false;
    char text[TIMECODE_ROOM] = "";
    struct timecode_rate rate = {
        .frames = frames_of(track),
        .is_drop = number_of(track, "timecode.drop_frame") != 0,
    };
    TRY(payload_walk_open(file, index, &walk));
    TRY(payload_walk_next(&walk, &sample, &found));
    if (found)
        TRY(payload_load(file, index, &sample, 4, &bytes));
    if (bytes.size < 4)
        return NULL;
    bool is_signed = number_of(track, "timecode.negative") != 0;
    uint32_t frame = be32_load(bytes.data);
    timecode_text(is_signed ? (int32_t)frame : (int64_t)frame, rate, text);
    return text[0] != '\0' ? spread(file, index, text) : NULL;
}

dits_error *timecode_describe(struct media_file *file)
{
    for (uint32_t i = 0; i < file->track_count; i++)
        if (strcmp(file->tracks[i].codec, "timecode") == 0 &&
            !file->tracks[i].is_external)
            TRY(describe_track(file, i));
    return NULL;
}
