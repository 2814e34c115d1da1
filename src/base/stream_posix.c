#include "base/stream.h"

#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <unistd.h>

/* How often a wait looks whether it was cancelled. */
enum { SLICE_MS = 100 };

static dits_error *wait_for(const struct stream *stream, int fd, short events)
{
    struct pollfd one = {.fd = fd, .events = events};
    for (;;) {
        TRY(context_check(stream->context));
        int ready = poll(&one, 1, SLICE_MS);
        if (ready > 0)
            return NULL;
        if (ready < 0 && errno != EINTR)
            return error_errno(errno, "cannot wait for the other side");
    }
}

dits_error *stream_read(const struct stream *stream, size_t size, void *out,
                        bool *out_ended)
{
    uint8_t *at = out;
    size_t left = size;
    if (out_ended != NULL)
        *out_ended = false;
    while (left > 0) {
        TRY(wait_for(stream, stream->in, POLLIN));
        ssize_t got = read(stream->in, at, left);
        if (got < 0 && (errno == EINTR || errno == EAGAIN))
            continue;
        if (got < 0)
            return error_errno(errno, "cannot read from the other side");
        if (got == 0 && left == size && out_ended != NULL) {
            *out_ended = true;
            return NULL;
        }
        if (got == 0)
            return error_new(DITS_E_NETWORK, "the other side hung up");
        at += got;
        left -= (size_t)got;
    }
    return NULL;
}

dits_error *stream_write(const struct stream *stream, const void *data,
                         size_t size)
{
    const uint8_t *at = data;
    while (size > 0) {
        TRY(wait_for(stream, stream->out, POLLOUT));
        ssize_t put = write(stream->out, at, size);
        if (put < 0 && (errno == EINTR || errno == EAGAIN))
            continue;
        if (put < 0 && errno == EPIPE)
            return error_new(DITS_E_NETWORK, "the other side hung up");
        if (put < 0)
            return error_errno(errno, "cannot write to the other side");
        at += put;
        size -= (size_t)put;
    }
    return NULL;
}
