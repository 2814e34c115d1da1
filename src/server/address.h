/*
 * server/address.h - where a request came from
 */
#ifndef SERVER_ADDRESS_H
#define SERVER_ADDRESS_H

#include <stdbool.h>

/* With the NUL. */
#define ADDRESS_SIZE 64u

/* How much of it is kept. */
enum address_part {
    ADDRESS_PEER,    /* one subscriber: all of IPv4, 64 bits of IPv6 */
    ADDRESS_NETWORK, /* no single person: 24 bits, 48 of IPv6 */
};

/* "192.0.2.0/24", "2001:db8::/48"; "unknown" of what is no address. */
void address_shorten(const char *address, enum address_part part,
                     char out[ADDRESS_SIZE]);

/* Of this host itself. */
bool address_is_loopback(const char *address);

#endif
