/*
 * media/timeline.h - from ticks to frames, and when frames are shown
 *
 * Exact: rational arithmetic that says so when it would overflow. Rates are
 * measured over walks of samples in constant memory, whatever the length.
 */
#ifndef MEDIA_TIMELINE_H
#define MEDIA_TIMELINE_H

#include "media/media.h"

/* value * num / den, rounded down; false without a divisor, or too large. */
bool timeline_rescale(int64_t value, uint64_t num, uint64_t den, int64_t *out);

/* The same to the nearest: for times that were rounded once before. */
bool timeline_rescale_near(int64_t value, uint64_t num, uint64_t den,
                           int64_t *out);

/* One edit: a stretch of the media shown for a stretch of the movie. */
struct timeline_edit {
    uint64_t duration;  /* in ticks of the movie */
    int64_t media_time; /* in ticks of the media; < 0: nothing is shown */
    int32_t rate;       /* 16.16; 0: one picture stands still */
};

/* Without edits the media is shown as it is. */
struct timeline {
    const struct timeline_edit *edits; /* borrowed */
    size_t count;
    uint32_t movie_scale; /* ticks a second */
    uint32_t media_scale;
};

/*
 * When `pts` is shown first, in ticks of the media. False when it never is: it
 * is cut away, and stored only to decode others.
 */
bool timeline_presented(const struct timeline *timeline, int64_t pts,
                        int64_t *out);

/* How long nothing is shown at first, in ticks of the media. */
int64_t timeline_start(const struct timeline *timeline);

/* How long all edits last, in ticks of the media; `media` without any. */
int64_t timeline_duration(const struct timeline *timeline, int64_t media);

/* Ticks of `base` to the number of the frame that is shown then, and back. */
bool timeline_frame_at(int64_t ticks, struct media_time_base base,
                       uint32_t rate_num, uint32_t rate_den, int64_t *out);
bool timeline_time_of(int64_t frame, struct media_time_base base,
                      uint32_t rate_num, uint32_t rate_den, int64_t *out);

enum timeline_mode {
    TIMELINE_UNKNOWN = 0, /* fewer than two frames */
    TIMELINE_CONSTANT,
    TIMELINE_DROPS, /* constant, but for frames that are missing */
    TIMELINE_VARIABLE,
};

/* Durations are in ticks; rates are num/den frames a second, den 0: unknown. */
struct timeline_rate {
    enum timeline_mode mode;
    uint64_t frames;
    int64_t average_num, average_den;
    int64_t real_num, real_den; /* of the only duration there is */
    int64_t min, median, max;   /* between frames as they are shown */
};

/* Measure the rate at which the samples of a track are shown, before edits. */
MUST_USE dits_error *timeline_measure(struct media_file *file, uint32_t track,
                                      struct timeline_rate *out);

/* Facts "frame_count" and "frame_rate…" of each video track. */
MUST_USE dits_error *timeline_describe(struct media_file *file);

#endif
