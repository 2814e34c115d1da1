/*
 * decode/link.h - the decoder's end of the socket
 *
 * The only thing that this program reads from and writes to. The platform's
 * code is link_posix.c.
 */
#ifndef DECODE_LINK_H
#define DECODE_LINK_H

#include "picture/message.h"

/* Errors: NETWORK when the other end hung up. */
MUST_USE dits_error *link_send(const struct buf *message);

/* Exactly `size` bytes. */
MUST_USE dits_error *link_receive(void *out, size_t size);

MUST_USE dits_error *link_receive_request(struct message_request *out);

/* Bytes of the file: `read` must lie in it. */
MUST_USE dits_error *link_read(struct message_read read, void *out);

/* As many messages of `type` as it takes. */
MUST_USE dits_error *link_send_bytes(enum message_type type,
                                     struct slice bytes);

#endif
