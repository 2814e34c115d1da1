#include <errno.h>
#include <unistd.h>

#include "decode/link.h"

static dits_error *broken(ssize_t result)
{
    return result == 0 ? error_new(DITS_E_NETWORK, "the other end hung up")
                       : error_errno(errno, "cannot use the socket");
}

dits_error *link_send(const struct buf *message)
{
    size_t done = 0;
    while (done < message->size) {
        ssize_t put =
            write(STDIN_FILENO, message->data + done, message->size - done);
        if (put > 0)
            done += (size_t)put;
        else if (put == 0 || errno != EINTR)
            return broken(put);
    }
    return NULL;
}

dits_error *link_receive(void *out, size_t size)
{
    char *at = out;
    while (size > 0) {
        ssize_t got = read(STDIN_FILENO, at, size);
        if (got > 0) {
            at += got;
            size -= (size_t)got;
        } else if (got == 0 || errno != EINTR) {
            return broken(got);
        }
    }
    return NULL;
}
