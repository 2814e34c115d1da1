/*
 * net/socket.h - TCP connections that never block
 *
 * Descriptors as the system has them, -1 for none. The platform's code is
 * socket_posix.c.
 */
#ifndef NET_SOCKET_H
#define NET_SOCKET_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

enum { SOCKET_ADDRESS_ROOM = 64, SOCKET_KEY_SIZE = 16 };

/* Who is on the other side. */
struct socket_peer {
    char address[SOCKET_ADDRESS_ROOM]; /* "192.0.2.7", "2001:db8::1" */
    uint8_t key[SOCKET_KEY_SIZE];      /* the address, or a network of /64 */
};

/*
 * `address` NULL: all of this host. Port 0: one that is free; `*out_port` is
 * the one it is. Errors: EXISTS (it is taken), DENIED, NOT_FOUND (no such
 * address).
 */
MUST_USE dits_error *socket_listen(const char *address, uint16_t port,
                                   int *out_socket, uint16_t *out_port);

enum socket_answer {
    SOCKET_OK,
    SOCKET_LATER, /* nothing at present */
    SOCKET_FULL,  /* no more descriptors or memory */
    SOCKET_ENDED, /* the peer sends no more, or is gone */
};

enum socket_answer socket_accept(int listener, int *out_socket,
                                 struct socket_peer *out_peer);
enum socket_answer socket_receive(int socket, void *out, size_t room,
                                  size_t *out_size);
enum socket_answer socket_send(int socket, const void *bytes, size_t size,
                               size_t *out_size);

/* Say that nothing more is sent. */
void socket_end(int socket);
void socket_close(int socket);

#endif
