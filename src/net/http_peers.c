#include "net/http_peers.h"

#include <string.h>

#include "base/array.h"
#include "base/mem.h"

/* There are never more than connections, and only a new one looks. */
static struct http_peer_count *find(const struct http_peers *peers,
                                    const uint8_t key[SOCKET_KEY_SIZE])
{
    for (size_t i = 0; i < peers->count; i++) {
        if (memcmp(peers->peers[i].key, key, SOCKET_KEY_SIZE) == 0)
            return &peers->peers[i];
    }
    return NULL;
}

bool http_peers_add(struct http_peers *peers, const struct http_limits *limits,
                    const uint8_t key[SOCKET_KEY_SIZE])
{
    struct http_peer_count *peer = find(peers, key);
    if (peers->total >= limits->connections ||
        (peer != NULL && peer->count >= limits->connections_per_peer))
        return false;
    if (peer == NULL) {
        struct http_peer_count *all = array_grown(
            peers->peers, peers->count, &peers->capacity, sizeof(*all));
        if (all == NULL)
            return false;
        peers->peers = all;
        peer = &all[peers->count++];
        memcpy(peer->key, key, SOCKET_KEY_SIZE);
        peer->count = 0;
    }
    peer->count++;
    peers->total++;
    return true;
}

void http_peers_remove(struct http_peers *peers,
                       const uint8_t key[SOCKET_KEY_SIZE])
{
    struct http_peer_count *peer = find(peers, key);
    if (peer == NULL)
        return;
    peers->total--;
    if (--peer->count == 0)
        *peer = peers->peers[--peers->count];
}

void http_peers_release(struct http_peers *peers)
{
    mem_free(peers->peers);
    *peers = (struct http_peers){0};
}
