/* Step by step through an opened media file: dits/media.h. */
#include "base/context.h"
#include "media/keyframes.h"
#include "repo/media_private.h"
#include "repo/media_time.h"

dits_error *media_samples_begin(struct media_file *file, size_t track,
                                struct media_samples *out)
{
    *out = (struct media_samples){.file = file};
    return file->format->samples(file, (uint32_t)track, &out->walk);
}

dits_error *media_samples_next(struct media_samples *samples,
                               struct media_sample *out, bool *out_found)
{
    return samples->file->format->next_sample(samples->walk, out, out_found);
}

void media_samples_end(struct media_samples *samples)
{
    if (samples->file != NULL)
        samples->file->format->end_walk(samples->walk);
    *samples = (struct media_samples){0};
}

/* How often to look whether the caller wants to stop. */
enum { CHECK_EVERY = 4096 };

/* The next sample, and now and then a look at the context. */
static dits_error *next(const dits_media *media, struct media_samples *samples,
                        struct media_sample *out, bool *out_found)
{
    if (out->number % CHECK_EVERY == 0)
        TRY(context_check(media->context));
    return media_samples_next(samples, out, out_found);
}

static enum dits_media_sync sync_of(enum media_sync sync)
{
    switch (sync) {
    case MEDIA_SYNC_NO:
        break;
    case MEDIA_SYNC_YES:
        return DITS_SYNC_YES;
    case MEDIA_SYNC_PARTIAL:
        return DITS_SYNC_PARTIAL;
    }
    return DITS_SYNC_NO;
}

dits_error *dits_media_each_sample(dits_media *media, size_t track,
                                   dits_media_sample_fn *fn, void *payload)
{
    CLEANUP(media_samples_end) struct media_samples samples = {0};
    struct media_sample sample = {0};
    TRY(media_samples_begin(media->file, track, &samples));
    for (;;) {
        bool found = false;
        TRY(next(media, &samples, &sample, &found));
        if (!found)
            return NULL;
        const struct dits_media_sample shown = {
            .number = sample.number,
            .offset = sample.offset,
            .size = sample.size,
            .sync = sync_of(sample.sync),
            .dts = sample.dts,
            .pts = sample.pts,
            .duration = sample.duration,
        };
        TRY(fn(&shown, payload));
    }
}

struct node_walk {
    const dits_context *context;
    dits_media_node_fn *fn;
    void *payload;
};

static dits_error *show_node(const struct media_node *node, void *payload)
{
    const struct node_walk *walk = payload;
    const struct dits_media_node shown = {
        .name = node->name,
        .offset = node->offset,
        .size = node->size,
        .header_size = node->header_size,
        .depth = node->depth,
        .is_damaged = node->is_damaged,
    };
    TRY(context_check(walk->context));
    return walk->fn(&shown, walk->payload);
}

dits_error *dits_media_each_node(dits_media *media, dits_media_node_fn *fn,
                                 void *payload)
{
    struct node_walk walk = {
        .context = media->context, .fn = fn, .payload = payload};
    return media->file->format->tree(media->file, show_node, &walk);
}

/* Samples beside the table of those that decoding can start with. */
struct keyframe_walk {
    const struct media_track *track;
    const struct keyframes *table;
    size_t next; /* in the table */
    const char *source;
    dits_media_keyframe_fn *fn;
    void *payload;
};

/* Whether the sample is in the table; the walk moves on with it. */
static bool is_listed(struct keyframe_walk *walk, uint64_t number,
                      bool *out_partial)
{
    const struct keyframes *table = walk->table;
    if (table->every_sample)
        return true;
    if (walk->next == table->count || table->list[walk->next].number != number)
        return false;
    *out_partial = table->list[walk->next++].sync == MEDIA_SYNC_PARTIAL;
    return true;
}

static dits_error *show_keyframe(const struct dits_media_sample *sample,
                                 void *payload)
{
    struct keyframe_walk *walk = payload;
    bool is_partial = false;
    if (!is_listed(walk, sample->number, &is_partial))
        return NULL;
    const struct dits_media_keyframe shown = {
        .number = sample->number,
        .offset = sample->offset,
        .size = sample->size,
        .pts = sample->pts,
        .time = media_seconds(sample->pts, walk->track->time_base),
        .is_partial = is_partial,
        .source = walk->source,
        .confidence = walk->table->confidence,
    };
    return walk->fn(&shown, walk->payload);
}

dits_error *dits_media_each_keyframe(dits_media *media, size_t track,
                                     dits_media_keyframe_fn *fn, void *payload)
{
    CLEANUP(keyframes_release) struct keyframes table = {0};
    TRY(keyframes_of_track(media->file, (uint32_t)track, &table));
    struct keyframe_walk walk = {
        .track = &media->file->tracks[track],
        .table = &table,
        .source = table.every_sample ? "codec"
                                     : keyframe_source_name(table.source),
        .fn = fn,
        .payload = payload,
    };
    return dits_media_each_sample(media, track, show_keyframe, &walk);
}
