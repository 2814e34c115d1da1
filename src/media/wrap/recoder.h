/*
 * media/wrap/recoder.h - a packed stream made again from what it holds
 *
 * The encoder always gets the plain bytes in the same pieces, counted from the
 * start of the stream; so what comes out depends on nothing but the bytes and
 * the parameters, whoever asks for how much at a time. Everything that makes a
 * packed stream goes through here: the search for the parameters, the proof
 * when a file is stored, and reading.
 */
#ifndef MEDIA_WRAP_RECODER_H
#define MEDIA_WRAP_RECODER_H

#include "base/deflate.h"

/* Exactly the next `size` plain bytes. */
typedef dits_error *recoder_fill_fn(void *payload, size_t size, uint8_t *out);

/* The fields are for recoder.c alone. */
struct recoder {
    recoder_fill_fn *fill;
    void *payload;
    uint64_t plain_left; /* not asked for yet */
    struct deflater *deflater;
    uint8_t *piece; /* of plain bytes */
    const uint8_t *at;
    size_t piece_left;
    bool ended;
};

/* A stream of `plain_size` bytes, which `fill` gives in order. */
MUST_USE dits_error *recoder_init(struct recoder *recoder,
                                  struct deflate_params params,
                                  uint64_t plain_size, recoder_fill_fn *fill,
                                  void *payload);
void recoder_release(struct recoder *recoder);

/* Whether recoder_init() was called and not released. */
bool recoder_is_open(const struct recoder *recoder);

/* The next `size` coded bytes; fewer only where the stream ends. */
MUST_USE dits_error *recoder_read(struct recoder *recoder, size_t size,
                                  uint8_t *out, size_t *out_size);

#endif
