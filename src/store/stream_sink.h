/*
 * store/stream_sink.h - blocks of a file on their way into streams
 *
 * Private to the files of store/ingest_streams*.c.
 */
#ifndef STORE_STREAM_SINK_H
#define STORE_STREAM_SINK_H

#include <pthread.h>

#include "store/ingest_streams.h"

/* A chunk that was cut from a stream and is not yet stored. */
struct cut_chunk {
    unsigned stream;
    uint64_t position; /* in the stream */
    struct cutter_memory *memory;
    size_t next; /* cut of the same stream, by index + 1 */
};

/* What a piece of the block became. */
struct sink_run {
    uint64_t position; /* in the stream */
    uint32_t size;
    uint8_t stream;
};

struct stream_sink {
    struct cutter_host host;
    size_t stream_count;
    struct cutter *cutters;
    uint64_t positions[INGEST_MAX_STREAMS]; /* bytes put into each stream */
    uint64_t total;                         /* into all */

    /* Of the block at hand: */
    struct cut_chunk *chunks;
    size_t chunk_count;
    size_t chunk_capacity;
    size_t first_chunk[INGEST_MAX_STREAMS]; /* by index + 1; 0: none */
    size_t last_chunk[INGEST_MAX_STREAMS];
    struct sink_run *runs;
    size_t run_count;
    size_t run_capacity;

    /* Chunk memory for use again. */
    pthread_mutex_t mutex;
    /* guarded by mutex: */
    struct cutter_memory *spare;
};

MUST_USE dits_error *stream_sink_init(struct stream_sink *sink,
                                      const struct stream_kind *streams,
                                      size_t stream_count);
void stream_sink_release(struct stream_sink *sink);

/* Forget the block at hand; its chunks belong to somebody else now. */
void stream_sink_clear(struct stream_sink *sink);

/* No more bytes. */
MUST_USE dits_error *stream_sink_finish(struct stream_sink *sink);

/*
 * Put what was handed on since the last clear together again and compare it
 * with `bytes`, of which there may be more. CORRUPT when it differs.
 */
MUST_USE dits_error *stream_sink_check(const struct stream_sink *sink,
                                       const uint8_t *bytes, size_t size);

/* Any thread. */
void stream_sink_give_back(struct stream_sink *sink,
                           struct cutter_memory *memory);

#endif
