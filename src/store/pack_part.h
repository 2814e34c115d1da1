/*
 * store/pack_part.h - packs that are a part of another file
 *
 * A bundle holds packs, each as it would be a file of its own
 * (docs/formats/pack.md), one behind the other. They are written and read from
 * start to end, with the memory of one chunk and one index.
 */
#ifndef STORE_PACK_PART_H
#define STORE_PACK_PART_H

#include "base/fs.h"
#include "store/pack.h"

/* Where a pack lies in a file. */
struct pack_part {
    uint64_t start;
    uint64_t size;
    struct dits_oid name;
};

/* One pack on its way into a file. Nothing is written before the first frame
 * is flushed. The zero value is released. */
struct pack_part_writer {
    const struct fs_file *file; /* borrowed */
    uint64_t start;             /* of the pack, in the file */
    uint64_t end;               /* of its frames, in the pack */
    uint64_t written;           /* of it, in the file */
    struct frame_list frames;
    struct buf waiting; /* bytes that are not written yet */
};

/* Start a pack at `start` of the file. */
MUST_USE dits_error *pack_part_begin(struct pack_part_writer *writer,
                                     const struct fs_file *file,
                                     uint64_t start);

/* Whether a frame of that span still fits. */
bool pack_part_has_room(const struct pack_part_writer *writer, uint64_t span);

/* Append a chunk whose id is not in the pack; `frame->offset` is filled in. */
MUST_USE dits_error *pack_part_add(struct pack_part_writer *writer,
                                   struct frame *frame, const void *stored);

/* Index and trailer. There must be at least one frame. Syncs nothing. */
MUST_USE dits_error *pack_part_finish(struct pack_part_writer *writer,
                                      struct pack_part *out);
void pack_part_release(struct pack_part_writer *writer);

struct pack_part_reading {
    const dits_context *context; /* for cancelling */
    const struct fs_file *file;

    /* Whether the bytes of this chunk shall be read. */
    dits_error *(*wants)(const struct frame *frame, bool *out, void *payload);
    /* Its bytes as they are stored, checked against the id. Borrowed. */
    dits_error *(*take)(const struct frame *frame, const void *stored,
                        void *payload);
    void *payload;
};

/*
 * Go over all of a pack: every frame in order, then its index, which must be
 * exactly that of these frames under the name that `part` says.
 *
 * Errors: CORRUPT (the file is cut off, a chunk that does not match its id, a
 * gap, another index), UNSUPPORTED, IO, NOMEM, CANCELLED, those of the calls.
 */
MUST_USE dits_error *pack_part_read(const struct pack_part_reading *reading,
                                    const struct pack_part *part);

#endif
