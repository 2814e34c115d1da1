/*
 * store/pack_format.h - the bytes of a pack
 *
 * A pack is a header, frames back to back, an index (store/pack_index.h) and a
 * trailer. Specified in docs/formats/pack.md.
 */
#ifndef STORE_PACK_FORMAT_H
#define STORE_PACK_FORMAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/oid.h"
#include "store/store.h"

#define PACK_VERSION 1u
#define PACK_HEADER_SIZE 24u
#define PACK_TRAILER_SIZE 64u
#define FRAME_HEADER_SIZE 56u

/* The frames of a pack end before this: offsets fit 32 bits. */
#define PACK_MAX_BYTES 0xF0000000u

/* Bounds the memory of who writes or merges packs. */
#define PACK_MAX_ENTRIES (1u << 18)

enum frame_codec { FRAME_PLAIN = 0, FRAME_ZSTD = 1 };

/* Reserved: key id, nonce and tag follow the header. Readers refuse it. */
enum frame_flags { FRAME_ENCRYPTED = 1 };

/* A frame: the header of one chunk in a pack, and its row in the index. */
struct frame {
    struct dits_oid id;
    uint32_t offset; /* of the frame, in the pack */
    uint32_t plain_size;
    uint32_t stored_size;
    uint8_t kind;
    uint8_t codec;
    uint8_t flags;
};

/* Bytes from the start of the frame to the start of the next. */
uint64_t frame_span(const struct frame *frame);

/*
 * Errors: CORRUPT when the fields contradict each other or leave their bounds,
 * UNSUPPORTED for what a later version may have written.
 */
MUST_USE dits_error *frame_check(const struct frame *frame);

void frame_encode(const struct frame *frame, uint8_t out[FRAME_HEADER_SIZE]);

/* Leaves `offset` as it is. Same errors as frame_check(). */
MUST_USE dits_error *frame_decode(const uint8_t bytes[FRAME_HEADER_SIZE],
                                  struct frame *out);

/*
 * Compress a frame's plain bytes into the empty `packed`, and say so in the
 * frame, where that saves at least a thirtieth of them.
 */
MUST_USE dits_error *frame_compress(struct frame *frame, const void *data,
                                    struct buf *packed);

/*
 * Check that `stored`, as many bytes as the frame says, unpacks to the chunk of
 * its id. `plain` is for the unpacking. Errors: CORRUPT, NOMEM.
 */
MUST_USE dits_error *frame_verify(const struct frame *frame, const void *stored,
                                  struct buf *plain);

/*
 * Where the next frame header may start in `bytes`, by its magic: the offset,
 * or `size` when there is none.
 */
size_t frame_search(const uint8_t *bytes, size_t size);

void pack_header_encode(uint8_t out[PACK_HEADER_SIZE]);

/* Errors: CORRUPT, UNSUPPORTED (a later version). */
MUST_USE dits_error *pack_header_decode(const uint8_t bytes[PACK_HEADER_SIZE]);

struct pack_trailer {
    uint64_t frames_end; /* where the index starts */
    uint64_t index_size;
    struct dits_oid name;
};

void pack_trailer_encode(const struct pack_trailer *trailer,
                         uint8_t out[PACK_TRAILER_SIZE]);

/* Errors: CORRUPT, also when the sizes do not make up `pack_size`. */
MUST_USE dits_error *pack_trailer_decode(const uint8_t bytes[PACK_TRAILER_SIZE],
                                         uint64_t pack_size,
                                         struct pack_trailer *out);

#endif
