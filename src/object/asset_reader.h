/*
 * object/asset_reader.h - reading an asset in order, by one thread
 *
 * Keeps what neighbouring reads have in common: the segment of the weave and
 * the last chunk of each stream.
 */
#ifndef OBJECT_ASSET_READER_H
#define OBJECT_ASSET_READER_H

#include "object/recipe.h"
#include "object/stream_reader.h"
#include "object/wrapped_reader.h"

/* Behind asset_open(). Immutable. */
struct asset {
    struct store *store;
    struct recipe recipe;
};

/* The fields are for asset_reader.c alone. */
struct asset_reader {
    const struct asset *asset;
    struct stream_reader *streams;  /* one for each stream of the recipe */
    struct wrapped_reader *wrapped; /* of a wrapped asset; else NULL */

    /* Of a woven asset: the place in the weave. */
    struct weave_segment segment; /* empty: no place yet */
    size_t part;
    size_t run;
    uint64_t run_offset;                   /* of the run, in the file */
    uint64_t positions[WEAVE_MAX_STREAMS]; /* of the run, in the streams */
};

MUST_USE dits_error *asset_reader_init(struct asset_reader *reader,
                                       const struct asset *asset);

/* From here on chunks are read by store_read_unchecked(). */
void asset_reader_uncheck(struct asset_reader *reader);
void asset_reader_release(struct asset_reader *reader);

/* Exactly `size` bytes at `offset`, which lie within the file. */
MUST_USE dits_error *asset_reader_read(struct asset_reader *reader,
                                       uint64_t offset, size_t size,
                                       uint8_t *out);

/* A segment of the weave, checked against the index. */
MUST_USE dits_error *asset_load_weave(const struct asset *asset, size_t part,
                                      struct weave_segment *out);

#endif
