/*
 * store/store.h - the chunks of a repository
 *
 * A chunk is 1 byte to CHUNK_MAX_BYTES of plain bytes under the id that their
 * hash gives. Chunks live in packs (store/pack.h) and never change.
 *
 * S1. A chunk is found, by every process and after every crash, once the
 *     store_writer_commit() of the writer that put it has succeeded.
 * S2. Every read but store_read_unchecked() checks the bytes against the id.
 *     Damaged bytes are never returned: the copy is quarantined, another one is
 * looked for, and when there is none the answer is CORRUPT, naming the pack.
 * S3. Putting what is there already stores nothing.
 * S4. A crash leaves nothing but garbage that the sweep removes.
 *
 * Any thread may call, unless said otherwise.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/context.h"
#include "base/error.h"
#include "base/oid.h"

#define CHUNK_MAX_BYTES (16u << 20)

/* What a chunk holds decides how its id is made. Values are on disk. */
enum chunk_kind {
    CHUNK_DATA = 0,  /* bytes of a file: plain BLAKE3 */
    CHUNK_ASSET = 1, /* the others: derive-key mode, a context per kind */
    CHUNK_LIST = 2,  /* a segment of a long list (object/chunk_list.h) */
    CHUNK_TREE = 3,
    CHUNK_COMMIT = 4,
    CHUNK_TAG = 5,
};
#define CHUNK_KIND_COUNT 6

/* "data", "asset", …; never NULL. */
const char *chunk_kind_name(enum chunk_kind kind);

/* The id of `size` bytes as a chunk of `kind`. */
void chunk_id(enum chunk_kind kind, const void *data, size_t size,
              struct dits_oid *out);

struct store;

/* Make an empty store in `folder` (the .dits folder, which exists). */
MUST_USE dits_error *store_create(const dits_context *context,
                                  const char *folder);

/*
 * Open the store in `folder`; both are borrowed for the store's life. Indexes
 * that are damaged or missing are made anew from their packs, with a warning.
 */
MUST_USE dits_error *store_open(const dits_context *context, const char *folder,
                                struct store **out);
void store_close(struct store *store);
void store_closep(struct store **store); /* for CLEANUP() */

/*
 * Why a chunk is in no pack, as an error; NULL: nothing is known, so it is
 * missing. Asked only then, by any thread. `payload` is borrowed for the
 * store's life.
 */
typedef dits_error *store_explain_fn(const struct dits_oid *id, void *payload);
void store_set_explain(struct store *store, store_explain_fn *fn,
                       void *payload);

/*
 * Say who knows of packs outside of .dits/packs (store/locations.h). Nothing is
 * asked before store_relocate(), or before a chunk is not where it should be.
 */
struct store_locator;
void store_set_locator(struct store *store,
                       const struct store_locator *locator);
MUST_USE dits_error *store_relocate(struct store *store);

/*
 * Whether the packs that data is read from are remembered, as they are at
 * first: who checks everything asks for nothing in particular.
 */
void store_note_reads(struct store *store, bool note);

/* Where a chunk is. */
struct chunk_place {
    enum chunk_kind kind;
    uint32_t size;        /* plain bytes */
    uint32_t stored_size; /* bytes in the pack, without the frame's header */
    char pack[OID_HEX_SIZE];
    uint64_t offset; /* of the frame, in the pack */
};

/* Absence is an answer. `out_place` may be NULL. */
MUST_USE dits_error *store_find(struct store *store, const struct dits_oid *id,
                                bool *out_found, struct chunk_place *out_place);

/*
 * The plain bytes, checked, in place of what `out` held.
 *
 * Errors: NOT_FOUND, CORRUPT (damaged everywhere, or of another kind), OFFLINE
 * (there, on a disk that is away).
 */
MUST_USE dits_error *store_read(struct store *store, enum chunk_kind kind,
                                const struct dits_oid *id, struct buf *out);

/* The same into exactly `size` bytes; CORRUPT when the chunk's size differs. */
MUST_USE dits_error *store_read_into(struct store *store, enum chunk_kind kind,
                                     const struct dits_oid *id, void *out,
                                     size_t size);

/*
 * Data without the check of its id: for who checks a hash over more than this
 * chunk before anything depends on the bytes, and reads again with the check
 * when that fails.
 */
MUST_USE dits_error *store_read_unchecked(struct store *store,
                                          const struct dits_oid *id, void *out,
                                          size_t size);

/*
 * Ids of any kind but DATA that start with the `digits` hex digits of
 * `prefix`: for abbreviated revisions. At most `max` are put into `out`.
 */
MUST_USE dits_error *store_find_prefix(struct store *store,
                                       const struct dits_oid *prefix,
                                       size_t digits, struct dits_oid *out,
                                       size_t max, size_t *out_count);

/* An error ends the walk and is what the walk returns. */
typedef dits_error *store_each_fn(const struct dits_oid *id,
                                  const struct chunk_place *place,
                                  void *payload);

/* Every chunk, in the order of packs and frames; a chunk may come twice. */
MUST_USE dits_error *store_each(struct store *store, store_each_fn *fn,
                                void *payload);

/*
 * Chunks on their way into the store. Holds the store's lock (shared), so that
 * nothing which it found present is swept before the caller has published what
 * refers to it: free the writer after publishing.
 */
struct store_writer;

MUST_USE dits_error *store_writer_begin(struct store *store,
                                        struct store_writer **out);

/* Any thread. `out_id` is filled in also for chunks that were there. */
MUST_USE dits_error *store_writer_put(struct store_writer *writer,
                                      enum chunk_kind kind, const void *data,
                                      size_t size, struct dits_oid *out_id);

/* The same, where the id is known already (the caller vouches for it). */
MUST_USE dits_error *store_writer_put_as(struct store_writer *writer,
                                         enum chunk_kind kind,
                                         const struct dits_oid *id,
                                         const void *data, size_t size);

/* The same for bytes that are compressed already, like media: stored as is. */
MUST_USE dits_error *store_writer_put_raw(struct store_writer *writer,
                                          enum chunk_kind kind,
                                          const struct dits_oid *id,
                                          const void *data, size_t size);

/*
 * The same for a chunk that comes out of another pack: `stored` are the bytes
 * as they lie there, and the caller has checked what they unpack to.
 */
struct frame;
MUST_USE dits_error *store_writer_put_frame(struct store_writer *writer,
                                            const struct frame *frame,
                                            const void *stored);

/* Also finds what this writer has put but not committed. */
MUST_USE dits_error *store_writer_find(struct store_writer *writer,
                                       const struct dits_oid *id,
                                       bool *out_found);

/*
 * Like store_read(), also for what this writer has put and not committed:
 * slow for those (it flushes first). Object code that needs to read back its
 * own objects within one command uses it.
 */
MUST_USE dits_error *store_writer_read(struct store_writer *writer,
                                       enum chunk_kind kind,
                                       const struct dits_oid *id,
                                       struct buf *out);

/*
 * Make all that was put durable and visible (S1). May be called again after
 * further puts. Does nothing, and costs nothing, when nothing new was put.
 */
MUST_USE dits_error *store_writer_commit(struct store_writer *writer);

struct store_writer_totals {
    uint64_t chunks;       /* stored anew */
    uint64_t bytes;        /* of those, plain */
    uint64_t stored_bytes; /* of those, in the pack, with frames */
    uint64_t known_chunks; /* found present */
    uint64_t known_bytes;
};

/* Since the writer began. */
struct store_writer_totals store_writer_totals(
    const struct store_writer *writer);

/* Drops what was not committed; gives the lock back. NULL is allowed. */
void store_writer_free(struct store_writer *writer);
void store_writer_freep(struct store_writer **writer);

#endif
