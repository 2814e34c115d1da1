#include "media/isobmff/fragment_tables.h"

#include "base/array.h"
#include "base/be.h"
#include "base/mem.h"
#include "media/limits.h"

void index_boxes_release(struct index_boxes *boxes)
{
    mem_free(boxes->list);
    *boxes = (struct index_boxes){0};
}

dits_error *index_boxes_add(struct index_boxes *boxes, const struct box *box)
{
    if (boxes->count >= LIMIT_INDEX_BOXES)
        return NULL;
    struct box *list =
        array_grown(boxes->list, boxes->count, &boxes->capacity, sizeof(*list));
    if (list == NULL)
        return error_nomem();
    boxes->list = list;
    boxes->list[boxes->count++] = *box;
    return NULL;
}

/* The first fragment whose 'moof' is at `offset` or behind it. */
static size_t fragment_from(const struct fragment_index *index, uint64_t offset)
{
    size_t low = 0;
    size_t high = index->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (index->list[middle].offset < offset)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool is_moof(const struct fragment_index *index, uint64_t offset)
{
    size_t at = fragment_from(index, offset);
    return at < index->count && index->list[at].offset == offset;
}

/* A 'moof', or the boxes between it and the fragment before. */
static bool leads_to_fragment(const struct fragment_index *index,
                              uint64_t offset)
{
    size_t at = fragment_from(index, offset);
    uint64_t from = at > 0 ? index->list[at - 1].end
                           : index->movie_offset + index->movie_size;
    return at < index->count && offset >= from;
}

static bool is_sidx(const struct index_boxes *boxes, uint64_t offset)
{
    size_t low = 0;
    size_t high = boxes->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (boxes->list[middle].offset < offset)
            low = middle + 1;
        else
            high = middle;
    }
    return low < boxes->count && boxes->list[low].offset == offset &&
           boxes->list[low].type == FOURCC('s', 'i', 'd', 'x');
}

/* References are counted from behind the box, one after the other. */
static void check_sidx(const struct index_boxes *boxes, const struct box *box,
                       struct slice payload, struct fragment_index *index)
{
    enum { ROW = 12, IS_INDEX = 31 };
    bool is_long = payload.size > 0 && payload.data[0] > 0;
    size_t fixed = is_long ? 32 : 24;
    index->sidx.boxes++;
    if (payload.size < fixed)
        return;
    uint64_t at = box_end(box) + (is_long ? be64_load(payload.data + 20)
                                          : be32_load(payload.data + 16));
    uint32_t claimed = be16_load(payload.data + fixed - 2);
    struct slice rows = slice_after(payload, fixed);
    for (uint32_t i = 0; i < claimed; i++, rows = slice_after(rows, ROW)) {
        index->sidx.entries++;
        if (rows.size < ROW) {
            index->sidx.wrong++;
            continue;
        }
        uint32_t word = be32_load(rows.data);
        bool is_right = word >> IS_INDEX != 0 ? is_sidx(boxes, at)
                                              : leads_to_fragment(index, at);
        index->sidx.wrong += !is_right;
        at += word & INT32_MAX;
    }
}

static void check_tfra(struct slice payload, struct fragment_index *index)
{
    enum { FIXED = 16 };
    if (payload.size < FIXED)
        return;
    bool is_long = payload.data[0] == 1;
    uint32_t lengths = be32_load(payload.data + 8);
    size_t numbers = 3 + (lengths >> 4 & 3) + (lengths >> 2 & 3) +
                     (lengths & 3);
    size_t row = (is_long ? 16 : 8) + numbers;
    struct slice rows = slice_after(payload, FIXED);
    uint32_t claimed = be32_load(payload.data + 12);
    for (uint32_t i = 0; i < claimed && rows.size >= row; i++) {
        uint64_t moof = is_long ? be64_load(rows.data + 8)
                                : be32_load(rows.data + 4);
        index->tfra.entries++;
        index->tfra.wrong += !is_moof(index, moof);
        rows = slice_after(rows, row);
    }
}

static void check_mfra(struct slice payload, struct fragment_index *index)
{
    struct children children = children_of(payload);
    struct child child = {0};
    while (children_next(&children, &child)) {
        if (child.type != FOURCC('t', 'f', 'r', 'a'))
            continue;
        index->tfra.boxes++;
        check_tfra(child.payload, index);
    }
}

dits_error *index_boxes_check(const struct index_boxes *boxes,
                              struct window *window,
                              struct fragment_index *index)
{
    CLEANUP(buf_release) struct buf payload = {0};
    for (size_t i = 0; i < boxes->count; i++) {
        const struct box *box = &boxes->list[i];
        TRY(box_load(window, box, &payload));
        if (box->type == FOURCC('s', 'i', 'd', 'x'))
            check_sidx(boxes, box, buf_slice(&payload), index);
        else
            check_mfra(buf_slice(&payload), index);
    }
    return NULL;
}
