/*
 * store/cutter.h - one stream of a woven file on its way into chunks
 *
 * Bytes come in pieces of any size and leave as chunks; where they are cut
 * does not depend on the pieces. A stream of coded samples is cut where
 * samples start, by the bytes before: always at the start of a long group, so
 * that a trimmed copy is cut in the same places from its first picture on.
 * Every other stream is cut by its content. Specified in
 * docs/formats/chunker.md.
 */
#ifndef STORE_CUTTER_H
#define STORE_CUTTER_H

#include "base/error.h"
#include "store/chunker.h"

/* How a stream is cut and stored. */
struct stream_kind {
    const struct chunker *chunker;
    bool by_units;
    bool compress;   /* chunks may be worth compressing */
    uint8_t swapped; /* bytes of each unit come in reverse; 0 or 1: none */
};

/* What begins with the first byte of a piece. */
enum { CUT_UNIT = 1, CUT_GROUP = 2 };

/* The memory of a chunk: room for the longest of its chunker. */
struct cutter_memory {
    size_t size; /* of the chunk */
    size_t capacity;
    struct cutter_memory *next; /* of a list that somebody keeps */
    uint8_t *bytes;             /* CHUNKER_WINDOW bytes before it are there */
};

/* Where memory comes from and where chunks go. */
struct cutter_host {
    dits_error *(*get_memory)(void *payload, size_t capacity,
                              struct cutter_memory **out);
    /* The next chunk of `stream`; its memory is taken over. */
    dits_error *(*take_chunk)(void *payload, unsigned stream,
                              struct cutter_memory *chunk);
    void *payload;
    struct candidates *candidates; /* scratch */
};

/* Zero, with the first three fields set, is an empty stream. */
struct cutter {
    struct stream_kind kind;
    const struct cutter_host *host; /* borrowed */
    unsigned stream;
    struct cutter_memory *chunk; /* under way; NULL: none */
    uint64_t position;           /* of the chunk, in the stream */
    size_t scanned;              /* by content: candidates known up to here */
    uint64_t unit_size;          /* since the last unit began */
    uint64_t group_size;
    uint64_t marked;    /* how much of that unit went into `mark_hash` */
    uint64_t mark_hash; /* of words from all over it */
    size_t best;        /* the strongest place to cut so far; 0: none */
    uint64_t best_hash;
    bool best_is_group;
    uint8_t held[8]; /* the start of a unit of swapped bytes */
    unsigned held_size;
};

void cutter_release(struct cutter *cutter,
                    void (*free_memory)(struct cutter_memory *));

/* `flags` say what begins with these bytes. */
MUST_USE dits_error *cutter_add(struct cutter *cutter, unsigned flags,
                                const uint8_t *bytes, size_t size);

/* The stream ends here. */
MUST_USE dits_error *cutter_finish(struct cutter *cutter);

#endif
