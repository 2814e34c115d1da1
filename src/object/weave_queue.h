/*
 * object/weave_queue.h - bytes whose stream is not known yet
 *
 * A splitter may hold back the last bytes of a span until it sees the next span
 * of the same track: the zeros at the end of a transport packet may begin a
 * start code. Everything behind them in the file waits here, in order.
 */
#ifndef OBJECT_WEAVE_QUEUE_H
#define OBJECT_WEAVE_QUEUE_H

#include "base/buf.h"

/* Bytes that are handed on together. */
struct queued_run {
    int stream;     /* -1: not known yet */
    uint32_t track; /* whose splitter holds them back */
    unsigned flags;
    size_t size;
};

/* Zero is empty. */
struct weave_queue {
    struct buf bytes;
    struct queued_run *runs;
    size_t count;
    size_t capacity;
};

void weave_queue_release(struct weave_queue *queue);
MUST_USE dits_error *weave_queue_add(struct weave_queue *queue,
                                     struct queued_run run,
                                     const uint8_t *bytes);

/* How many bytes wait for the splitter of `track`. */
size_t weave_queue_held(const struct weave_queue *queue, uint32_t track);

/* The first `size` bytes that wait for it belong to `stream`. */
MUST_USE dits_error *weave_queue_resolve(struct weave_queue *queue,
                                         uint32_t track, size_t size,
                                         int stream, unsigned flags);

/* Takes the bytes of one run. */
typedef dits_error *weave_queue_fn(void *payload, int stream, unsigned flags,
                                   const uint8_t *bytes, size_t size);

/* Hand on, in order, up to the first run that is not known. */
MUST_USE dits_error *weave_queue_flush(struct weave_queue *queue,
                                       weave_queue_fn *fn, void *payload);

#endif
