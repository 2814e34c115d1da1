#include "object/weaver.h"

#include <string.h>

#include "base/mem.h"

enum {
    PIECE_BYTES = 64 * 1024, /* handed on at once */
    /* How much may wait for a splitter before it has to decide. */
    QUEUE_BYTES = INGEST_MAX_KEPT - PIECE_BYTES,
};

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

static bool is_split(const struct media_track *track)
{
    return track->framing != MEDIA_OPAQUE && track->framing != MEDIA_PCM &&
           !track->is_encrypted;
}

static void add_track(struct weaver *weaver, uint32_t index)
{
    const struct media_track *track = &weaver->media->tracks[index];
    struct weaver_track *out = &weaver->tracks[index];
    struct weaver_stream samples = {
        .part = WEAVE_SAMPLES,
        .track = index,
        .kind = samples_kind(track),
    };
    struct weaver_stream framing = {
        .part = WEAVE_FRAMING,
        .track = index,
        .kind = skeleton_kind(),
    };
    *out = (struct weaver_track){.samples = -1, .framing = -1};
    if (!track->is_external)
        out->samples = add_stream(weaver, samples);
    if (out->samples >= 0 && is_split(track))
        out->framing = add_stream(weaver, framing);
    if (out->framing >= 0)
        splitter_init(&out->splitter, track);
}

dits_error *weaver_init(struct weaver *weaver, struct media_file *media,
                        struct store_writer *writer)
{
    *weaver = (struct weaver){.media = media};
    struct weaver_stream skeleton = {.kind = skeleton_kind()};
    (void)add_stream(weaver, skeleton);
    weaver->tracks = mem_new_array(struct weaver_track, media->track_count + 1);
    if (weaver->tracks == NULL)
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
    weave_queue_release(&weaver->queue);
    mem_free(weaver->tracks);
    *weaver = (struct weaver){0};
}

/* Give bytes to the stream at `index`, which gets a number if it has none. */
static dits_error *give(void *payload, int index, unsigned flags,
                        const uint8_t *bytes, size_t size)
{
    struct weaver *weaver = payload;
    struct weaver_stream *stream = &weaver->streams[index];
    if (stream->number < 0)
        stream->number = (int)weaver->number_count++;
    struct weave_run run = {.stream = (uint8_t)stream->number, .size = size};
    TRY(weave_builder_add(&weaver->builder, run));
    return stream_sink_put(weaver->sink, (unsigned)index, flags, bytes, size);
}

/* The same, behind what waits. */
static dits_error *put(struct weaver *weaver, int index, unsigned flags,
                       const uint8_t *bytes, size_t size)
{
    if (weaver->queue.count == 0)
        return give(weaver, index, flags, bytes, size);
    struct queued_run run = {.stream = index, .flags = flags, .size = size};
    return weave_queue_add(&weaver->queue, run, bytes);
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

/*
 * The bytes of one piece: first those that were held back, then `*bytes`, which
 * moves on.
 */
static dits_error *put_piece(struct weaver *weaver, uint32_t track,
                             const struct split_piece *piece, size_t *held,
                             const uint8_t **bytes)
{
    const struct weaver_track *at = &weaver->tracks[track];
    bool is_essence = piece->part == SPLIT_ESSENCE;
    int index = is_essence ? at->samples : at->framing;
    unsigned flags = is_essence && piece->unit_start ? CUT_UNIT : 0;
    if (flags != 0 && piece->is_sync)
        flags |= CUT_GROUP;
    size_t size = (size_t)piece->size;
    size_t old = size < *held ? size : *held;
    if (old > 0) {
        TRY(weave_queue_resolve(&weaver->queue, track, old, index, flags));
        TRY(weave_queue_flush(&weaver->queue, give, weaver));
        flags = 0;
    }
    *held -= old;
    if (size > old)
        TRY(put(weaver, index, flags, *bytes, size - old));
    *bytes += size - old;
    return NULL;
}

static dits_error *split_sample(struct weaver *weaver, uint32_t track,
                                const uint8_t *bytes, size_t size)
{
    enum { PIECES = 32 };
    struct split_piece pieces[PIECES];
    struct splitter *splitter = &weaver->tracks[track].splitter;
    size_t held =
        weaver->queue.count == 0 ? 0 : weave_queue_held(&weaver->queue, track);
    const uint8_t *at = bytes;
    for (size_t pushed = 0; pushed < size;) {
        size_t count = 0;
        pushed += splitter_push(splitter,
                                slice_of(bytes + pushed, size - pushed), pieces,
                                PIECES, &count);
        for (size_t i = 0; i < count; i++)
            TRY(put_piece(weaver, track, &pieces[i], &held, &at));
    }
    size_t left = size - (size_t)(at - bytes);
    struct queued_run rest = {.stream = -1, .track = track, .size = left};
    return left == 0 ? NULL : weave_queue_add(&weaver->queue, rest, at);
}

static dits_error *put_sample(struct weaver *weaver, uint64_t position,
                              const uint8_t *bytes, size_t size)
{
    const struct media_span *span = &weaver->span;
    struct weaver_track *track = &weaver->tracks[span->track];
    bool starts = position == span->offset &&
                  (span->flags & MEDIA_SPAN_SAMPLE) != 0;
    bool is_sync = (span->flags & MEDIA_SPAN_SYNC) != 0;
    if (track->framing >= 0) {
        if (starts)
            splitter_begin_sample(&track->splitter, is_sync);
        return split_sample(weaver, span->track, bytes, size);
    }
    unsigned flags = starts ? CUT_UNIT : 0;
    if (starts && is_sync)
        flags |= CUT_GROUP;
    return track->samples < 0 ? put(weaver, 0, 0, bytes, size)
                              : put(weaver, track->samples, flags, bytes, size);
}

/* What splitters hold back is what it looks like. */
static dits_error *settle(struct weaver *weaver)
{
    for (uint32_t i = 0; i < weaver->media->track_count; i++) {
        struct split_piece pieces[SPLIT_PIECES_LAST];
        struct weaver_track *track = &weaver->tracks[i];
        size_t held = weave_queue_held(&weaver->queue, i);
        const uint8_t *none = NULL;
        if (held == 0)
            continue;
        size_t count = splitter_finish(&track->splitter, pieces);
        for (size_t k = 0; k < count; k++)
            TRY(put_piece(weaver, i, &pieces[k], &held, &none));
        splitter_init(&track->splitter, &weaver->media->tracks[i]);
    }
    return weave_queue_flush(&weaver->queue, give, weaver);
}

static dits_error *split_owned(struct weaver *weaver, uint64_t offset,
                               const uint8_t *bytes, size_t size)
{
    while (size > 0) {
        TRY(find_span(weaver, offset));
        size_t some = piece_size(weaver, offset, size);
        bool is_sample = !weaver->at_end && offset >= weaver->span.offset;
        if (is_sample)
            TRY(put_sample(weaver, offset, bytes, some));
        else
            TRY(put(weaver, 0, 0, bytes, some));
        if (weaver->queue.bytes.size > QUEUE_BYTES)
            TRY(settle(weaver));
        offset += some;
        bytes += some;
        size -= some;
    }
    return NULL;
}

/* Pieces small enough that what waits never outgrows what may be kept. */
dits_error *weaver_split(struct weaver *weaver, uint64_t offset,
                         const uint8_t *bytes, size_t size,
                         struct stream_sink *sink)
{
    weaver->sink = sink;
    while (size > 0) {
        size_t some = size < PIECE_BYTES ? size : PIECE_BYTES;
        TRY(split_owned(weaver, offset, bytes, some));
        offset += some;
        bytes += some;
        size -= some;
    }
    return NULL;
}

dits_error *weaver_end(struct weaver *weaver, struct stream_sink *sink)
{
    weaver->sink = sink;
    return settle(weaver);
}

dits_error *weaver_finish(struct weaver *weaver, struct weave *out)
{
    CLEANUP(weave_release) struct weave weave = {0};
    TRY(weave_builder_finish(&weaver->builder, &weave));
    weave_narrow(&weave, weaver->number_count);
    *out = MOVE(weave);
    return NULL;
}
