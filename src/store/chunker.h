/*
 * store/chunker.h - where a stream of bytes is cut
 *
 * Cuts depend on the bytes alone: the same whatever the processor, the number
 * of threads and the sizes of the pieces that are read. A profile's numbers
 * never change; another set of numbers is another profile. Specified in
 * docs/formats/chunker.md.
 */
#ifndef STORE_CHUNKER_H
#define STORE_CHUNKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A row of the table of chunkers. Recorded in assets by id. */
struct chunker {
    uint8_t id;       /* on disk; never reused */
    const char *name; /* "small", "media", "large" */
    uint32_t min_size;
    uint32_t average_size;
    uint32_t max_size;
    bool compress; /* chunks may be worth compressing */
};

/* NULL when there is none of that id. */
const struct chunker *chunker_by_id(uint8_t id);
const struct chunker *chunker_by_name(const char *name);

/* All of them, `*out_count` rows. */
const struct chunker *chunker_table(size_t *out_count);

/* The bytes before a cut that decide about it. */
#define CHUNKER_WINDOW 64u

/* Where a chunk may end: after the byte before `at`, if it is long enough. */
struct candidate {
    uint32_t at;
    uint32_t strength; /* more is rarer */
};

#define CANDIDATES_MAX 4096u

/* Ascending. Empty is the zero value. */
struct candidates {
    size_t count;
    struct candidate list[CANDIDATES_MAX];
};

/*
 * Add the candidates that end within data[from, to): those after each byte of
 * that range, by the window of bytes before it, so from >= CHUNKER_WINDOW - 1
 * must hold. Data of zeros has none. Returns `to`, or less when the list is
 * full: how far the list is complete.
 */
size_t chunker_scan(const struct chunker *chunker, const uint8_t *data,
                    size_t from, size_t to, struct candidates *out);

/*
 * The next cut after `start`, by candidates that are complete up to `end`;
 * both are counted like the candidates' places. `next` is the first candidate
 * to look at, and moves on. 0: it lies beyond `end`.
 */
size_t chunker_cut(const struct chunker *chunker,
                   const struct candidates *candidates, size_t *next,
                   int64_t start, size_t end);

#endif
