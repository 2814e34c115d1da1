#include "net/http_peers.h"

#include "support/mem_fault.h"
#include "support/test.h"

TEST(peers_are_counted_one_by_one)
{
    CLEANUP(http_peers_release) struct http_peers peers = {0};
    const struct http_limits limits = {.connections = 3,
                                       .connections_per_peer = 2};
    static const uint8_t a[SOCKET_KEY_SIZE] = {1};
    static const uint8_t b[SOCKET_KEY_SIZE] = {2};
    CHECK(http_peers_add(&peers, &limits, a));
    CHECK(http_peers_add(&peers, &limits, a));
    CHECK(!http_peers_add(&peers, &limits, a));
    CHECK(http_peers_add(&peers, &limits, b));
    CHECK(!http_peers_add(&peers, &limits, b));
    http_peers_remove(&peers, a);
    CHECK(http_peers_add(&peers, &limits, b));
    http_peers_remove(&peers, a);
    http_peers_remove(&peers, b);
    http_peers_remove(&peers, b);
    CHECK(peers.total == 0 && peers.count == 0);
}

TEST(without_memory_nobody_is_let_in)
{
    CLEANUP(http_peers_release) struct http_peers peers = {0};
    const struct http_limits limits = {.connections = 3,
                                       .connections_per_peer = 2};
    static const uint8_t a[SOCKET_KEY_SIZE] = {1};
    mem_fault_arm(1);
    CHECK(!http_peers_add(&peers, &limits, a));
    CHECK(mem_fault_disarm() && peers.total == 0);
}
