/*
 * store/pack_stream.h - writing a pack at the speed of the disk
 *
 * A ring of aligned blocks stands for the part of the file that is being
 * written. Any number of threads copy into it at places that were given out to
 * them; full blocks are written in the background, past the system's cache.
 * A file of less than one block is written at the end, without any of this.
 */
#ifndef STORE_PACK_STREAM_H
#define STORE_PACK_STREAM_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/pool.h"

struct pack_stream;

/*
 * Makes the file at `path`, which must not exist, and removes it if it is not
 * finished. The writers run on processors of that set.
 */
MUST_USE dits_error *pack_stream_begin(const char *path,
                                       const struct pool_set *writers,
                                       struct pack_stream **out);

/*
 * Copy into the file at `offset`. Any thread. Between them, the callers must
 * fill the file from 0 on without gap or overlap, and whoever fills the lower
 * offset must not wait for who fills the higher: blocks go round.
 *
 * Errors: those of writing earlier blocks.
 */
MUST_USE dits_error *pack_stream_fill(struct pack_stream *stream,
                                      uint64_t offset, const void *data,
                                      size_t size);

/* Read back what was filled. Any thread. */
MUST_USE dits_error *pack_stream_read(struct pack_stream *stream,
                                      uint64_t offset, size_t size, void *out);

/* Everything up to `size` was filled: make it durable. The name is not. */
MUST_USE dits_error *pack_stream_finish(struct pack_stream *stream,
                                        uint64_t size);

/* The file stays if it was finished. NULL is allowed. */
void pack_stream_free(struct pack_stream *stream);
void pack_stream_freep(struct pack_stream **stream);

#endif
