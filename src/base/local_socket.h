/*
 * base/local_socket.h - talking to another process of the same user
 *
 * A socket in a folder that only its owner may enter. Neither side talks to
 * anybody else: the folder's owner, its mode and who is at the other end are
 * checked. The folder's path may be of any length. The platform's code is
 * local_socket_posix.c.
 */
#ifndef BASE_LOCAL_SOCKET_H
#define BASE_LOCAL_SOCKET_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* Closed is the zero value. */
struct local_socket {
    int handle; /* descriptor + 1 */
};

void local_socket_close(struct local_socket *socket);

/*
 * Wait for others at `name` in `folder`, which is made when missing. A socket
 * of that name is replaced: hold a lock.
 */
MUST_USE dits_error *local_socket_listen(const char *folder, const char *name,
                                         struct local_socket *out);

/*
 * The next one that waits to be let in; `*out_found` false: none, or somebody
 * else's. It then has `patience_ms` for each piece it sends or takes.
 */
MUST_USE dits_error *local_socket_accept(const struct local_socket *door,
                                         unsigned patience_ms,
                                         struct local_socket *out,
                                         bool *out_found);

/* Absence is an answer: nobody listens, or somebody else. */
MUST_USE dits_error *local_socket_connect(const char *folder, const char *name,
                                          unsigned patience_ms,
                                          struct local_socket *out,
                                          bool *out_found);

/* Exactly `size` bytes. NETWORK: the other side is gone or too slow. */
MUST_USE dits_error *local_socket_send(const struct local_socket *socket,
                                       const void *data, size_t size);
MUST_USE dits_error *local_socket_receive(const struct local_socket *socket,
                                          size_t size, void *out);

#endif
