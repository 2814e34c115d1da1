#include "media/isobmff/presented.h"

#include "base/mem.h"
#include "media/isobmff/isobmff.h"
#include "media/isobmff/state.h"
#include "media/isobmff/times.h"
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

/* What is known of a track's media, in its ticks. */
struct media_length {
    int64_t total;
    int64_t end;      /* of the last sample, from the zero of the media */
    int64_t in_movie; /* what comes before fragments; -1: there are none */
};

static int64_t media_ticks(const struct timeline *timeline, uint64_t ticks)
{
    int64_t out = 0;
    bool is_known = ticks <= INT64_MAX && timeline->movie_scale > 0 &&
                    timeline_rescale_near((int64_t)ticks, timeline->media_scale,
                                          timeline->movie_scale, &out);
    return is_known ? out : 0;
}

/*
 * How long an edit shows the media. Writers of fragments leave behind the edit
 * of the movie that they had so far, to a tick of the movie.
 */
static int64_t edit_duration(const struct timeline *timeline,
                             const struct timeline_edit *edit,
                             const struct media_length *media)
{
    int64_t ticks = media_ticks(timeline, edit->duration);
    int64_t in_movie = time_add(media->in_movie, media_ticks(timeline, 1));
    int64_t rest = 0;
    bool is_left = media->in_movie >= 0 &&
                   time_add(edit->media_time, ticks) <= in_movie;
    if (__builtin_sub_overflow(media->end, edit->media_time, &rest) || rest < 0)
        return ticks;
    return is_left || ticks == 0 || ticks > rest ? rest : ticks;
}

static int64_t shown_duration(const struct timeline *timeline,
                              const struct media_length *media)
{
    int64_t shown = 0;
    for (size_t i = 0; i < timeline->count; i++)
        if (timeline->edits[i].media_time >= 0)
            shown = time_add(
                shown, edit_duration(timeline, &timeline->edits[i], media));
    return shown > 0 ? shown : media->total;
}

static dits_error *measure_media(struct media_file *file, uint32_t index,
                                 int64_t first, struct media_length *out)
{
    const struct isobmff_track *own = &isobmff_state(file)->tracks[index];
    int64_t in_movie = 0;
    *out = (struct media_length){file->tracks[index].duration, 0, -1};
    TRY(time_total(&own->samples, &in_movie));
    int64_t length = in_movie > out->total ? in_movie : out->total;
    if (own->fragments.is_started)
        out->in_movie = in_movie > 0 ? in_movie : 0;
    out->end = time_add(first > 0 ? first : 0, length);
    return NULL;
}

static dits_error *load_edits(const struct media_file *file, uint32_t index,
                              struct timeline_edit **out_edits,
                              struct timeline *timeline)
{
    uint32_t count = isobmff_edit_count(file, index);
    if (count == 0)
        return NULL;
    *out_edits = mem_new_array(struct timeline_edit, count);
    if (*out_edits == NULL)
        return error_nomem();
    TRY(read_edits(file, index, count, *out_edits));
    timeline->edits = *out_edits;
    timeline->count = count;
    return NULL;
}

static dits_error *find_one(struct media_file *file, uint32_t index)
{
    CLEANUP(free_edits) struct timeline_edit *edits = NULL;
    struct media_track *track = &file->tracks[index];
    struct timeline timeline = {
        .movie_scale = isobmff_movie_timescale(file),
        .media_scale = track->time_base.den,
    };
    struct media_length media = {0};
    int64_t first = 0;
    if (isobmff_edit_count(file, index) > LIMIT_EDITS ||
        track->time_base.num != 1)
        return NULL;
    TRY(load_edits(file, index, &edits, &timeline));
    TRY(first_time(file, index, &first));
    track->start = find_start(&timeline, first);
    if (track->duration < 0)
        return NULL;
    TRY(measure_media(file, index, first, &media));
    track->duration = shown_duration(&timeline, &media);
    return NULL;
}

dits_error *presented_find(struct media_file *file)
{
    for (uint32_t i = 0; i < file->track_count; i++)
        TRY(find_one(file, i));
    return NULL;
}
