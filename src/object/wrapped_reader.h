/*
 * object/wrapped_reader.h - reading a wrapped asset: packing it again
 *
 * One thread. Reads in order go on where the last one ended; a read further
 * back starts the packed stream again.
 */
#ifndef OBJECT_WRAPPED_READER_H
#define OBJECT_WRAPPED_READER_H

#include "object/stream_reader.h"
#include "object/wrapped.h"

struct wrapped_reader;

/*
 * `streams` are the readers of the skeleton and of the plain bytes; all is
 * borrowed. Errors: UNSUPPORTED, where this program has not the encoder.
 */
MUST_USE dits_error *wrapped_reader_new(const struct wrapped *wrapped,
                                        struct stream_reader *streams,
                                        struct wrapped_reader **out);
void wrapped_reader_free(struct wrapped_reader *reader);
void wrapped_reader_freep(struct wrapped_reader **reader);

/* Exactly `size` bytes at `offset`, which lie within the file. */
MUST_USE dits_error *wrapped_reader_read(struct wrapped_reader *reader,
                                         uint64_t offset, size_t size,
                                         uint8_t *out);

#endif
