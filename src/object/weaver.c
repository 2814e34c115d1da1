#include "object/weaver.h"

#include <string.h>

#include "base/mem.h"

/* What is no sample: headers and tables, which compress. */
static struct stream_kind skeleton_kind(void)
{
    return (struct stream_kind){
        .chunker = chunker_by_name("small"),
        .compress = true,
    };
}

/*
 * By what the track is, never by how the file at hand happens to be: the same
 * samples are cut alike in every container.
 */
static struct stream_kind samples_kind(const struct media_track *track)
{
    struct stream_kind kind = {.by_units = true};
    bool is_picture = track->kind == MEDIA_VIDEO || track->kind == MEDIA_IMAGE;
    const char *profile = !is_picture ? "small" : "media";
    if (is_picture && track->intra_only)
        profile = "large";
    kind.chunker = chunker_by_name(profile);
    if (track->framing == MEDIA_PCM) {
        kind.by_units = false;
        if (track->big_endian && recipe_swaps(track->sample_bytes))
            kind.swapped = track->sample_bytes;
    }
    return kind;
}

static int add_stream(struct weaver *weaver, struct weaver_stream stream)
{
    if (weaver->stream_count == INGEST_MAX_STREAMS)
        return -1;
    stream.number = -1;
    weaver->streams[weaver->stream_count] = stream;
    return (int)weaver->stream_count++;
}

static void add_track(struct weaver *weaver, uint32_t index)
{
    const struct media_track *track = &weaver->media->tracks[index];
    struct weaver_stream samples = {
        .part = WEAVE_SAMPLES,
        .track = index,
        .kind = samples_kind(track),
    };
    weaver->samples[index] = track->is_external ? -1
                                                : add_stream(weaver, samples);
}

dits_error *weaver_init(struct weaver *weaver, struct media_file *media,
                        struct store_writer *writer)
{
    *weaver = (struct weaver){.media = media};
    struct weaver_stream skeleton = {.kind = skeleton_kind()};
    (void)add_stream(weaver, skeleton);
    weaver->samples = mem_new_array(int, media->track_count + 1);
    if (weaver->samples == NULL)
        return error_nomem();
    for (size_t i = 0; i < media->track_count; i++)
        add_track(weaver, (uint32_t)i);
    weaver->builder.writer = writer;
    weaver->builder.weave.streams = weaver->stream_count;
    return media->format->spans(media, &weaver->walk);
}

void weaver_release(struct weaver *weaver)
{
    if (weaver->walk != NULL)
        weaver->media->format->end_walk(weaver->walk);
    weave_builder_release(&weaver->builder);
    mem_free(weaver->samples);
    *weaver = (struct weaver){0};
}

/* Hand on bytes of the stream at `index`. */
static dits_error *put(struct weaver *weaver, struct stream_sink *sink,
                       int index, unsigned flags, const uint8_t *bytes,
                       size_t size)
{
    struct weaver_stream *stream = &weaver->streams[index];
    if (stream->number < 0)
        stream->number = (int)weaver->number_count++;
    struct weave_run run = {.stream = (uint8_t)stream->number, .size = size};
    TRY(weave_builder_add(&weaver->builder, run));
    return stream_sink_put(sink, (unsigned)index, flags, bytes, size);
}

/* To the span that holds `position`, or the first behind it. */
static dits_error *find_span(struct weaver *weaver, uint64_t position)
{
    while (!weaver->at_end &&
           weaver->span.offset + weaver->span.size <= position) {
        bool found = false;
        TRY(weaver->media->format->next_span(weaver->walk, &weaver->span,
                                             &found));
        weaver->at_end = !found;
    }
    return NULL;
}

/* How many of `size` bytes at `position` belong to one owner. */
static size_t piece_size(const struct weaver *weaver, uint64_t position,
                         size_t size)
{
    const struct media_span *span = &weaver->span;
    if (weaver->at_end)
        return size;
    uint64_t until = position < span->offset ? span->offset
                                             : span->offset + span->size;
    return until - position < size ? (size_t)(until - position) : size;
}

static dits_error *put_sample(struct weaver *weaver, struct stream_sink *sink,
                              uint64_t position, const uint8_t *bytes,
                              size_t size)
{
    const struct media_span *span = &weaver->span;
    int index = weaver->samples[span->track];
    unsigned flags = 0;
    if (position == span->offset && (span->flags & MEDIA_SPAN_SAMPLE) != 0)
        flags = CUT_UNIT;
    if (flags != 0 && (span->flags & MEDIA_SPAN_SYNC) != 0)
        flags |= CUT_GROUP;
    return index < 0 ? put(weaver, sink, 0, 0, bytes, size)
                     : put(weaver, sink, index, flags, bytes, size);
}

dits_error *weaver_split(struct weaver *weaver, uint64_t offset,
                         const uint8_t *bytes, size_t size,
                         struct stream_sink *sink)
{
    while (size > 0) {
        TRY(find_span(weaver, offset));
        size_t some = piece_size(weaver, offset, size);
        bool is_sample = !weaver->at_end && offset >= weaver->span.offset;
        if (is_sample)
            TRY(put_sample(weaver, sink, offset, bytes, some));
        else
            TRY(put(weaver, sink, 0, 0, bytes, some));
        offset += some;
        bytes += some;
        size -= some;
    }
    return NULL;
}

dits_error *weaver_end(struct weaver *weaver, struct stream_sink *sink)
{
    (void)weaver;
    (void)sink;
    return NULL;
}

dits_error *weaver_finish(struct weaver *weaver, struct weave *out)
{
    CLEANUP(weave_release) struct weave weave = {0};
    TRY(weave_builder_finish(&weaver->builder, &weave));
    weave_narrow(&weave, weaver->number_count);
    *out = MOVE(weave);
    return NULL;
}
