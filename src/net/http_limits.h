/*
 * net/http_limits.h - what a server allows its peers
 *
 * One table for all: a peer that keeps to it is served, and what does not is
 * refused before it costs memory or a thread.
 */
#ifndef NET_HTTP_LIMITS_H
#define NET_HTTP_LIMITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Times are in milliseconds. A field that is 0 means its default. */
struct http_limits {
    unsigned connections;          /* at once, from everybody: 2048 */
    unsigned connections_per_peer; /* from one address, or /64: 512 */
    unsigned streams;              /* at once, of one connection: 100 */
    unsigned resets;               /* of streams, at once, by a peer: 200 */
    unsigned resets_per_second;    /* that are forgiven: 20 */
    size_t header_bytes;           /* names and values of a request: 32 KiB */
    size_t header_count;           /* of a request: 64 */
    size_t body_memory;            /* all bodies, in both directions: 256 MiB */
    unsigned waiting;              /* exchanges without a thread: 1024 */
    unsigned handshake_ms;         /* of TLS: 10,000 */
    unsigned header_ms;            /* from its first byte to its last: 20,000 */
    unsigned body_ms;              /* a body that does not go on: 30,000 */
    unsigned send_ms;              /* an answer that is not read: 30,000 */
    unsigned idle_ms;              /* between exchanges: 120,000 */
    unsigned linger_ms;            /* for the peer to read the end: 2,000 */
};

/* What a body of either direction has to make on average, bytes a second. */
#define HTTP_LEAST_RATE 1024u

/* The same with defaults in place of zeros. */
struct http_limits http_limits_whole(struct http_limits limits);

/* How bytes of one direction go on. Times are in milliseconds. */
struct http_pace {
    int64_t since; /* when they began */
    int64_t moved; /* when the last ones went */
    uint64_t bytes;
};

void http_pace_start(struct http_pace *pace, int64_t now);
void http_pace_add(struct http_pace *pace, int64_t now, size_t bytes);

/* Whether they stand still, or go slower on average than they have to. */
bool http_pace_is_slow(const struct http_pace *pace, int64_t now,
                       unsigned limit_ms);

#endif
