#include "server/address.h"

#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

struct address {
    int family;
    uint8_t bytes[16];
    unsigned size;
};

/* What comes over IPv6 from IPv4 is IPv4. */
static bool address_parse(const char *text, struct address *out)
{
    static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
    *out = (struct address){.family = AF_INET, .size = 4};
    if (inet_pton(AF_INET, text, out->bytes) == 1)
        return true;
    *out = (struct address){.family = AF_INET6, .size = 16};
    if (inet_pton(AF_INET6, text, out->bytes) != 1)
        return false;
    if (memcmp(out->bytes, mapped, sizeof(mapped)) == 0) {
        memmove(out->bytes, out->bytes + sizeof(mapped), 4);
        out->family = AF_INET;
        out->size = 4;
    }
    return true;
}

void address_shorten(const char *address, enum address_part part,
                     char out[ADDRESS_SIZE])
{
    struct address parsed;
    char text[INET6_ADDRSTRLEN] = {0};
    if (!address_parse(address, &parsed)) {
        (void)snprintf(out, ADDRESS_SIZE, "unknown");
        return;
    }
    bool is_v4 = parsed.family == AF_INET;
    unsigned kept = is_v4 ? 4 : 8;
    if (part == ADDRESS_NETWORK)
        kept = is_v4 ? 3 : 6;
    memset(parsed.bytes + kept, 0, parsed.size - kept);
    (void)inet_ntop(parsed.family, parsed.bytes, text, sizeof(text));
    (void)snprintf(out, ADDRESS_SIZE, "%s/%u", text, 8 * kept);
}

bool address_is_loopback(const char *address)
{
    static const uint8_t loopback[16] = {[15] = 1};
    struct address parsed;
    if (!address_parse(address, &parsed))
        return false;
    return parsed.family == AF_INET
               ? parsed.bytes[0] == 127
               : memcmp(parsed.bytes, loopback, sizeof(loopback)) == 0;
}
