#include "object/weave.h"

#include <inttypes.h>
#include <string.h>

#include "base/mem.h"
#include "object/list_node.h"
#include "object/object.h"

/* One place in so many ends a segment. */
enum { CUT_MASK = 0x1fff };

void weave_segment_release(struct weave_segment *segment)
{
    mem_free(segment->runs);
    *segment = (struct weave_segment){0};
}

/*
 * Two runs are enough to tell places apart: the sizes of encoded samples are
 * as good as random, and where they are not, only sharing suffers.
 */
bool weave_segment_ends(size_t count, const struct weave_run last[2])
{
    if (count < WEAVE_MIN_RUNS)
        return false;
    uint64_t mix = 0;
    for (size_t i = 0; i < 2; i++) {
        mix ^= last[i].size * 64 + last[i].stream;
        mix *= UINT64_C(0x9e3779b97f4a7c15);
        mix ^= mix >> 29;
    }
    return count >= WEAVE_MAX_RUNS || (mix & CUT_MASK) == 0;
}

dits_error *weave_segment_encode(const struct weave_segment *segment,
                                 struct buf *out)
{
    TRY(object_begin(out, CHUNK_LIST));
    TRY(buf_put_u8(out, LIST_FORM_WEAVE));
    TRY(buf_put_varint(out, segment->count));
    for (size_t i = 0; i < segment->count; i++)
        TRY(buf_put_u8(out, segment->runs[i].stream));
    for (size_t i = 0; i < segment->count; i++)
        TRY(buf_put_varint(out, segment->runs[i].size));
    return object_end(out);
}

static dits_error *parse_runs(struct cursor *in, size_t count,
                              struct weave_segment *segment)
{
    struct slice streams = {0};
    TRY(cursor_slice(in, count, &streams));
    segment->runs = mem_new_array(struct weave_run, count);
    if (segment->runs == NULL)
        return error_nomem();
    for (; segment->count < count; segment->count++) {
        struct weave_run *run = &segment->runs[segment->count];
        run->stream = streams.data[segment->count];
        TRY(cursor_varint(in, &run->size));
        if (run->size == 0 || run->size > LIST_MAX_BYTES ||
            run->stream >= WEAVE_MAX_STREAMS)
            return error_new(DITS_E_CORRUPT,
                             "a weave takes %" PRIu64 " bytes of stream %u",
                             run->size, run->stream);
    }
    return cursor_end(in);
}

dits_error *weave_segment_parse(struct slice bytes, struct weave_segment *out)
{
    CLEANUP(weave_segment_release) struct weave_segment segment = {0};
    struct cursor in = {0};
    uint8_t form = 0;
    uint64_t count = 0;
    TRY(object_open(CHUNK_LIST, bytes, &in));
    TRY(cursor_u8(&in, &form));
    TRY(cursor_varint(&in, &count));
    if (form != LIST_FORM_WEAVE)
        return error_new(DITS_E_CORRUPT, "a list of form %u in place of runs",
                         form);
    if (count == 0 || count > WEAVE_MAX_RUNS || count > cursor_left(&in) / 2)
        return error_new(DITS_E_CORRUPT, "%" PRIu64 " runs in a weave", count);
    TRY(parse_runs(&in, (size_t)count, &segment));
    *out = MOVE(segment);
    return NULL;
}

void weave_release(struct weave *weave)
{
    mem_free(weave->parts);
    mem_free(weave->starts);
    *weave = (struct weave){0};
}

const uint64_t *weave_starts(const struct weave *weave, size_t index)
{
    return &weave->starts[index * weave->streams];
}

void weave_narrow(struct weave *weave, size_t streams)
{
    for (size_t i = 0; i < weave->count; i++)
        memmove(&weave->starts[i * streams], weave_starts(weave, i),
                streams * sizeof(*weave->starts));
    weave->streams = streams;
}

size_t weave_find(const struct weave *weave, uint64_t offset)
{
    size_t low = 0;
    size_t high = weave->count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (weave->parts[middle].offset <= offset)
            low = middle;
        else
            high = middle;
    }
    return low;
}

dits_error *weave_encode(const struct weave *weave, const uint64_t *totals,
                         struct buf *out)
{
    TRY(buf_put_varint(out, weave->count));
    for (size_t i = 0; i < weave->count; i++) {
        const uint64_t *next = i + 1 < weave->count ? weave_starts(weave, i + 1)
                                                    : totals;
        TRY(buf_put(out, weave->parts[i].id.hash, OID_SIZE));
        TRY(buf_put_varint(out, weave->parts[i].runs));
        for (size_t s = 0; s < weave->streams; s++)
            TRY(buf_put_varint(out, next[s] - weave_starts(weave, i)[s]));
    }
    return NULL;
}

/*
 * Read the part at `weave->count`. `positions` are where it begins in the
 * streams, and then where it ends.
 */
static dits_error *parse_part(struct cursor *in, struct weave *weave,
                              const uint64_t *totals, uint64_t *positions)
{
    struct weave_part *part = &weave->parts[weave->count];
    uint64_t *starts = &weave->starts[weave->count * weave->streams];
    memcpy(starts, positions, weave->streams * sizeof(*starts));
    TRY(cursor_oid(in, &part->id));
    TRY(cursor_varint(in, &part->runs));
    for (size_t s = 0; s < weave->streams; s++) {
        uint64_t size = 0;
        TRY(cursor_varint(in, &size));
        if (size > totals[s] - positions[s])
            return error_new(DITS_E_CORRUPT,
                             "a weave takes more of a stream than there is");
        part->offset += positions[s];
        positions[s] += size;
        part->size += size;
    }
    if (part->runs == 0 || part->runs > WEAVE_MAX_RUNS ||
        part->size < part->runs)
        return error_new(DITS_E_CORRUPT,
                         "%" PRIu64 " runs in %" PRIu64 " bytes of a weave",
                         part->runs, part->size);
    weave->count++;
    return NULL;
}

static dits_error *parse_parts(struct cursor *in, size_t count,
                               const uint64_t *totals, struct weave *weave)
{
    uint64_t positions[WEAVE_MAX_STREAMS] = {0};
    weave->parts = mem_new_array(struct weave_part, count);
    weave->starts = mem_new_array(uint64_t, count * weave->streams);
    if (weave->parts == NULL || weave->starts == NULL)
        return error_nomem();
    while (weave->count < count)
        TRY(parse_part(in, weave, totals, positions));
    if (memcmp(positions, totals, weave->streams * sizeof(*totals)) != 0)
        return error_new(DITS_E_CORRUPT, "a weave leaves out part of a stream");
    return NULL;
}

dits_error *weave_parse(struct cursor *in, size_t streams,
                        const uint64_t *totals, struct weave *out)
{
    CLEANUP(weave_release) struct weave weave = {.streams = streams};
    uint64_t count = 0;
    TRY(cursor_varint(in, &count));
    if (count == 0 || count > cursor_left(in) / (OID_SIZE + 1 + streams))
        return error_new(DITS_E_CORRUPT, "%" PRIu64 " parts in a weave", count);
    TRY(parse_parts(in, (size_t)count, totals, &weave));
    *out = MOVE(weave);
    return NULL;
}
