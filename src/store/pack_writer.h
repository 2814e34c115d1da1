/*
 * store/pack_writer.h - one new pack
 *
 * Frames are given a place one at a time and are copied to it by any number of
 * threads. The pack appears under its name once it is whole and durable.
 */
#ifndef STORE_PACK_WRITER_H
#define STORE_PACK_WRITER_H

#include "base/pool.h"
#include "store/pending.h"

struct pack_writer;

/* Folders are borrowed; threads run on `processors`. Costs next to nothing
 * before the first frame. */
MUST_USE dits_error *pack_writer_begin(const char *temporary_folder,
                                       const char *packs_folder,
                                       const struct pool_set *processors,
                                       struct pack_writer **out);

/* Whether a frame of that span still fits. */
bool pack_writer_has_room(const struct pack_writer *writer, uint64_t span);

/* The frame of a chunk that is in this pack, or NULL. Borrowed. */
const struct frame *pack_writer_find(const struct pack_writer *writer,
                                     const struct dits_oid *id);

/*
 * Give the frame a place, which is filled in. One thread at a time. Its bytes
 * must be filled in next; if that fails, so must the pack.
 */
MUST_USE dits_error *pack_writer_place(struct pack_writer *writer,
                                       struct frame *frame);

/* Copy the bytes of a frame to its place. Any thread. */
MUST_USE dits_error *pack_writer_fill(struct pack_writer *writer,
                                      const struct frame *frame,
                                      const void *stored);

/* Read back a chunk, checked, into its `plain_size` bytes. */
MUST_USE dits_error *pack_writer_read(struct pack_writer *writer,
                                      const struct frame *frame, void *out);

/* All frames are filled: make the pack durable and visible. */
MUST_USE dits_error *pack_writer_commit(struct pack_writer *writer);

/* The name that the commit gave it. */
const struct dits_oid *pack_writer_name(const struct pack_writer *writer);

/* An uncommitted pack is removed. NULL is allowed. */
void pack_writer_free(struct pack_writer *writer);
void pack_writer_freep(struct pack_writer **writer);

#endif
