/*
 * base/stream.h - bytes in and out of this process, in order
 *
 * Of pipes and sockets that block; files are read and written with base/fs.h.
 * The platform's code is stream_posix.c.
 */
#ifndef BASE_STREAM_H
#define BASE_STREAM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/context.h"

/* Both ends of a conversation. Descriptors; borrowed. */
struct stream {
    const dits_context *context; /* for cancelling */
    int in;
    int out;
};

/*
 * Exactly `size` bytes. `*out_ended` (NULL: that is an error, too): there were
 * none at all, because the other side has ended. NETWORK: it ended before.
 */
MUST_USE dits_error *stream_read(const struct stream *stream, size_t size,
                                 void *out, bool *out_ended);

/* NETWORK: the other side does not read any more. */
MUST_USE dits_error *stream_write(const struct stream *stream, const void *data,
                                  size_t size);

#endif
