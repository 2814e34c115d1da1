/*
 * media/window.h - many small reads of a source, few large ones
 *
 * Keeps one piece of the source in memory. Parsers that step from header to
 * header read through it.
 */
#ifndef MEDIA_WINDOW_H
#define MEDIA_WINDOW_H

#include "base/buf.h"
#include "base/source.h"

#define WINDOW_BYTES 65536u

/* Zero with `source` set is an empty window. */
struct window {
    struct source *source; /* borrowed */
    size_t step;           /* bytes read at a time; 0: WINDOW_BYTES */
    uint64_t offset;       /* of what is kept */
    struct buf kept;
};

void window_release(struct window *window);

/*
 * `size` bytes at `offset`, at most WINDOW_BYTES: borrowed until the next
 * call. Fewer at the end of the source, none past it.
 */
MUST_USE dits_error *window_peek(struct window *window, uint64_t offset,
                                 size_t size, struct slice *out);

/* Exactly `size` bytes into `out`. CORRUPT past the end of the source. */
MUST_USE dits_error *window_read(struct window *window, uint64_t offset,
                                 size_t size, void *out);

/*
 * A payload of `size` bytes as a whole, into `out`, which is cleared first.
 * Errors: LIMIT past LIMIT_PAYLOAD; CORRUPT past the end of the source.
 */
MUST_USE dits_error *window_load(struct window *window, uint64_t offset,
                                 uint64_t size, struct buf *out);

#endif
