/*
 * media/isobmff/fragment_tables.h - tables that say where fragments are
 *
 * ISO/IEC 14496-12: the segment index 'sidx' (8.16.3), and 'mfra' with its
 * 'tfra' and 'mfro' (8.8.9 to 8.8.11). Those of a file are checked against
 * what is there; those of a file that is served are made anew.
 */
#ifndef MEDIA_ISOBMFF_FRAGMENT_TABLES_H
#define MEDIA_ISOBMFF_FRAGMENT_TABLES_H

#include "media/isobmff/box.h"
#include "media/isobmff/fragment_index.h"

/* The 'sidx' and 'mfra' of a file, in its order. Zero is empty. */
struct index_boxes {
    size_t count, capacity;
    struct box *list;
};

void index_boxes_release(struct index_boxes *boxes);

/* Past LIMIT_INDEX_BOXES they are not kept. Errors: NOMEM. */
MUST_USE dits_error *index_boxes_add(struct index_boxes *boxes,
                                     const struct box *box);

/* Fill in `index->sidx` and `index->tfra`, once all fragments are known. */
MUST_USE dits_error *index_boxes_check(const struct index_boxes *boxes,
                                       struct window *window,
                                       struct fragment_index *index);

/* Fragments `first` to `last` - 1, moved by `shifts` (ticks, by track). */
struct served_range {
    const struct fragment_index *index; /* borrowed */
    size_t first, last;
    const int64_t *shifts; /* borrowed */
};

/*
 * A 'sidx' of the leading track, with at most `SERVED_ENTRIES` references, to
 * stand right before the first fragment. Nothing is put where the fragments do
 * not allow one: times that go back, or pieces too large for its fields.
 */
enum { SERVED_ENTRIES = 16384 };
MUST_USE dits_error *served_sidx(const struct served_range *range,
                                 struct buf *out);

/*
 * A 'mfra', for fragments of which the first is at `offset`; of each of the
 * first SERVED_TRACKS tracks it names at most SERVED_ENTRIES places where
 * decoding can start.
 */
enum { SERVED_TRACKS = 32 };
MUST_USE dits_error *served_mfra(const struct served_range *range,
                                 uint64_t offset, struct buf *out);

/* Where the 'moof' of a fragment is, if the first of the range is at 0. */
uint64_t served_moof(const struct served_range *range, size_t at);

#endif
