/*
 * net/http_peers.h - how many connections each peer has
 */
#ifndef NET_HTTP_PEERS_H
#define NET_HTTP_PEERS_H

#include "net/http_limits.h"
#include "net/socket.h"

struct http_peer_count {
    uint8_t key[SOCKET_KEY_SIZE];
    unsigned count;
};

/* Those that have some, in no order. Zero is an empty one. */
struct http_peers {
    struct http_peer_count *peers;
    size_t count;
    size_t capacity;
    unsigned total;
};

/* Count one more. False: it would be past a limit, or there is no memory. */
bool http_peers_add(struct http_peers *peers, const struct http_limits *limits,
                    const uint8_t key[SOCKET_KEY_SIZE]);
void http_peers_remove(struct http_peers *peers,
                       const uint8_t key[SOCKET_KEY_SIZE]);
void http_peers_release(struct http_peers *peers);

#endif
