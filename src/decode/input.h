/*
 * decode/input.h - the file, as libavformat reads it
 *
 * Each read goes over the link; nothing is ever opened.
 */
#ifndef DECODE_INPUT_H
#define DECODE_INPUT_H

#include <libavformat/avio.h>
#include <stdint.h>

#include "base/error.h"

struct input {
    AVIOContext *io;
    uint64_t size;
    uint64_t at;
};

/* `*input` stays where it is until it is released. Errors: NOMEM. */
MUST_USE dits_error *input_init(struct input *input, uint64_t size);
void input_release(struct input *input);

#endif
