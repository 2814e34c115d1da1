#include "media/timecode_track.h"

#include <string.h>

#include "base/be.h"
#include "base/timecode.h"
#include "media/payload.h"

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
    if (bytes.size < 4 || rate.frames == 0)
        return NULL;
    bool is_signed = number_of(track, "timecode.negative") != 0;
    uint32_t frame = be32_load(bytes.data);
    int64_t number = is_signed ? (int32_t)frame : (int64_t)frame;
    timecode_text(timecode_in_day(number, rate), rate, text);
    return spread(file, index, text);
}

dits_error *timecode_describe(struct media_file *file)
{
    for (uint32_t i = 0; i < file->track_count; i++)
        if (strcmp(file->tracks[i].codec, "timecode") == 0 &&
            !file->tracks[i].is_external)
            TRY(describe_track(file, i));
    return NULL;
}
