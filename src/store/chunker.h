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
};

/* NULL when there is none of that id. */
const struct chunker *chunker_by_id(uint8_t id);
const struct chunker *chunker_by_name(const char *name);

/* All of them, `*out_count` rows. */
const struct chunker *chunker_table(size_t *out_count);

/* Candidates and cuts: the interface is store's own to design. */

#endif
