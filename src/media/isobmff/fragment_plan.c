#include "media/isobmff/fragment_plan.h"

#include "base/mem.h"
#include "media/isobmff/box.h"
#include "media/isobmff/fragment_boxes.h"
#include "media/isobmff/fragment_init.h"
#include "media/isobmff/times.h"
#include "media/limits.h"
#include "media/timeline.h"

static void times_freep(int64_t **times)
{
    mem_free(*times);
}

static bool is_all(const struct fragment_file *file)
{
    return file->range.first == 0 && file->range.last == file->index->count;
}

/* The samples of the movie itself come before the first fragment. */
static bool has_own_samples(const struct fragment_file *file)
{
    return file->index->movie.has_samples && file->range.first == 0;
}

static bool is_numbered_from_1(const struct fragment_index *index)
{
    for (size_t i = 0; i < index->count; i++)
        if (index->list[i].number != i + 1)
            return false;
    return true;
}

/* Whether the result is the source, from its first byte to its last. */
static bool is_source(const struct fragment_file *file)
{
    return is_all(file) && !file->index->is_cut && file->options.keep_times &&
           !file->options.no_tables &&
           (file->options.keep_numbers || is_numbered_from_1(file->index));
}

/* Whether `a` is before `b`; each has a scale of ticks a second. */
static bool is_before(int64_t a, uint32_t a_scale, int64_t b, uint32_t b_scale)
{
    int64_t a_seconds = a / a_scale;
    int64_t b_seconds = b / b_scale;
    if (a_seconds != b_seconds)
        return a_seconds < b_seconds;
    return (uint64_t)(a % a_scale) * b_scale <
           (uint64_t)(b % b_scale) * a_scale;
}

/* The first sample of all that is decoded becomes time zero. */
static void find_origin(struct fragment_file *file)
{
    const struct fragment_index *index = file->index;
    const struct served_range *range = &file->range;
    bool is_kept = file->options.keep_times || has_own_samples(file);
    file->origin_timescale = 1;
    if (is_kept)
        return;
    bool is_any = false;
    for (uint32_t i = index->list[range->first].part;
         i < index->list[range->last].part; i++) {
        const struct indexed_part *part = &index->parts[i];
        uint32_t timescale = index->movie.tracks[part->track].timescale;
        if (is_any && !is_before(part->time, timescale, file->origin,
                                 file->origin_timescale))
            continue;
        file->origin = part->time;
        file->origin_timescale = timescale;
        is_any = true;
    }
}

/* The same instant in each track's ticks: rounded down, so none is passed. */
static void find_shifts(struct fragment_file *file)
{
    const struct fragmented_movie *movie = &file->index->movie;
    for (size_t i = 0; i < movie->track_count; i++)
        if (!timeline_rescale(file->origin, movie->tracks[i].timescale,
                              file->origin_timescale, &file->shifts[i]))
            file->shifts[i] = 0;
}

/* Where each track ends. */
static dits_error *find_ends(const struct fragment_file *file, int64_t **out)
{
    const struct fragment_index *index = file->index;
    const struct served_range *range = &file->range;
    int64_t *ends = mem_new_array(int64_t, index->movie.track_count);
    if (ends == NULL)
        return error_nomem();
    for (uint32_t i = index->list[range->first].part;
         i < index->list[range->last].part; i++) {
        const struct indexed_part *part = &index->parts[i];
        int64_t end = time_add(time_add(part->time, part->duration),
                               -file->shifts[part->track]);
        if (end > ends[part->track])
            ends[part->track] = end;
    }
    *out = ends;
    return NULL;
}

/* Boxes before the fragments that hold for any range of them. */
static bool is_kept(uint32_t type)
{
    return !fragment_box_is_local(type) && type != FOURCC('m', 'd', 'a', 't') &&
           type != FOURCC('i', 'm', 'd', 'a') &&
           type != FOURCC('w', 'i', 'd', 'e') &&
           type != FOURCC('p', 'd', 'i', 'n');
}

static dits_error *append(struct fragment_file *file, uint64_t offset,
                          uint64_t size, struct buf *out)
{
    const uint64_t most = UINT64_C(2) * LIMIT_PAYLOAD;
    void *room = NULL;
    if (size > LIMIT_PAYLOAD || out->size + size > most)
        return error_new(DITS_E_LIMIT, "too much before the first fragment");
    TRY(buf_extend(out, (size_t)size, &room));
    return file->source->read_at(file->source, offset, (size_t)size, room);
}

static dits_error *append_movie(struct fragment_file *file)
{
    CLEANUP(buf_release) struct buf moov = {0};
    CLEANUP(times_freep) int64_t *ends = NULL;
    const struct fragment_index *index = file->index;
    TRY(find_ends(file, &ends));
    struct init_change change = {
        .ends = ends,
        .drop_samples = index->movie.has_samples && !has_own_samples(file),
    };
    TRY(append(file, index->movie_offset, index->movie_size, &moov));
    if (is_all(file))
        return buf_put(&file->head, moov.data, moov.size);
    return init_patch(&index->movie, buf_slice(&moov), &change, &file->head);
}

static void add_extent(struct fragment_file *file, struct file_extent extent)
{
    extent.at = file->size;
    if (extent.size == 0)
        return;
    file->extents[file->extent_count++] = extent;
    file->size += extent.size;
}

/* What is before the fragments, box by box. */
static dits_error *plan_init(struct fragment_file *file)
{
    CLEANUP(window_release) struct window window = {.source = file->source};
    const struct fragment_index *index = file->index;
    struct box_walk walk = box_walk_over(&window, 0, index->init_end);
    struct box box = {0};
    bool found = true;
    while (found) {
        TRY(box_next(&walk, &box, &found));
        if (!found)
            break;
        if (box.offset == index->movie_offset)
            TRY(append_movie(file));
        else if (is_kept(box.type))
            TRY(append(file, box.offset, box.size, &file->head));
    }
    return NULL;
}

/*
 * The movie's own samples stay where they are, because its tables say so:
 * before it, itself, behind it.
 */
static dits_error *plan_own_samples(struct fragment_file *file)
{
    const struct fragment_index *index = file->index;
    uint64_t movie_end = index->movie_offset + index->movie_size;
    TRY(append_movie(file));
    if (file->head.size != index->movie_size)
        return error_new(DITS_E_CORRUPT, "the movie has changed");
    add_extent(file, (struct file_extent){.size = index->movie_offset});
    add_extent(file, (struct file_extent){.size = file->head.size,
                                          .bytes = file->head.data});
    add_extent(file, (struct file_extent){.size = index->init_end - movie_end,
                                          .source = movie_end});
    return NULL;
}

static dits_error *plan_head(struct fragment_file *file)
{
    size_t made = 0;
    if (has_own_samples(file)) {
        TRY(plan_own_samples(file));
        made = file->head.size;
    } else {
        TRY(plan_init(file));
    }
    if (!file->options.no_tables)
        TRY(served_sidx(&file->range, &file->head));
    if (made > 0) /* it may have moved */
        for (size_t i = 0; i < file->extent_count; i++)
            if (file->extents[i].bytes != NULL)
                file->extents[i].bytes = file->head.data;
    add_extent(file, (struct file_extent){.size = file->head.size - made,
                                          .bytes = file->head.data + made});
    return NULL;
}

/* Behind media data without a size there is nothing else. */
static dits_error *plan_tail(struct fragment_file *file)
{
    const struct fragment_index *index = file->index;
    bool is_open =
        (index->list[file->range.last - 1].flags & FRAGMENT_TO_END) != 0;
    if (file->options.no_tables || is_open)
        return NULL;
    TRY(served_mfra(&file->range, file->fragments_at, &file->tail));
    add_extent(file, (struct file_extent){.size = file->tail.size,
                                          .bytes = file->tail.data});
    return NULL;
}

dits_error *fragment_plan(struct fragment_file *file)
{
    const struct indexed_fragment *list = file->index->list;
    if (is_source(file)) {
        add_extent(file, (struct file_extent){.size = file->source->size});
        return NULL;
    }
    find_origin(file);
    find_shifts(file);
    if (file->index->movie.has_cuts && (!is_all(file) || file->origin > 0))
        return error_new(DITS_E_UNSUPPORTED,
                         "an edit list that holds for the whole file only");
    TRY(plan_head(file));
    file->fragments_at = file->size;
    file->size += list[file->range.last].before -
                  list[file->range.first].before;
    file->fragments_end = file->size;
    return plan_tail(file);
}
