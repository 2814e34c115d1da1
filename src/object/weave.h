/*
 * object/weave.h - how streams are put together into a file
 *
 * A weave is a list of runs: so many bytes of this stream, so many of that
 * one. Runs are stored in segments that end where the runs in them say so; the
 * asset holds the index of the segments, with the bytes that each takes from
 * each stream. So an offset in the file is found by one search in the index and
 * one pass over a segment (docs/formats/asset.md).
 */
#ifndef OBJECT_WEAVE_H
#define OBJECT_WEAVE_H

#include "base/cursor.h"
#include "store/store.h"

/* Bounds of the format. */
#define WEAVE_MAX_STREAMS 64
#define WEAVE_MIN_RUNS 2048
#define WEAVE_MAX_RUNS 32768

struct weave_run {
    uint8_t stream;
    uint64_t size; /* at least 1 */
};

/* Owns its runs. */
struct weave_segment {
    size_t count;
    struct weave_run *runs;
};

void weave_segment_release(struct weave_segment *segment);

/* Whether a segment of `count` runs, whose last two are given, ends there. */
bool weave_segment_ends(size_t count, const struct weave_run last[2]);

MUST_USE dits_error *weave_segment_encode(const struct weave_segment *segment,
                                          struct buf *out);

/* Errors: CORRUPT. */
MUST_USE dits_error *weave_segment_parse(struct slice bytes,
                                         struct weave_segment *out);

/* A row of the index. */
struct weave_part {
    struct dits_oid id; /* of the segment */
    uint64_t runs;
    uint64_t offset; /* in the file */
    uint64_t size;   /* bytes of the file */
};

/* The index. Owns its tables. */
struct weave {
    size_t streams;
    size_t count;
    struct weave_part *parts;
    uint64_t *starts; /* of each part, where it begins in each stream */
};

void weave_release(struct weave *weave);

/* Where part `index` begins in each stream: an array of `weave->streams`. */
const uint64_t *weave_starts(const struct weave *weave, size_t index);

/* Keep the first `streams` only: the others have no bytes. */
void weave_narrow(struct weave *weave, size_t streams);

/* The part that holds `offset`, which is below the size of the file. */
size_t weave_find(const struct weave *weave, uint64_t offset);

/* `totals` are the sizes of the streams. */
MUST_USE dits_error *weave_encode(const struct weave *weave,
                                  const uint64_t *totals, struct buf *out);

/* The same, checked: the parts take each stream exactly. Errors: CORRUPT. */
MUST_USE dits_error *weave_parse(struct cursor *in, size_t streams,
                                 const uint64_t *totals, struct weave *out);

#endif
