#include "media/mxf/mxf_index.h"

#include <stdlib.h>

#include "base/array.h"
#include "base/be.h"
#include "base/mem.h"
#include "media/limits.h"

enum {
    TAG_UNIT_SIZE = 0x3f05,
    TAG_BODY_SID = 0x3f07,
    TAG_ENTRIES = 0x3f0a,
    TAG_START = 0x3f0c,
    TAG_DURATION = 0x3f0d,
    ENTRY_BYTES = 11, /* without slices and positions */
    DELAY_ENTRIES = 4096,
    REORDER_MAX = 128, /* temporal offsets are of 8 bits */
};

void mxf_index_release(struct mxf_index *index)
{
    mem_free(index->segments);
    *index = (struct mxf_index){0};
}

static dits_error *append(struct mxf_index *index,
                          const struct mxf_segment *segment)
{
    if (index->count >= LIMIT_MXF_SEGMENTS)
        return NULL;
    struct mxf_segment *segments = array_grown(
        index->segments, index->count, &index->capacity, sizeof(*segments));
    if (segments == NULL)
        return error_nomem();
    index->segments = segments;
    index->segments[index->count++] = *segment;
    return NULL;
}

/* An array of entries: how many, how large, then they. */
static void take_entries(struct slice head, uint64_t offset, uint64_t size,
                         struct mxf_segment *out)
{
    if (head.size < 8 || size < 8)
        return;
    uint64_t count = be32_load(head.data);
    uint32_t entry_size = be32_load(head.data + 4);
    if (entry_size < ENTRY_BYTES)
        return;
    uint64_t room = (size - 8) / entry_size;
    out->entries = offset + 8;
    out->entry_size = entry_size;
    out->count = count < room ? count : room;
}

static void take_property(unsigned tag, struct slice head, uint64_t offset,
                          uint64_t size, struct mxf_segment *out)
{
    const uint8_t *at = head.data;
    if (tag == TAG_UNIT_SIZE && size == 4)
        out->unit_size = be32_load(at);
    else if (tag == TAG_BODY_SID && size == 4)
        out->body_sid = be32_load(at);
    else if (tag == TAG_START && size == 8)
        out->start = be64_load(at);
    else if (tag == TAG_DURATION && size == 8)
        out->duration = be64_load(at);
    else if (tag == TAG_ENTRIES)
        take_entries(head, offset, size, out);
}

/*
 * The array of entries may be longer than the 16 bits of its length can say:
 * then it is 0xffff or wrong, and the array goes by what it says itself.
 */
static uint64_t true_size(unsigned tag, struct slice head, uint64_t size,
                          uint64_t room)
{
    if (tag != TAG_ENTRIES || head.size < 8)
        return size < room ? size : room;
    uint64_t needed = 8 +
                      (uint64_t)be32_load(head.data) * be32_load(head.data + 4);
    uint64_t longer = needed > size ? needed : size;
    return longer < room ? longer : room;
}

static dits_error *read_segment(struct window *window,
                                const struct mxf_klv *klv,
                                struct mxf_segment *out)
{
    uint64_t at = klv->value;
    uint64_t end = mxf_klv_end(klv);
    while (end - at >= 4) {
        struct slice bytes = {0};
        TRY(window_peek(window, at, 12, &bytes));
        uint64_t room = end - at - 4;
        size_t seen = bytes.size - 4 < room ? bytes.size - 4 : (size_t)room;
        struct slice head = slice_of(bytes.data + 4, seen);
        unsigned tag = be16_load(bytes.data);
        uint64_t size = true_size(tag, head, be16_load(bytes.data + 2), room);
        if (size <= room && head.size >= (size < 8 ? size : 8))
            take_property(tag, head, at + 4, size, out);
        at += 4 + size;
    }
    return NULL;
}

/* Index segments follow the metadata; fill may come before and between. */
static dits_error *read_partition(struct mxf_index *index,
                                  struct window *window,
                                  const struct mxf_partition *partition)
{
    uint64_t at = partition->end;
    uint64_t size = window->source->size;
    uint64_t room = size - at;
    uint64_t bytes = partition->header_bytes;
    bool found = partition->index_bytes > 0 && bytes < room;
    for (uint64_t end = size; found && at < end;) {
        struct mxf_klv klv = {0};
        struct mxf_segment segment = {.body_sid = partition->body_sid};
        TRY(mxf_klv_read(window, at, &klv, &found));
        if (!found)
            return NULL;
        at = mxf_klv_end(&klv);
        if (mxf_key_is_index(klv.key)) {
            TRY(read_segment(window, &klv, &segment));
            TRY(append(index, &segment));
        }
        found = mxf_key_is_index(klv.key) || mxf_key_is_fill(klv.key) ||
                mxf_key_is_primer(klv.key) || mxf_key_is_set(klv.key);
    }
    return NULL;
}

static int compare(const void *a, const void *b)
{
    const struct mxf_segment *left = a;
    const struct mxf_segment *right = b;
    if (left->body_sid != right->body_sid)
        return left->body_sid < right->body_sid ? -1 : 1;
    return left->start < right->start ? -1 : left->start > right->start;
}

dits_error *mxf_index_load(struct mxf_index *index, struct window *window,
                           const struct mxf_partitions *partitions)
{
    for (size_t i = 0; i < partitions->count; i++)
        TRY(read_partition(index, window, &partitions->list[i]));
    if (index->count > 0)
        qsort(index->segments, index->count, sizeof(*index->segments), compare);
    return NULL;
}

const struct mxf_segment *mxf_index_find(const struct mxf_index *index,
                                         uint32_t body_sid, uint64_t unit)
{
    size_t low = 0;
    size_t high = index->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct mxf_segment *segment = &index->segments[middle];
        if (segment->body_sid < body_sid ||
            (segment->body_sid == body_sid && segment->start <= unit))
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0 || index->segments[low - 1].body_sid != body_sid)
        return NULL;
    return &index->segments[low - 1];
}

dits_error *mxf_index_entry(const struct mxf_index *index,
                            struct window *window, uint32_t body_sid,
                            uint64_t unit, struct mxf_entry *out,
                            bool *out_found)
{
    const struct mxf_segment *segment = mxf_index_find(index, body_sid, unit);
    struct slice bytes = {0};
    *out = (struct mxf_entry){0};
    *out_found = segment != NULL && unit - segment->start < segment->count;
    if (!*out_found)
        return NULL;
    uint64_t at = segment->entries +
                  (unit - segment->start) * segment->entry_size;
    TRY(window_peek(window, at, ENTRY_BYTES, &bytes));
    *out_found = bytes.size == ENTRY_BYTES;
    if (!*out_found)
        return NULL;
    out->temporal_offset = (int8_t)bytes.data[0];
    out->flags = bytes.data[2];
    out->stream_offset = be64_load(bytes.data + 3);
    return NULL;
}

/* Whether the unit shown at `place` is stored as `unit`. */
static dits_error *is_shown_at(const struct mxf_index *index,
                               struct window *window, uint32_t body_sid,
                               const uint64_t at[2], bool *out)
{
    struct mxf_entry entry = {0};
    TRY(mxf_index_entry(index, window, body_sid, at[0], &entry, out));
    *out = *out && at[0] + (uint64_t)(int64_t)entry.temporal_offset == at[1];
    return NULL;
}

dits_error *mxf_index_presented(const struct mxf_index *index,
                                struct window *window, uint32_t body_sid,
                                uint64_t unit, uint64_t *out)
{
    const struct mxf_segment *segment = mxf_index_find(index, body_sid, unit);
    bool found = false;
    *out = unit;
    if (segment == NULL || segment->count == 0)
        return NULL;
    for (uint64_t step = 0; step <= REORDER_MAX; step++) {
        uint64_t ahead[] = {unit + step, unit};
        uint64_t behind[] = {unit - step, unit};
        *out = ahead[0];
        TRY(is_shown_at(index, window, body_sid, ahead, &found));
        if (found)
            return NULL;
        *out = behind[0];
        if (step <= unit)
            TRY(is_shown_at(index, window, body_sid, behind, &found));
        if (found)
            return NULL;
    }
    *out = unit;
    return NULL;
}

dits_error *mxf_index_delay(const struct mxf_index *index,
                            struct window *window, uint32_t body_sid,
                            unsigned *out)
{
    *out = 0;
    bool found = true;
    for (uint64_t unit = 0; found && unit < DELAY_ENTRIES; unit++) {
        struct mxf_entry entry = {0};
        TRY(mxf_index_entry(index, window, body_sid, unit, &entry, &found));
        if (found && entry.temporal_offset > (int)*out)
            *out = (unsigned)entry.temporal_offset;
    }
    return NULL;
}
