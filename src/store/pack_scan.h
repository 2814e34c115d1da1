/*
 * store/pack_scan.h - the frames of a pack, found without its index
 */
#ifndef STORE_PACK_SCAN_H
#define STORE_PACK_SCAN_H

#include <stdint.h>

#include "base/fs.h"
#include "store/pack_format.h"

struct pack_scan {
    const dits_context *context; /* for cancelling */
    const struct fs_file *file;
    uint64_t file_size;
    /* An error ends the walk. */
    dits_error *(*on_frame)(const struct frame *frame, void *payload);
    /* May be NULL. Bytes that are no frame, from `offset` on. */
    void (*on_damage)(uint64_t offset, uint64_t size, void *payload);
    void *payload;
};

/*
 * Walk over the frames in order. Past damage, the next frame is one whose
 * header and whose bytes are both whole: data may look like a frame. The bytes
 * of other frames are not read. `out_frames_end` is where the last one ends.
 *
 * Errors: IO, NOMEM, CANCELLED. Damage is none.
 */
MUST_USE dits_error *pack_scan(const struct pack_scan *scan,
                               uint64_t *out_frames_end);

/*
 * Read the chunk of `frame` into the `plain_size` bytes at `out` and check it
 * against its id. Errors: CORRUPT, IO, NOMEM.
 */
MUST_USE dits_error *frame_read(const struct fs_file *file,
                                const struct frame *frame, void *out);

/* The same without the check of the id. */
MUST_USE dits_error *frame_read_unchecked(const struct fs_file *file,
                                          const struct frame *frame, void *out);

#endif
