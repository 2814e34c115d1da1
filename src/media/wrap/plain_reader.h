/*
 * media/wrap/plain_reader.h - what a packed stream holds, in order
 */
#ifndef MEDIA_WRAP_PLAIN_READER_H
#define MEDIA_WRAP_PLAIN_READER_H

#include "base/deflate.h"
#include "base/source.h"

/* `ended` and `coded_used` may be read; the rest is for plain_reader.c. */
struct plain_reader {
    struct source *source; /* borrowed */
    uint64_t offset;       /* of the coded bytes to be read next */
    uint64_t left;         /* of those */
    struct inflater *inflater;
    uint8_t *coded; /* what was read */
    const uint8_t *at;
    size_t coded_size; /* from `at` */
    bool ended;        /* the stream has */
    uint64_t coded_used;
};

/* The stream at `offset`, which has at most `size` coded bytes. */
MUST_USE dits_error *plain_reader_init(struct plain_reader *reader,
                                       struct source *source, uint64_t offset,
                                       uint64_t size);
void plain_reader_release(struct plain_reader *reader);

/*
 * The next `size` bytes; fewer only where the stream ends. Errors: CORRUPT
 * (damaged, or the coded bytes end before the stream does), those of the
 * source.
 */
MUST_USE dits_error *plain_reader_read(struct plain_reader *reader, size_t size,
                                       uint8_t *out, size_t *out_size);

#endif
