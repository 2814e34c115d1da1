#include "server/address.h"

#include <string.h>

#include "support/test.h"

static bool shortens(const char *address, const char *peer, const char *network)
{
    char out[ADDRESS_SIZE] = {0};
    address_shorten(address, ADDRESS_PEER, out);
    if (strcmp(out, peer) != 0)
        return false;
    address_shorten(address, ADDRESS_NETWORK, out);
    return strcmp(out, network) == 0;
}

TEST(a_network_names_nobody)
{
    CHECK(shortens("192.0.2.77", "192.0.2.77/32", "192.0.2.0/24"));
    CHECK(shortens("::ffff:192.0.2.77", "192.0.2.77/32", "192.0.2.0/24"));
    CHECK(shortens("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64",
                   "2001:db8:1::/48"));
    CHECK(shortens("no address", "unknown", "unknown"));
    CHECK(shortens("", "unknown", "unknown"));
}

TEST(this_host_is_known)
{
    CHECK(address_is_loopback("127.0.0.1"));
    CHECK(address_is_loopback("127.9.9.9"));
    CHECK(address_is_loopback("::1"));
    CHECK(address_is_loopback("::ffff:127.0.0.1"));
    CHECK(!address_is_loopback("0.0.0.0"));
    CHECK(!address_is_loopback("::"));
    CHECK(!address_is_loopback("192.0.2.1"));
    CHECK(!address_is_loopback("localhost"));
    CHECK(!address_is_loopback("::ffff:192.0.2.1"));
}
