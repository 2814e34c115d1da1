/*
 * store/pack_index.h - which chunk is where in a pack
 *
 * An immutable sorted table in checksummed pages, found by a fan-out over the
 * first bits of the id. Its start is kept twice. The same bytes are the pack's
 * own footer and its .idx file. Specified in docs/formats/pack-index.md.
 */
#ifndef STORE_PACK_INDEX_H
#define STORE_PACK_INDEX_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"
#include "store/pack_format.h"

#define PACK_INDEX_HEADER_SIZE 64u
#define PACK_INDEX_ENTRY_SIZE 48u
#define PACK_INDEX_PAGE_ENTRIES 85u
#define PACK_INDEX_CHECKSUM_SIZE 8u
#define PACK_INDEX_MAX_FANOUT_BITS 16u

/* The largest index that anybody writes; readers refuse more. */
#define PACK_INDEX_MAX_BYTES ((size_t)16 * 1024 * 1024)

/* Whether a page was verified already. */
struct page_state {
    atomic_bool verified;
};

/* A parsed index. Borrows its bytes. Any thread may look things up. */
struct pack_index {
    const uint8_t *fanout;
    const uint8_t *pages;
    uint32_t count;
    unsigned fanout_bits;
    uint64_t frames_end;
    struct dits_oid name;
    struct page_state *states; /* one for each page */
};

/*
 * Check the start of an index (its other copy, when it is damaged) and the
 * sizes; pages are checked when they are first looked at.
 *
 * Errors: CORRUPT, UNSUPPORTED (a later version), NOMEM.
 */
MUST_USE dits_error *pack_index_parse(const uint8_t *bytes, size_t size,
                                      struct pack_index *out);
void pack_index_release(struct pack_index *index);

/* Errors: CORRUPT when the page is damaged. */
MUST_USE dits_error *pack_index_find(const struct pack_index *index,
                                     const struct dits_oid *id, bool *out_found,
                                     struct frame *out);

/* Row `i` in the order of ids. Errors: CORRUPT. */
MUST_USE dits_error *pack_index_at(const struct pack_index *index, uint32_t i,
                                   struct frame *out);

/* Everything: both copies of the start, all pages, all rows. */
MUST_USE dits_error *pack_index_verify(const uint8_t *bytes, size_t size);

/* The first row whose id is not below `id`: `count` when there is none. */
MUST_USE dits_error *pack_index_lower_bound(const struct pack_index *index,
                                            const struct dits_oid *id,
                                            uint32_t *out);

/*
 * Append the index of `frames` to `out`. Sorts them; there must be at least
 * one. A `name` of zero becomes the hash of all rows: packs of one name are
 * alike. Any other is kept: that of a pack which has lost chunks.
 */
MUST_USE dits_error *pack_index_build(struct frame *frames, uint32_t count,
                                      uint64_t frames_end,
                                      struct dits_oid *name, struct buf *out);

#endif
