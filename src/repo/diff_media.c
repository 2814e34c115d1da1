#include "repo/diff_media.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "repo/media_time.h"

/* What the comparison of one file works with. */
struct comparison {
    struct media_side before;
    struct media_side after;
    size_t *match; /* of each new track */
    struct media_teller teller;
    struct dits_rational rate; /* frames a second of the new side */
};

static void release_comparison(struct comparison *comparison)
{
    media_side_release(&comparison->before);
    media_side_release(&comparison->after);
    mem_free(comparison->match);
}

static dits_error *tell(const struct media_teller *teller,
                        const struct dits_media_change *change)
{
    return teller->fn(change, teller->payload);
}

static bool is_same_time(struct dits_rational a, struct dits_rational b)
{
    return a.den == b.den && a.num == b.num;
}

static dits_error *tell_file(const struct comparison *comparison)
{
    const struct media_file *before = comparison->before.file;
    const struct media_file *after = comparison->after.file;
    struct dits_media_change container = {
        .subject = DITS_ABOUT_CONTAINER,
        .action = DITS_MEDIA_CHANGED,
        .before = before->container,
        .after = after->container,
    };
    struct dits_media_change duration = {
        .subject = DITS_ABOUT_DURATION,
        .action = DITS_MEDIA_CHANGED,
        .old_to = media_duration(before),
        .new_to = media_duration(after),
        .rate = comparison->rate,
    };
    if (strcmp(before->container, after->container) != 0)
        TRY(tell(&comparison->teller, &container));
    return is_same_time(duration.old_to, duration.new_to)
               ? NULL
               : tell(&comparison->teller, &duration);
}

/* Stretches of units that differ, as they are found. */
struct stretches {
    const struct media_teller *teller;
    const struct media_stream *before;
    const struct media_stream *after;
};

/* Silence at both ends may be the same in other sound. */
static bool is_nearly_all(uint64_t size, size_t count)
{
    return size > 0 && count - size <= count / 50;
}

static dits_error *tell_stretch(const struct dits_diff_range *range,
                                void *payload)
{
    const struct stretches *stretches = payload;
    const struct media_stream *before = stretches->before;
    const struct media_stream *after = stretches->after;
    struct dits_media_change change = stretches->teller->about;
    size_t old_end = (size_t)(range->old_offset + range->old_size);
    size_t new_end = (size_t)(range->new_offset + range->new_size);
    change.subject = DITS_ABOUT_SAMPLES;
    change.action = range->old_size == 0   ? DITS_MEDIA_ADDED
                    : range->new_size == 0 ? DITS_MEDIA_REMOVED
                                           : DITS_MEDIA_CHANGED;
    change.old_from = media_stream_time(before, (size_t)range->old_offset);
    change.old_to = media_stream_time(before, old_end);
    change.new_from = media_stream_time(after, (size_t)range->new_offset);
    change.new_to = media_stream_time(after, new_end);
    change.is_head = range->old_offset == 0 && range->new_offset == 0;
    change.is_tail = old_end == before->units.count &&
                     new_end == after->units.count;
    if (is_nearly_all(range->old_size, before->units.count) &&
        is_nearly_all(range->new_size, after->units.count))
        change.action = DITS_MEDIA_REPLACED;
    return tell(stretches->teller, &change);
}

static dits_error *tell_samples(const struct media_teller *teller,
                                const struct media_stream *before,
                                const struct media_stream *after)
{
    struct stretches stretches = {teller, before, after};
    struct dits_media_change change = teller->about;
    change.subject = DITS_ABOUT_SAMPLES;
    if (!before->is_known || !after->is_known) {
        change.action = before->units.count == after->units.count &&
                                before->units.count == 0
                            ? DITS_MEDIA_SAME
                            : DITS_MEDIA_NOT_READ;
        return change.action == DITS_MEDIA_SAME ? NULL : tell(teller, &change);
    }
    if (media_streams_are_equal(before, after))
        return tell(teller, &change);
    return diff_chunks_ranges(&before->units, &after->units, tell_stretch,
                              &stretches);
}

/* A property of the track itself, as if it were a fact. */
static dits_error *tell_property(const struct media_teller *teller,
                                 const char *name, const char *before,
                                 const char *after)
{
    struct dits_media_change change = teller->about;
    if (strcmp(before, after) == 0)
        return NULL;
    change.subject = DITS_ABOUT_FACT;
    change.action = before[0] == '\0'  ? DITS_MEDIA_ADDED
                    : after[0] == '\0' ? DITS_MEDIA_REMOVED
                                       : DITS_MEDIA_CHANGED;
    change.name = name;
    change.before = before[0] != '\0' ? before : NULL;
    change.after = after[0] != '\0' ? after : NULL;
    return tell(teller, &change);
}

static dits_error *tell_number(const struct media_teller *teller,
                               const char *name, uint32_t before,
                               uint32_t after)
{
    char texts[2][16] = {{0}};
    if (before > 0)
        (void)snprintf(texts[0], sizeof(texts[0]), "%" PRIu32, before);
    if (after > 0)
        (void)snprintf(texts[1], sizeof(texts[1]), "%" PRIu32, after);
    return tell_property(teller, name, texts[0], texts[1]);
}

/* "und" says no more than nothing. */
static const char *language_of(const struct media_track *track)
{
    return strcmp(track->language, "und") != 0 ? track->language : "";
}

static dits_error *tell_properties(const struct media_teller *teller,
                                   const struct media_track *before,
                                   const struct media_track *after)
{
    TRY(tell_property(teller, "codec", before->codec, after->codec));
    TRY(tell_property(teller, "language", language_of(before),
                      language_of(after)));
    TRY(tell_number(teller, "width", before->width, after->width));
    TRY(tell_number(teller, "height", before->height, after->height));
    TRY(tell_number(teller, "sample_rate", before->sample_rate,
                    after->sample_rate));
    return tell_number(teller, "channels", before->channels, after->channels);
}

/* The first moment of the file, against which tracks are late. */
static struct dits_rational first_start(const struct media_file *file)
{
    struct dits_rational first = {0, 0};
    for (size_t i = 0; i < file->track_count; i++) {
        struct dits_rational start =
            media_seconds(file->tracks[i].start, file->tracks[i].time_base);
        if (start.den != 0 && (first.den == 0 || media_is_before(start, first)))
            first = start;
    }
    return first;
}

/* Sound that moved against the picture. */
static dits_error *tell_start(const struct comparison *comparison, size_t old,
                              size_t new)
{
    const struct media_file *before = comparison->before.file;
    const struct media_file *after = comparison->after.file;
    struct dits_media_change change = comparison->teller.about;
    change.subject = DITS_ABOUT_START;
    change.action = DITS_MEDIA_CHANGED;
    change.old_from = media_difference(
        media_seconds(before->tracks[old].start, before->tracks[old].time_base),
        first_start(before));
    change.new_from = media_difference(
        media_seconds(after->tracks[new].start, after->tracks[new].time_base),
        first_start(after));
    struct dits_rational moved =
        media_difference(change.old_from, change.new_from);
    int64_t size = moved.num < 0 ? -moved.num : moved.num;
    /* Containers round to their clocks: less than 2 ms is no difference. */
    if (moved.den == 0 || size / moved.den > INT64_MAX / 1000 ||
        (size / moved.den == 0 && size % moved.den <= moved.den / 500))
        return NULL;
    return tell(&comparison->teller, &change);
}

static dits_error *tell_track(struct comparison *comparison, size_t new)
{
    const struct media_track *after = &comparison->after.file->tracks[new];
    size_t old = comparison->match[new];
    struct media_teller *teller = &comparison->teller;
    teller->about = (struct dits_media_change){
        .old_track = old != DIFF_MEDIA_NONE ? old + 1 : 0,
        .new_track = new + 1,
        .kind = (enum dits_media_kind)after->kind,
        .rate = comparison->rate,
    };
    if (old == DIFF_MEDIA_NONE) {
        struct dits_media_change change = teller->about;
        change.subject = DITS_ABOUT_TRACK;
        change.action = DITS_MEDIA_ADDED;
        change.after = after->codec;
        return tell(teller, &change);
    }
    const struct media_track *before = &comparison->before.file->tracks[old];
    TRY(tell_samples(teller, &comparison->before.streams[old],
                     &comparison->after.streams[new]));
    TRY(tell_start(comparison, old, new));
    TRY(tell_properties(teller, before, after));
    return media_tell_facts(teller, &before->facts, &after->facts);
}

static dits_error *tell_removed(const struct comparison *comparison)
{
    size_t new_count = comparison->after.file->track_count;
    for (size_t old = 0; old < comparison->before.file->track_count; old++) {
        const struct media_track *track = &comparison->before.file->tracks[old];
        struct dits_media_change change = {
            .subject = DITS_ABOUT_TRACK,
            .action = DITS_MEDIA_REMOVED,
            .old_track = old + 1,
            .kind = (enum dits_media_kind)track->kind,
            .before = track->codec,
        };
        size_t new = 0;
        while (new < new_count && comparison->match[new] != old)
            new ++;
        if (new == new_count)
            TRY(tell(&comparison->teller, &change));
    }
    return NULL;
}

static struct dits_rational frame_rate(const struct media_file *file)
{
    struct dits_rational none = {0, 0};
    for (size_t i = 0; i < file->track_count; i++) {
        const struct fact *rate =
            facts_find(&file->tracks[i].facts, "frame_rate");
        if (file->tracks[i].kind == MEDIA_VIDEO && rate != NULL &&
            rate->type == FACT_RATIONAL)
            return media_rational(rate->number, rate->divisor);
    }
    return none;
}

/* Both sides are media: read them and tell what changed. */
static dits_error *tell_all(const dits_diff *diff,
                            struct comparison *comparison)
{
    comparison->rate = frame_rate(comparison->after.file);
    TRY(media_side_read(diff, &comparison->before));
    TRY(media_side_read(diff, &comparison->after));
    TRY(media_match(&comparison->before, &comparison->after,
                    &comparison->match));
    TRY(tell_file(comparison));
    for (size_t i = 0; i < comparison->after.file->track_count; i++)
        TRY(tell_track(comparison, i));
    TRY(tell_removed(comparison));
    comparison->teller.about = (struct dits_media_change){0};
    return media_tell_facts(&comparison->teller,
                            &comparison->before.file->facts,
                            &comparison->after.file->facts);
}

static dits_error *compare(const dits_diff *diff, const struct diff_item *item,
                           struct comparison *comparison, bool *out_is_media)
{
    TRY(media_side_open(diff, &item->before, &comparison->before));
    TRY(media_side_open(diff, &item->after, &comparison->after));
    if (comparison->before.file == NULL || comparison->after.file == NULL)
        return NULL;
    *out_is_media = true;
    return tell_all(diff, comparison);
}

dits_error *dits_diff_media(dits_diff *diff, size_t index,
                            dits_media_change_fn *fn, void *payload,
                            bool *out_is_media)
{
    CLEANUP(release_comparison)
    struct comparison comparison = {.teller = {.fn = fn, .payload = payload}};
    *out_is_media = false;
    dits_error *err =
        compare(diff, &diff->items[index], &comparison, out_is_media);
    if (!dits_error_has(err, DITS_E_GONE))
        return err;
    dits_error_free(err); /* obliterated: what is left tells no more */
    return NULL;
}
