#include "base/be.h"
#include "media/isobmff/fragment_tables.h"
#include "media/isobmff/times.h"

uint64_t served_moof(const struct served_range *range, size_t at)
{
    const struct fragment_index *index = range->index;
    uint64_t offset = index->list[at].before - index->list[range->first].before;
    for (uint32_t i = index->list[at].lead; i < index->list[at + 1].lead; i++)
        offset += index->leads[i].size;
    return offset;
}

/* A box from `at` on, once all of it was put. */
static void end_box(struct buf *out, size_t at)
{
    be32_store(out->data + at, (uint32_t)(out->size - at));
}

static dits_error *begin_full_box(struct buf *out, uint32_t type,
                                  uint32_t version)
{
    TRY(buf_put_be32(out, 0)); /* its size, by end_box() */
    TRY(buf_put_be32(out, type));
    return buf_put_be32(out, version << 24);
}

/* When the first sample of a part is shown, before edits. */
static int64_t earliest(const struct served_range *range,
                        const struct indexed_part *part)
{
    return time_add(time_add(part->time, part->earliest),
                    -range->shifts[part->track]);
}

/* The next fragment from `at` on that has a part of that track. */
static size_t next_with(const struct served_range *range, size_t at,
                        uint32_t track)
{
    while (at < range->last &&
           fragment_index_part(range->index, at, track) == NULL)
        at++;
    return at;
}

/* What references are made of: pieces of one or more fragments each. */
struct references {
    const struct served_range *range;
    uint32_t track;
    size_t step; /* fragments with that track in one of them */
    size_t at;   /* the next fragment */
    uint32_t count;
};

struct reference {
    uint64_t size;
    int64_t duration;
    bool is_sync;
};

/* The first also has what comes before it, the last what comes behind it. */
static void next_reference(struct references *references, struct reference *out)
{
    const struct served_range *range = references->range;
    const struct fragment_index *index = range->index;
    size_t own = next_with(range, references->at, references->track);
    const struct indexed_part *part =
        fragment_index_part(index, own, references->track);
    const struct indexed_part *last = part;
    size_t end = own;
    for (size_t i = 0; i < references->step && end < range->last; i++) {
        last = fragment_index_part(index, end, references->track);
        end = next_with(range, end + 1, references->track);
    }
    int64_t until = end < range->last
                        ? earliest(range, fragment_index_part(
                                              index, end, references->track))
                        : time_add(earliest(range, last), last->duration);
    out->size = index->list[end].before - index->list[references->at].before;
    out->is_sync = part->is_sync;
    if (__builtin_sub_overflow(until, earliest(range, part), &out->duration))
        out->duration = -1;
    references->at = end;
    references->count++;
}

static size_t count_with(const struct served_range *range, uint32_t track)
{
    size_t count = 0;
    for (size_t at = range->first; at < range->last; at++)
        count += fragment_index_part(range->index, at, track) != NULL;
    return count;
}

/* Type, size; duration; whether decoding can start there. */
static dits_error *put_references(struct references *references,
                                  struct buf *out, bool *out_fits)
{
    const uint32_t starts_with_sap = UINT32_C(1) << 31;
    *out_fits = true;
    while (*out_fits && references->at < references->range->last) {
        struct reference reference = {0};
        next_reference(references, &reference);
        *out_fits = reference.size <= INT32_MAX && reference.duration >= 0 &&
                    reference.duration <= UINT32_MAX;
        TRY(buf_put_be32(out, (uint32_t)reference.size));
        TRY(buf_put_be32(out, (uint32_t)reference.duration));
        TRY(buf_put_be32(out, reference.is_sync ? starts_with_sap : 0));
    }
    return NULL;
}

dits_error *served_sidx(const struct served_range *range, struct buf *out)
{
    enum { COUNT = 36 };
    const struct fragmented_movie *movie = &range->index->movie;
    uint32_t track = fragmented_movie_leader(movie);
    size_t count = count_with(range, track);
    size_t start = out->size;
    bool fits = false;
    if (count == 0)
        return NULL;
    struct references references = {
        .range = range,
        .track = track,
        .step = (count + SERVED_ENTRIES - 1) / SERVED_ENTRIES,
        .at = range->first,
    };
    int64_t first = earliest(
        range, fragment_index_part(
                   range->index, next_with(range, range->first, track), track));
    TRY(begin_full_box(out, FOURCC('s', 'i', 'd', 'x'), 1));
    TRY(buf_put_be32(out, movie->tracks[track].id));
    TRY(buf_put_be32(out, movie->tracks[track].timescale));
    TRY(buf_put_be64(out, (uint64_t)(first > 0 ? first : 0)));
    TRY(buf_put_be64(out, 0)); /* it stands right before them */
    TRY(buf_put_be32(out, 0)); /* their count, below */
    TRY(put_references(&references, out, &fits));
    if (!fits) {
        out->size = start;
        return NULL;
    }
    be32_store(out->data + start + COUNT, references.count);
    end_box(out, start);
    return NULL;
}

static bool is_entry(const struct served_range *range, size_t at,
                     uint32_t track, uint32_t *out_traf)
{
    const struct fragment_index *index = range->index;
    const struct indexed_part *part = fragment_index_part(index, at, track);
    if (part == NULL || !part->is_sync)
        return false;
    *out_traf = (uint32_t)(part - &index->parts[index->list[at].part]) + 1;
    return *out_traf <= UINT8_MAX;
}

/* Time, 'moof', and the numbers of 'traf', 'trun' and sample. */
static dits_error *put_entries(const struct served_range *range, uint32_t track,
                               uint64_t offset, struct buf *out,
                               uint32_t *out_count)
{
    size_t step = 1 + (range->last - range->first) / SERVED_ENTRIES;
    uint32_t traf = 0;
    size_t next = range->first;
    for (size_t at = range->first; at < range->last; at++) {
        if (at < next || !is_entry(range, at, track, &traf))
            continue;
        const struct indexed_part *part =
            fragment_index_part(range->index, at, track);
        int64_t time =
            time_add(time_add(part->time, part->shift), -range->shifts[track]);
        TRY(buf_put_be64(out, (uint64_t)(time > 0 ? time : 0)));
        TRY(buf_put_be64(out, offset + served_moof(range, at)));
        const uint8_t numbers[3] = {(uint8_t)traf, 1, 1};
        TRY(buf_put(out, numbers, sizeof(numbers)));
        ++*out_count;
        next = at + step;
    }
    return NULL;
}

static dits_error *put_tfra(const struct served_range *range, uint32_t track,
                            uint64_t offset, struct buf *out)
{
    enum { COUNT = 20 };
    size_t start = out->size;
    uint32_t count = 0;
    TRY(begin_full_box(out, FOURCC('t', 'f', 'r', 'a'), 1));
    TRY(buf_put_be32(out, range->index->movie.tracks[track].id));
    TRY(buf_put_be32(out, 0)); /* numbers take one byte each */
    TRY(buf_put_be32(out, 0)); /* the count, below */
    TRY(put_entries(range, track, offset, out, &count));
    be32_store(out->data + start + COUNT, count);
    end_box(out, start);
    if (count == 0)
        out->size = start;
    return NULL;
}

dits_error *served_mfra(const struct served_range *range, uint64_t offset,
                        struct buf *out)
{
    enum { MFRO = 16 };
    size_t start = out->size;
    TRY(buf_put_be32(out, 0));
    TRY(buf_put_be32(out, FOURCC('m', 'f', 'r', 'a')));
    for (uint32_t i = 0;
         i < range->index->movie.track_count && i < SERVED_TRACKS; i++)
        TRY(put_tfra(range, i, offset, out));
    size_t size = out->size - start + MFRO;
    TRY(begin_full_box(out, FOURCC('m', 'f', 'r', 'o'), 0));
    TRY(buf_put_be32(out, (uint32_t)size));
    end_box(out, start + size - MFRO);
    end_box(out, start);
    return NULL;
}
