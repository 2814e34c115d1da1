/*
 * repo/wire_pipe.h - exchanges over a pair of pipes
 *
 * Frames, each with its size before it: first a greeting of either side, then
 * requests and their answers, in the same order. Specified in
 * docs/protocol/pipe.md. wire_pipe.c knows the bytes, wire_pipe_serve.c is the
 * side that answers, transport_ssh.c the one that asks.
 */
#ifndef REPO_WIRE_PIPE_H
#define REPO_WIRE_PIPE_H

#include "repo/wire_client.h"

#define WIRE_PIPE_VERSION 1u

/* Of a frame, before what it holds. */
#define WIRE_PIPE_HEAD_SIZE 5u

/* The largest frame: an exchange, and what is before it. */
#define WIRE_PIPE_MAX_BYTES (EXCHANGE_MAX_BODY + 1024u)

enum wire_pipe_kind {
    WIRE_PIPE_HELLO = 1,
    WIRE_PIPE_REQUEST = 2,
    WIRE_PIPE_ANSWER = 3,
    WIRE_PIPE_ERROR = 4, /* in place of a greeting: an error, then the end */
};

struct wire_pipe_head {
    uint32_t size; /* of what follows */
    enum wire_pipe_kind kind;
};

void wire_pipe_head_encode(const struct wire_pipe_head *head,
                           uint8_t out[WIRE_PIPE_HEAD_SIZE]);
MUST_USE dits_error *wire_pipe_head_decode(
    const uint8_t bytes[WIRE_PIPE_HEAD_SIZE], struct wire_pipe_head *out);

/* What one side can do. The other one's capabilities that it does not know mean
 * nothing to it. */
struct wire_hello {
    uint16_t lowest;
    uint16_t highest; /* of the answer: the one that is spoken, twice */
    bool may_write;   /* the capability "write" */
};

MUST_USE dits_error *wire_hello_encode(const struct wire_hello *hello,
                                       struct buf *out);
MUST_USE dits_error *wire_hello_decode(struct slice bytes,
                                       struct wire_hello *out);

/* The version that both speak. UNSUPPORTED: there is none. */
MUST_USE dits_error *wire_hello_choose(const struct wire_hello *theirs,
                                       uint16_t *out);

/* A request or an answer, without its frame. `body` is borrowed. */
struct wire_pipe_message {
    uint64_t number;
    char *call; /* of a request: owned */
    int status; /* of an answer */
    struct slice body;
};
void wire_pipe_message_release(struct wire_pipe_message *message);

/* What stands before the body. */
MUST_USE dits_error *wire_pipe_request_encode(uint64_t number, const char *call,
                                              struct buf *out);
MUST_USE dits_error *wire_pipe_answer_encode(uint64_t number, int status,
                                             struct buf *out);
MUST_USE dits_error *wire_pipe_request_decode(struct slice bytes,
                                              struct wire_pipe_message *out);
MUST_USE dits_error *wire_pipe_answer_decode(struct slice bytes,
                                             struct wire_pipe_message *out);

#endif
