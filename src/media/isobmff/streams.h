/*
 * media/isobmff/streams.h - pieces of tracks in the order of the file
 *
 * A stream gives the chunks of a track, the runs of all fragments, or the
 * extents of all items, by ascending offset. Where the tables of a file have
 * them in that order already, which is nearly always, nothing is kept;
 * otherwise they are sorted.
 */
#ifndef MEDIA_ISOBMFF_STREAMS_H
#define MEDIA_ISOBMFF_STREAMS_H

#include "media/isobmff/chunks.h"
#include "media/isobmff/state.h"
#include "media/isobmff/sync.h"

/* Samples side by side. */
struct extent {
    uint64_t offset;
    uint64_t first; /* sample; of runs and items: which one */
    uint32_t count;
    struct sync_place place; /* of chunks that were sorted */
};

enum stream_kind { STREAM_CHUNKS, STREAM_SORTED, STREAM_RUNS, STREAM_ITEMS };

struct stream {
    enum stream_kind kind;
    uint32_t track; /* of chunks */
    bool has_head;
    struct extent head; /* the next one */
    const struct isobmff *state;
    struct chunk_cursor chunks; /* of STREAM_CHUNKS */
    struct extent *sorted;      /* of STREAM_SORTED */
    uint32_t *order;            /* of STREAM_RUNS; NULL: as they are */
    size_t at, count;
};

/* The streams of a file, with those that are not over as a heap. */
struct streams {
    size_t count;
    struct stream *list;
    size_t live;
    uint32_t *heap; /* indices into `list`: the least offset first */
};

void streams_release(struct streams *streams);
MUST_USE dits_error *streams_open(struct streams *streams,
                                  const struct media_file *file);

/* The stream whose head comes first; NULL: all are over. */
struct stream *streams_first(struct streams *streams);

/* Go on in that stream. */
MUST_USE dits_error *streams_advance(struct streams *streams);

#endif
