/*
 * object/stream_reader.h - the bytes of one list of chunks
 *
 * One thread. Keeps the chunk that was read last, so that many small reads in
 * order read each chunk once.
 */
#ifndef OBJECT_STREAM_READER_H
#define OBJECT_STREAM_READER_H

#include "object/list_cursor.h"

/* The fields but the first and `chunk.capacity` are for stream_reader.c. */
struct stream_reader {
    bool unchecked; /* store_read_unchecked() */
    struct list_cursor cursor;
    struct buf chunk; /* empty: none */
    uint64_t chunk_offset;
};

struct stream_reader stream_reader_over(struct store *store,
                                        const struct list_node *list);
void stream_reader_release(struct stream_reader *reader);

/* Forget the chunk that is kept. */
void stream_reader_forget(struct stream_reader *reader);

/* Exactly `size` bytes at `offset`, which lie within the list. */
MUST_USE dits_error *stream_reader_read(struct stream_reader *reader,
                                        uint64_t offset, size_t size,
                                        uint8_t *out);

#endif
