/*
 * picture/message.h - what the library and its decoder say to each other
 *
 * The decoder (src/decode) is a program of its own behind a socket: one request
 * goes in, pictures or sound levels come out, and between them the decoder asks
 * for bytes of the file, which it cannot open itself. A message is a type and a
 * size, four bytes each, little-endian, and as many bytes; numbers in it are
 * little-endian, too. Both ends are of one build, so there is no version: the
 * decoder is given the program's own and refuses another (MESSAGE_REQUEST).
 */
#ifndef PICTURE_MESSAGE_H
#define PICTURE_MESSAGE_H

#include <stdbool.h>

#include "base/buf.h"

enum message_type {
    MESSAGE_REQUEST = 1, /* to the decoder: the first, and the only one */
    MESSAGE_BYTES = 2,   /* to the decoder: what it asked for, all of it */
    MESSAGE_READ = 3,    /* bytes of the file, please */
    MESSAGE_PICTURE = 4, /* a picture begins: struct message_picture */
    MESSAGE_PIXELS = 5,  /* a part of its pixels */
    MESSAGE_SOUND = 6,   /* levels begin: struct message_sound */
    MESSAGE_LEVELS = 7,  /* some of them */
    MESSAGE_DONE = 8,    /* that was all */
    MESSAGE_FAILED = 9,  /* why it was not: struct message_failure */
};

enum {
    MESSAGE_HEADER = 8,
    MESSAGE_MAX = 1 << 20, /* bytes of any message, without its header */
    MESSAGE_TEXT_MAX = 500,
};

/* Most that can be asked for at once. */
enum {
    REQUEST_TIMES_MAX = 400,
    REQUEST_SIDE_MAX = 16384,       /* pixels */
    REQUEST_PIXELS_MAX = 64u << 20, /* of all pictures together */
    REQUEST_LEVELS_MAX = 8192,      /* for each channel */
    SOUND_CHANNELS_MAX = 64,
    SOUND_LEVEL_BYTES = 12, /* least, most, root of the mean square */
};

/* Full scale; what is louder goes on to twice that. */
#define SOUND_FULL (INT32_C(1) << 30)

/* Seconds. `den` is positive. */
struct message_time {
    int64_t num;
    int64_t den;
};

/* In place of a number of a stream: the one that players show. */
#define REQUEST_BEST UINT32_MAX

/* Pictures at some times, or, without any, the levels of the sound. */
struct message_request {
    uint64_t source_size;  /* bytes of the file */
    uint64_t memory_bytes; /* that decoding may use */
    uint32_t cpu_seconds;  /* that it may take */
    uint32_t stream;       /* among those of its kind, from 0 */
    uint32_t width;        /* what a picture has to fit into */
    uint32_t height;
    uint32_t level_count; /* of each channel, at most */
    uint32_t time_count;
    struct message_time times[REQUEST_TIMES_MAX];
};

struct message_read {
    uint64_t offset;
    uint32_t size; /* 1 to MESSAGE_MAX */
};

/* 0 by 0 where there is none to be shown; RGB, 8 bits each, no padding. */
struct message_picture {
    uint32_t width;
    uint32_t height;
    struct message_time time; /* when it is shown, from the start */
};

/* Channel by channel: `level_count` times three numbers, SOUND_FULL is 1.0. */
struct message_sound {
    uint32_t channels;
    uint32_t sample_rate;
    uint32_t level_count;
    uint64_t samples; /* of each channel */
};

struct message_failure {
    enum dits_code code;
    char text[MESSAGE_TEXT_MAX + 1]; /* one line of UTF-8, checked */
};

struct message_head {
    enum message_type type;
    uint32_t size;
};

/* The header of a message. CORRUPT for no type, or too large a size. */
MUST_USE dits_error *message_head_parse(const uint8_t bytes[MESSAGE_HEADER],
                                        struct message_head *out);
MUST_USE dits_error *message_head_put(struct buf *buf, enum message_type type,
                                      size_t size);

/* Append a whole message. */
MUST_USE dits_error *message_request_put(struct buf *buf,
                                         const struct message_request *request);
MUST_USE dits_error *message_read_put(struct buf *buf,
                                      struct message_read read);
MUST_USE dits_error *message_picture_put(struct buf *buf,
                                         const struct message_picture *picture);
MUST_USE dits_error *message_sound_put(struct buf *buf,
                                       const struct message_sound *sound);

/* The text is cut where it is too long. */
MUST_USE dits_error *message_failure_put(struct buf *buf, enum dits_code code,
                                         const char *text);

/*
 * What is in a message. CORRUPT for anything but what the other end may send;
 * UNSUPPORTED for a request by another version of Dits.
 */
MUST_USE dits_error *message_request_parse(struct slice bytes,
                                           struct message_request *out);
MUST_USE dits_error *message_read_parse(struct slice bytes,
                                        struct message_read *out);
MUST_USE dits_error *message_picture_parse(struct slice bytes,
                                           struct message_picture *out);
MUST_USE dits_error *message_sound_parse(struct slice bytes,
                                         struct message_sound *out);
MUST_USE dits_error *message_failure_parse(struct slice bytes,
                                           struct message_failure *out);

/* Whether the request is within all bounds. */
bool message_request_is_valid(const struct message_request *request);

#endif
