#include "media/isobmff/presented.h"

#include "base/mem.h"
#include "media/isobmff/isobmff.h"
#include "media/limits.h"
#include "media/timeline.h"

static void free_edits(struct timeline_edit **edits)
{
    mem_free(*edits);
}

static dits_error *read_edits(const struct media_file *file, uint32_t track,
                              uint32_t count, struct timeline_edit *out)
{
    for (uint32_t i = 0; i < count; i++) {
        struct isobmff_edit edit = {0};
        TRY(isobmff_edit_at(file, track, i, &edit));
        out[i] = (struct timeline_edit){
            .duration = edit.duration,
            .media_time = edit.media_time,
            .rate = edit.rate,
        };
    }
    return NULL;
}

/* Pictures are shown before those they were decoded after: so many. */
enum { REORDER = 32 };

/* The least presentation time of the first samples; 0 without any. */
static dits_error *first_time(struct media_file *file, uint32_t index,
                              int64_t *out)
{
    struct media_walk *walk = NULL;
    bool found = true;
    TRY(file->format->samples(file, index, &walk));
    dits_error *err = NULL;
    *out = 0;
    for (size_t i = 0; err == NULL && found && i < REORDER; i++) {
        struct media_sample sample = {0};
        err = file->format->next_sample(walk, &sample, &found);
        if (err == NULL && found && (i == 0 || sample.pts < *out))
            *out = sample.pts;
    }
    file->format->end_walk(walk);
    return err;
}

static const struct timeline_edit *first_shown(const struct timeline *timeline)
{
    for (size_t i = 0; i < timeline->count; i++)
        if (timeline->edits[i].media_time >= 0)
            return &timeline->edits[i];
    return NULL;
}

/* An edit that begins before the first sample shows nothing until then. */
static int64_t find_start(const struct timeline *timeline, int64_t first)
{
    const struct timeline_edit *edit = first_shown(timeline);
    int64_t skipped = edit == NULL ? 0 : edit->media_time;
    int64_t empty = timeline_start(timeline);
    int64_t start = 0;
    bool is_wild = __builtin_sub_overflow(first, skipped, &start) ||
                   __builtin_add_overflow(start > 0 ? start : 0, empty, &start);
    return is_wild ? empty : timeline->count == 0 ? first : start;
}

/* Of an edit, in ticks of the media; false when it has no end. */
static bool edit_ticks(const struct timeline *timeline,
                       const struct timeline_edit *edit, int64_t *out)
{
    return edit->duration > 0 && edit->duration <= INT64_MAX &&
           timeline->movie_scale > 0 &&
           timeline_rescale((int64_t)edit->duration, timeline->media_scale,
                            timeline->movie_scale, out);
}

/*
 * How long edits show the media, which ends at `end`: what they say is in the
 * coarser ticks of the movie.
 */
static int64_t shown_duration(const struct timeline *timeline, int64_t media,
                              int64_t end)
{
    int64_t total = 0;
    for (size_t i = 0; i < timeline->count; i++) {
        const struct timeline_edit *edit = &timeline->edits[i];
        int64_t ticks = 0;
        if (edit->media_time < 0)
            continue;
        if (!edit_ticks(timeline, edit, &ticks))
            return media;
        if (edit->media_time <= end && ticks > end - edit->media_time)
            ticks = end - edit->media_time;
        if (__builtin_add_overflow(total, ticks, &total))
            return media;
    }
    return timeline->count == 0 || total == 0 ? media : total;
}

static dits_error *find_one(struct media_file *file, uint32_t index)
{
    CLEANUP(free_edits) struct timeline_edit *edits = NULL;
    struct media_track *track = &file->tracks[index];
    uint32_t count = isobmff_edit_count(file, index);
    struct timeline timeline = {
        .movie_scale = isobmff_movie_timescale(file),
        .media_scale = track->time_base.den,
    };
    if (count > LIMIT_EDITS || track->time_base.num != 1)
        return NULL;
    if (count > 0) {
        edits = mem_new_array(struct timeline_edit, count);
        if (edits == NULL)
            return error_nomem();
        TRY(read_edits(file, index, count, edits));
        timeline.edits = edits;
        timeline.count = count;
    }
    int64_t first = 0;
    int64_t end = 0;
    TRY(first_time(file, index, &first));
    track->start = find_start(&timeline, first);
    if (track->duration >= 0 &&
        !__builtin_add_overflow(first, track->duration, &end))
        track->duration = shown_duration(&timeline, track->duration, end);
    return NULL;
}

dits_error *presented_find(struct media_file *file)
{
    for (uint32_t i = 0; i < file->track_count; i++)
        TRY(find_one(file, i));
    return NULL;
}
