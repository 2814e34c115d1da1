/*
 * object/weaver.h - taking a media file apart into streams
 *
 * Stream 0 is the skeleton: every byte that is of no sample. Each track has a
 * stream of its coded samples and, where its framing is known, one of what
 * containers write differently around the same pictures and sounds: lengths,
 * start codes, parameter sets, frame headers. A stream gets its number when it
 * gets its first byte.
 */
#ifndef OBJECT_WEAVER_H
#define OBJECT_WEAVER_H

#include "media/media.h"
#include "media/split.h"
#include "object/recipe.h"
#include "object/weave_builder.h"
#include "object/weave_queue.h"
#include "store/ingest_streams.h"

/* What a stream holds. Values are on disk. */
enum weave_part_kind {
    WEAVE_SKELETON = 0,
    WEAVE_SAMPLES = 1,
    WEAVE_FRAMING = 2, /* of the samples */
};

/* A stream that there may be. */
struct weaver_stream {
    enum weave_part_kind part;
    uint32_t track; /* index in the media file */
    struct stream_kind kind;
    int number; /* in the recipe; -1: it has no byte yet */
};

/* The streams of a track, by index; -1: it goes to the skeleton. */
struct weaver_track {
    int samples;
    int framing; /* -1: with the samples */
    struct splitter splitter;
};

struct weaver {
    struct media_file *media; /* borrowed */
    size_t stream_count;      /* that there may be */
    struct weaver_stream streams[INGEST_MAX_STREAMS];
    size_t number_count; /* that there are */
    struct weaver_track *tracks;
    struct weave_builder builder;
    struct media_walk *walk;
    bool at_end; /* of the spans */
    struct media_span span;
    struct weave_queue queue;
    struct stream_sink *sink; /* during a call */
};

/* `media` has been opened on the file; segments of the weave go to `writer`. */
MUST_USE dits_error *weaver_init(struct weaver *weaver,
                                 struct media_file *media,
                                 struct store_writer *writer);
void weaver_release(struct weaver *weaver);

/* The two steps that ingest_streams asks for. */
MUST_USE dits_error *weaver_split(struct weaver *weaver, uint64_t offset,
                                  const uint8_t *bytes, size_t size,
                                  struct stream_sink *sink);
MUST_USE dits_error *weaver_end(struct weaver *weaver,
                                struct stream_sink *sink);

/* The weave, over the streams that have bytes. */
MUST_USE dits_error *weaver_finish(struct weaver *weaver, struct weave *out);

#endif
