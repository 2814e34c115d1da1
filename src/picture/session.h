/*
 * picture/session.h - have a file decoded by the helper
 */
#ifndef PICTURE_SESSION_H
#define PICTURE_SESSION_H

#include "base/context.h"
#include "base/source.h"
#include "picture/reply.h"

struct session_options {
    const dits_context *context;
    const char *decoder; /* path of the program */
    uint64_t wait_ms;    /* 0: by the processor time it may take */
};

/*
 * Run the decoder over `source`, which it reads through us, and fill `*reply`,
 * which reply_init() made for `request`. A program for each call: what one file
 * did to it never meets another file.
 *
 * Errors: UNSUPPORTED without a decoder; LIMIT; CORRUPT when the decoder
 * crashed or broke the rules; its own; the source's.
 */
MUST_USE dits_error *session_run(const struct session_options *options,
                                 struct source *source,
                                 const struct message_request *request,
                                 struct reply *reply);

#endif
