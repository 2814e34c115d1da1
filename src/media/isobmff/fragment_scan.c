#include <inttypes.h>

#include "base/array.h"
#include "base/be.h"
#include "base/mem.h"
#include "media/isobmff/box.h"
#include "media/isobmff/fragment_boxes.h"
#include "media/isobmff/fragment_index.h"
#include "media/isobmff/fragment_measure.h"
#include "media/isobmff/fragment_patch.h"
#include "media/isobmff/fragment_tables.h"
#include "media/isobmff/times.h"
#include "media/limits.h"

/* Bytes read to see the header of the next box, far from the last one. */
enum { SCAN_STEP = 4096 };

/* What is known while the boxes of a file are walked. */
struct scan {
    struct fragment_index *index;
    struct window window;
    struct buf moof;
    bool has_movie;
    bool has_lead;       /* boxes of the first fragment have begun */
    size_t pending;      /* lead boxes from here on have no fragment yet */
    uint64_t data_start; /* of the samples of the last fragment */
    uint64_t data_end;   /* the same */
    int64_t *next_times; /* where each track goes on without a 'tfdt' */
    struct index_boxes boxes;
};

static void release(struct scan *scan)
{
    window_release(&scan->window);
    buf_release(&scan->moof);
    mem_free(scan->next_times);
    index_boxes_release(&scan->boxes);
}

static struct indexed_fragment *last_fragment(struct fragment_index *index)
{
    return index->count > 0 ? &index->list[index->count - 1] : NULL;
}

static dits_error *add_lead(struct scan *scan, const struct box *box)
{
    struct fragment_index *index = scan->index;
    if (index->lead_count >= LIMIT_FRAGMENT_PARTS)
        return error_new(DITS_E_LIMIT, "more than %u boxes before fragments",
                         LIMIT_FRAGMENT_PARTS);
    if (box->size > UINT32_MAX)
        return error_new(DITS_E_LIMIT,
                         "a box of %" PRIu64 " bytes before a fragment",
                         box->size);
    struct lead_box *leads = array_grown(index->leads, index->lead_count,
                                         &index->lead_capacity, sizeof(*leads));
    if (leads == NULL)
        return error_nomem();
    index->leads = leads;
    index->leads[index->lead_count++] = (struct lead_box){
        .offset = box->offset,
        .size = (uint32_t)box->size,
        .type = box->type,
    };
    return NULL;
}

static dits_error *add_part(struct fragment_index *index,
                            struct indexed_part part)
{
    if (index->part_count >= LIMIT_FRAGMENT_PARTS)
        return error_new(DITS_E_LIMIT, "more than %u parts of fragments",
                         LIMIT_FRAGMENT_PARTS);
    struct indexed_part *parts = array_grown(
        index->parts, index->part_count, &index->part_capacity, sizeof(*parts));
    if (parts == NULL)
        return error_nomem();
    index->parts = parts;
    index->parts[index->part_count++] = part;
    return NULL;
}

/* One more than are counted: its end. */
static dits_error *add_fragment(struct scan *scan,
                                struct indexed_fragment fragment)
{
    struct fragment_index *index = scan->index;
    if (index->count >= LIMIT_FRAGMENTS)
        return error_new(DITS_E_LIMIT, "more than %u fragments",
                         LIMIT_FRAGMENTS);
    struct indexed_fragment *list = array_grown(
        index->list, index->count + 1, &index->capacity, sizeof(*list));
    if (list == NULL)
        return error_nomem();
    index->list = list;
    index->list[index->count++] = fragment;
    return NULL;
}

static int32_t as_shift(int64_t shift)
{
    return shift > INT32_MAX   ? INT32_MAX
           : shift < INT32_MIN ? INT32_MIN
                               : (int32_t)shift;
}

static dits_error *take_part(struct scan *scan, const struct traf_measure *traf,
                             struct indexed_fragment *fragment)
{
    int64_t *next = &scan->next_times[traf->track];
    int64_t time = traf->has_time ? traf->time : *next;
    *next = time_add(time, traf->duration);
    if (!traf->has_tfdt)
        fragment->growth += TFDT_BYTES;
    if (traf->data_start < scan->data_start)
        scan->data_start = traf->data_start;
    if (traf->data_end > scan->data_end)
        scan->data_end = traf->data_end;
    return add_part(scan->index,
                    (struct indexed_part){
                        .time = time,
                        .duration = traf->duration,
                        .earliest = traf->earliest,
                        .shift = as_shift(traf->shift),
                        .track = traf->track,
                        .samples = traf->samples < UINT32_MAX
                                       ? (uint32_t)traf->samples
                                       : UINT32_MAX,
                        .is_sync = traf->samples > 0 && traf->is_sync,
                    });
}

/* The tracks in a 'moof'; its flags say what is wrong with them. */
static dits_error *take_parts(struct scan *scan, struct slice payload,
                              struct indexed_fragment *fragment)
{
    struct children children = children_of(payload);
    struct child child = {0};
    uint64_t next_base = fragment->offset;
    while (children_next(&children, &child)) {
        struct traf_measure traf = {0};
        bool is_sound = !child.is_cut;
        if (child.type == FOURCC('m', 'f', 'h', 'd') && child.payload.size >= 8)
            fragment->number = be32_load(child.payload.data + 4);
        if (child.type == FOURCC('t', 'r', 'a', 'f') && is_sound) {
            is_sound = traf_measure(&scan->index->movie, child.payload,
                                    fragment->offset, &next_base, &traf);
            if (is_sound)
                TRY(take_part(scan, &traf, fragment));
        }
        if (!is_sound)
            fragment->flags |= FRAGMENT_BROKEN;
    }
    return NULL;
}

static dits_error *take_fragment(struct scan *scan, const struct box *box)
{
    struct fragment_index *index = scan->index;
    struct indexed_fragment fragment = {
        .offset = box->offset,
        .end = box_end(box),
        .moof_size = (uint32_t)box->size,
        .lead = (uint32_t)scan->pending,
        .part = (uint32_t)index->part_count,
    };
    if (!scan->has_movie)
        return error_new(DITS_E_UNSUPPORTED,
                         "no movie box before the first fragment");
    if (box->size > LIMIT_PAYLOAD)
        return error_new(DITS_E_LIMIT,
                         "a 'moof' box of %" PRIu64 " bytes at %" PRIu64,
                         box->size, box->offset);
    scan->data_start = UINT64_MAX;
    scan->data_end = 0;
    TRY(box_load(&scan->window, box, &scan->moof));
    TRY(take_parts(scan, buf_slice(&scan->moof), &fragment));
    scan->pending = index->lead_count;
    return add_fragment(scan, fragment);
}

/* Media data goes with the fragment before it, and so does what is between. */
static void take_data(struct scan *scan, const struct box *box)
{
    struct indexed_fragment *fragment = last_fragment(scan->index);
    scan->index->lead_count = scan->pending;
    if (fragment == NULL) {
        scan->index->init_end = box_end(box);
        scan->has_lead = false;
        return;
    }
    fragment->end = box_end(box);
    if (box->is_to_end)
        fragment->flags |= FRAGMENT_TO_END;
}

static dits_error *take_movie(struct scan *scan, const struct box *box)
{
    CLEANUP(buf_release) struct buf payload = {0};
    struct fragment_index *index = scan->index;
    if (box->size > LIMIT_PAYLOAD)
        return error_new(DITS_E_LIMIT, "a movie box of %" PRIu64 " bytes",
                         box->size);
    TRY(box_load(&scan->window, box, &payload));
    TRY(fragmented_movie_parse(buf_slice(&payload), &index->movie));
    scan->has_movie = true;
    index->movie_offset = box->offset;
    index->movie_size = (uint32_t)box->size;
    index->movie_header = box->header_size;
    index->init_end = box_end(box);
    scan->next_times = mem_new_array(int64_t, index->movie.track_count);
    if (scan->next_times == NULL)
        return error_nomem();
    for (size_t i = 0; i < index->movie.track_count; i++)
        scan->next_times[i] = index->movie.tracks[i].own_duration;
    return NULL;
}

/* Boxes that nobody needs at another place, or that are made anew for it. */
static bool is_left_out(uint32_t type)
{
    return fragment_box_is_local(type) || type == FOURCC('f', 't', 'y', 'p') ||
           type == FOURCC('m', 'o', 'o', 'v');
}

static bool begins_fragment(uint32_t type)
{
    return type == FOURCC('s', 't', 'y', 'p') ||
           type == FOURCC('p', 'r', 'f', 't') ||
           type == FOURCC('e', 'm', 's', 'g') ||
           type == FOURCC('s', 'i', 'd', 'x') ||
           type == FOURCC('s', 's', 'i', 'x');
}

/* Any other box: of what comes before fragments, or of the next one. */
static dits_error *take_other(struct scan *scan, const struct box *box)
{
    bool is_init = scan->index->count == 0 && !scan->has_lead &&
                   !(scan->has_movie && begins_fragment(box->type));
    if (is_init) {
        scan->index->init_end = box_end(box);
        return NULL;
    }
    scan->has_lead = true;
    return is_left_out(box->type) ? NULL : add_lead(scan, box);
}

static dits_error *take_box(struct scan *scan, const struct box *box)
{
    switch (box->type) {
    case FOURCC('m', 'o', 'o', 'f'):
        return take_fragment(scan, box);
    case FOURCC('m', 'd', 'a', 't'):
    case FOURCC('i', 'm', 'd', 'a'):
        return take_data(scan, box), NULL;
    case FOURCC('m', 'o', 'o', 'v'):
        if (!scan->has_movie)
            return take_movie(scan, box);
        break;
    case FOURCC('s', 'i', 'd', 'x'):
    case FOURCC('m', 'f', 'r', 'a'):
        TRY(index_boxes_add(&scan->boxes, box));
        break;
    default:
        break;
    }
    return take_other(scan, box);
}

/* A fragment is over: whether it has all of its samples. */
static void check_data(struct scan *scan)
{
    struct indexed_fragment *fragment = last_fragment(scan->index);
    if (fragment == NULL || scan->data_start == UINT64_MAX)
        return;
    if (scan->data_start < fragment->offset + fragment->moof_size ||
        scan->data_end > fragment->end)
        fragment->flags |= FRAGMENT_OUTSIDE;
}

/* Media data without a size is the last box of a file. */
static bool is_last_data(const struct box *box)
{
    return box->type == FOURCC('m', 'd', 'a', 't') && box->is_to_end &&
           box->size > 0;
}

/*
 * All boxes up to one that is cut off or makes no sense: of its fragment
 * nothing is kept.
 */
static dits_error *walk(struct scan *scan, uint64_t size)
{
    struct box_walk boxes = box_walk_over(&scan->window, 0, size);
    struct box box = {0};
    bool found = true;
    while (found) {
        TRY(box_next(&boxes, &box, &found));
        bool is_open = !found && is_last_data(&box);
        if (!found && !is_open)
            break;
        if (found && box.is_clamped) {
            boxes.at = box.offset;
            break;
        }
        if (box.type == FOURCC('m', 'o', 'o', 'f'))
            check_data(scan);
        TRY(take_box(scan, &box));
        if (is_open)
            boxes.at = size;
    }
    check_data(scan);
    scan->index->end = boxes.at;
    scan->index->is_cut = size - boxes.at >= BOX_MIN_HEADER;
    return NULL;
}

/*
 * Media data that is cut off, or was never written: the last fragment is one
 * of which samples are missing.
 */
static void drop_last_if_cut(struct fragment_index *index)
{
    struct indexed_fragment *fragment = last_fragment(index);
    bool lacks_data = fragment != NULL &&
                      (fragment->flags & FRAGMENT_OUTSIDE) != 0;
    if (!lacks_data || !index->is_cut)
        return;
    index->part_count = fragment->part;
    index->lead_count = fragment->lead;
    index->count--;
}

/* Sizes of all that is served of a fragment, and the end of the list. */
static dits_error *finish(struct fragment_index *index)
{
    uint64_t before = 0;
    index->list[index->count] = (struct indexed_fragment){
        .lead = (uint32_t)index->lead_count,
        .part = (uint32_t)index->part_count,
    };
    for (size_t i = 0; i < index->count; i++) {
        struct indexed_fragment *fragment = &index->list[i];
        fragment->before = before;
        for (uint32_t n = fragment->lead; n < fragment[1].lead; n++)
            before += index->leads[n].size;
        before += fragment->end - fragment->offset + fragment->growth;
    }
    index->list[index->count].before = before;
    return NULL;
}

static dits_error *build(struct scan *scan, struct source *source)
{
    struct fragment_index *index = scan->index;
    TRY(walk(scan, source->size));
    drop_last_if_cut(index);
    if (!scan->has_movie || index->count == 0)
        return error_new(DITS_E_UNSUPPORTED, "no movie with fragments");
    if (index->lead_count > scan->pending)
        index->lead_count = scan->pending;
    TRY(finish(index));
    return index_boxes_check(&scan->boxes, &scan->window, index);
}

dits_error *fragment_index_build(struct source *source,
                                 struct fragment_index *out)
{
    CLEANUP(fragment_index_release) struct fragment_index index = {0};
    CLEANUP(release)
    struct scan scan = {
        .index = &index,
        .window = {.source = source, .step = SCAN_STEP},
        .data_start = UINT64_MAX,
    };
    TRY(build(&scan, source));
    *out = index;
    index = (struct fragment_index){0};
    return NULL;
}
