/*
 * media/isobmff/fragment_index.h - where the fragments of a file are
 *
 * A fragment is a 'moof' with the media data behind it, and the boxes before
 * it that belong to it: 'styp', 'prft', 'emsg' (ISO/IEC 14496-12, 8.8, 8.16;
 * ISO/IEC 23009-1 for 'emsg'). Unlike a walk over samples, which takes what it
 * can get, this is strict: what it lists can be moved to another offset.
 *
 * About 100 bytes are kept of a fragment with one track, 40 more for each
 * further one.
 */
#ifndef MEDIA_ISOBMFF_FRAGMENT_INDEX_H
#define MEDIA_ISOBMFF_FRAGMENT_INDEX_H

#include "base/source.h"
#include "media/isobmff/fragmented_movie.h"

/* A box before a 'moof'. */
struct lead_box {
    uint64_t offset;
    uint32_t size;
    uint32_t type;
};

/* One track in one fragment. Times are ticks of the track. */
struct indexed_part {
    int64_t time; /* of decoding its first sample */
    int64_t duration;
    int64_t earliest; /* presentation time of any sample, less `time` */
    int32_t shift;    /* presentation time of the first, less `time` */
    uint32_t track;   /* index */
    uint32_t samples;
    bool is_sync; /* decoding can start at the first */
};

enum {
    FRAGMENT_BROKEN = 1 << 0,  /* its boxes make no sense */
    FRAGMENT_OUTSIDE = 1 << 1, /* it has samples outside of itself */
    FRAGMENT_TO_END = 1 << 2,  /* its media data has no size */
};

struct indexed_fragment {
    uint64_t offset; /* of 'moof' */
    uint64_t end;    /* behind its media data */
    uint64_t before; /* bytes of all fragments before it, once served */
    uint32_t moof_size;
    uint32_t growth; /* bytes of 'tfdt' boxes that it lacks */
    uint32_t number; /* its sequence number (8.8.5) */
    uint32_t flags;
    uint32_t lead; /* index of its first lead box, and of its first part; */
    uint32_t part; /* the next fragment's are behind its last ones */
};

/* Boxes that say where fragments are, and how far that is true. */
struct index_check {
    uint32_t boxes;
    uint32_t entries;
    uint32_t wrong; /* entries that lead to no fragment */
};

/* Zero is empty. Immutable once made: any thread. */
struct fragment_index {
    struct fragmented_movie movie;
    uint64_t movie_offset; /* of 'moov', and its size */
    uint32_t movie_size;
    uint32_t movie_header;
    uint64_t init_end; /* behind the last box before all fragments */
    bool is_cut;       /* what comes behind the last one is not understood */
    uint64_t end;      /* of what was understood */
    size_t count, capacity;
    struct indexed_fragment *list; /* one more than `count`: the end */
    size_t part_count, part_capacity;
    struct indexed_part *parts;
    size_t lead_count, lead_capacity;
    struct lead_box *leads;
    struct index_check sidx; /* 8.16.3 */
    struct index_check tfra; /* 8.8.10 */
};

void fragment_index_release(struct fragment_index *index);

/*
 * Errors: UNSUPPORTED (no movie before the first fragment, or no fragment),
 * LIMIT, CORRUPT, and those of the source.
 */
MUST_USE dits_error *fragment_index_build(struct source *source,
                                          struct fragment_index *out);

/* How many parts and lead boxes a fragment has. */
uint32_t fragment_index_parts(const struct fragment_index *index, size_t at);
uint32_t fragment_index_leads(const struct fragment_index *index, size_t at);

/* The part of a track in a fragment, or NULL. */
const struct indexed_part *fragment_index_part(
    const struct fragment_index *index, size_t at, uint32_t track);

/* When its first sample is shown, once edited: ticks of its track. */
int64_t fragment_index_shown(const struct fragment_index *index,
                             const struct indexed_part *part);

/*
 * The fragments that show the time from `from` to `to`, in ticks of the
 * leading track once edited; they begin where decoding can start. Not found:
 * nothing is shown then.
 */
bool fragment_index_find(const struct fragment_index *index, int64_t from,
                         int64_t to, size_t *out_first, size_t *out_last);

#endif
