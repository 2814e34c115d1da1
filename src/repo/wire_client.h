/*
 * repo/wire_client.h - the sync protocol, from the side that asks
 *
 * Requests are on their way several at once and are answered in order. What was
 * asked and not answered when a connection breaks is asked again over a new
 * one: each request of the protocol may come twice. So whatever carries them
 * only has to carry them (struct wire_channel).
 */
#ifndef REPO_WIRE_CLIENT_H
#define REPO_WIRE_CLIENT_H

#include "repo/wire.h"

/* An answer as it came. */
struct wire_reply {
    int status; /* of HTTP */
    struct buf body;
};
void wire_reply_release(struct wire_reply *reply);

struct wire_channel;

struct wire_channel_ops {
    /* Send, or see to it that it is sent. `body` is borrowed up to finish(). */
    dits_error *(*start)(struct wire_channel *channel, uint64_t number,
                         const char *call, struct slice body);
    /* Wait for the answer to that one, the oldest. NETWORK: it broke. */
    dits_error *(*finish)(struct wire_channel *channel, uint64_t number,
                          struct wire_reply *out);
    void (*close)(struct wire_channel *channel);
};

/* The start of each kind of channel. */
struct wire_channel {
    const struct wire_channel_ops *ops;
};

/* Connect, and shake hands. */
typedef dits_error *wire_connect_fn(struct wire_channel **out, void *payload);

/* Gets the answer, or, owned, the error in its place. */
typedef dits_error *wire_answer_fn(dits_error *err, struct slice body,
                                   void *payload);

/* Zero but for the first four; not moved once it was used. */
struct wire_client {
    const dits_context *context;
    wire_connect_fn *connect;
    void *payload;
    bool tries_itself; /* the channel: what breaks in the end is broken */

    struct wire_channel *channel; /* NULL: not connected */
    struct wire_waiting *first;   /* asked and not answered, oldest first */
    struct wire_waiting *last;
    uint64_t next_number;
    uint64_t on_the_way; /* bytes, both ways, as far as they can be told */
    uint64_t carried;    /* bytes of what was answered on this channel */
    uint64_t window;     /* 0: it grows as nothing breaks */
    unsigned failures;   /* one behind the other */
};

void wire_client_release(struct wire_client *client);

/* Hang up: nothing that was asked is answered. It may be used again. */
void wire_client_cancel(struct wire_client *client);

/* What is to be asked. */
struct wire_call {
    const char *name; /* a constant */
    size_t expected;  /* bytes of the answer */
    wire_answer_fn *on_answer;
    void (*drop)(void *payload); /* called where no answer comes; or NULL */
    void *payload;
};

/* The body is taken over, and, whatever becomes of it, the payload. */
MUST_USE dits_error *wire_client_start(struct wire_client *client,
                                       const struct wire_call *call,
                                       struct buf *body);

/* Wait for the oldest answer and pass it on. There is one. */
MUST_USE dits_error *wire_client_step(struct wire_client *client);

/* All answers. */
MUST_USE dits_error *wire_client_drain(struct wire_client *client);

/* Ask and wait; the answer goes into `reply`, which is empty. */
MUST_USE dits_error *wire_client_ask(struct wire_client *client,
                                     const char *name, struct buf *body,
                                     struct buf *reply);

/*
 * Bytes that a part should have, so that little is lost when it breaks; and
 * whether one more may be on its way.
 */
size_t wire_client_part(const struct wire_client *client);
bool wire_client_has_room(const struct wire_client *client);

#endif
