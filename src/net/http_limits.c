#include "net/http_limits.h"

static void or_else(unsigned *field, unsigned value)
{
    if (*field == 0)
        *field = value;
}

static void size_or_else(size_t *field, size_t value)
{
    if (*field == 0)
        *field = value;
}

struct http_limits http_limits_whole(struct http_limits limits)
{
    or_else(&limits.connections, 2048);
    or_else(&limits.connections_per_peer, 512);
    or_else(&limits.streams, 100);
    or_else(&limits.resets, 200);
    or_else(&limits.resets_per_second, 20);
    size_or_else(&limits.header_bytes, 32u << 10);
    size_or_else(&limits.header_count, 64);
    size_or_else(&limits.body_memory, 256u << 20);
    or_else(&limits.waiting, 1024);
    or_else(&limits.handshake_ms, 10000);
    or_else(&limits.header_ms, 20000);
    or_else(&limits.body_ms, 30000);
    or_else(&limits.send_ms, 30000);
    or_else(&limits.idle_ms, 120000);
    or_else(&limits.linger_ms, 2000);
    return limits;
}

void http_pace_start(struct http_pace *pace, int64_t now)
{
    *pace = (struct http_pace){.since = now, .moved = now};
}

void http_pace_add(struct http_pace *pace, int64_t now, size_t bytes)
{
    pace->moved = now;
    pace->bytes += bytes;
}

bool http_pace_is_slow(const struct http_pace *pace, int64_t now,
                       unsigned limit_ms)
{
    int64_t fair = (int64_t)(pace->bytes * 1000 / HTTP_LEAST_RATE);
    return now - pace->moved > (int64_t)limit_ms ||
           now - pace->since > (int64_t)limit_ms + fair;
}
