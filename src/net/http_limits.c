#include "net/http_limits.h"

#define OR_ELSE(field, value)     \
    do {                          \
        if (limits.field == 0)    \
            limits.field = value; \
    } while (0)

struct http_limits http_limits_whole(struct http_limits limits)
{
    OR_ELSE(connections, 2048);
    OR_ELSE(connections_per_peer, 512);
    OR_ELSE(streams, 100);
    OR_ELSE(resets, 200);
    OR_ELSE(resets_per_second, 20);
    OR_ELSE(header_bytes, 32u << 10);
    OR_ELSE(header_count, 64);
    OR_ELSE(body_memory, 256u << 20);
    OR_ELSE(waiting, 1024);
    OR_ELSE(handshake_ms, 10000);
    OR_ELSE(header_ms, 20000);
    OR_ELSE(body_ms, 30000);
    OR_ELSE(send_ms, 30000);
    OR_ELSE(idle_ms, 120000);
    OR_ELSE(linger_ms, 2000);
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
