/*
 * repo/transport_wire.h - a repository that is reached by the sync protocol
 *
 * All of repo/transport.h over channels (wire_client.h): ssh and HTTPS are two
 * ways to make one.
 */
#ifndef REPO_TRANSPORT_WIRE_H
#define REPO_TRANSPORT_WIRE_H

#include "repo/wire_client.h"

/* How to get there. The payload belongs to the transport. */
struct wire_way {
    const char *where; /* for messages; copied */
    const char *task;  /* "pushing": a constant; NULL: nothing will go */
    bool tries_itself; /* wire_client.h */
    wire_connect_fn *connect;
    void (*release)(void *payload);
    void *payload;
};

/* Connects, so that an address that leads nowhere is told of now. */
MUST_USE dits_error *transport_open_wire(const dits_context *context,
                                         const struct wire_way *way,
                                         struct transport **out);

#endif
