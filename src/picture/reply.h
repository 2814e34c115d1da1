/*
 * picture/reply.h - what a decoder answers, taken message by message
 *
 * The decoder has read a file that nobody trusts, so nobody trusts the decoder:
 * each message has to be one that may come now, of just the size that was
 * announced, within what was asked for.
 */
#ifndef PICTURE_REPLY_H
#define PICTURE_REPLY_H

#include "picture/message.h"

/* Pixels are three bytes: red, green, blue. */
struct reply_picture {
    uint32_t width; /* 0: there is none */
    uint32_t height;
    struct message_time time;
    uint8_t *pixels;
};

struct reply_sound {
    struct message_sound shape;
    struct buf levels; /* as they were sent */
};

struct reply {
    const struct message_request *request; /* borrowed */
    struct reply_picture *pictures;        /* one for each time */
    uint32_t picture_count;                /* that have begun */
    size_t wanted;                         /* bytes that the last one lacks */
    size_t taken;
    bool has_sound;
    bool is_done;
    struct reply_sound sound;
};

/* Errors: NOMEM. */
MUST_USE dits_error *reply_init(struct reply *reply,
                                const struct message_request *request);
void reply_release(struct reply *reply);

/*
 * Take a message of any type but MESSAGE_READ. CORRUPT when it must not come
 * now; the decoder's own error for MESSAGE_FAILED.
 */
MUST_USE dits_error *reply_take(struct reply *reply, enum message_type type,
                                struct slice bytes);

enum reply_level { REPLY_LEAST, REPLY_MOST, REPLY_RMS };

/* 1.0 is full scale; from -2 to 2. */
double reply_level(const struct reply_sound *sound, uint32_t channel,
                   uint32_t index, enum reply_level which);

#endif
