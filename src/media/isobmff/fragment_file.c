#include "media/isobmff/fragment_file.h"

#include <string.h>

#include "base/mem.h"
#include "media/isobmff/fragment_patch.h"
#include "media/isobmff/fragment_plan.h"

void fragment_file_release(struct fragment_file *file)
{
    mem_free(file->shifts);
    buf_release(&file->head);
    buf_release(&file->tail);
    buf_release(&file->moof);
    *file = (struct fragment_file){0};
}

static dits_error *check_range(const struct fragment_index *index, size_t first,
                               size_t last)
{
    if (first >= last || last > index->count)
        return error_new(DITS_E_INVALID, "there are %zu fragments",
                         index->count);
    for (size_t i = first; i < last; i++) {
        if ((index->list[i].flags & FRAGMENT_BROKEN) != 0)
            return error_new(DITS_E_CORRUPT, "fragment %zu is damaged", i + 1);
        if ((index->list[i].flags & FRAGMENT_OUTSIDE) != 0)
            return error_new(DITS_E_UNSUPPORTED,
                             "fragment %zu has samples outside of itself",
                             i + 1);
    }
    return NULL;
}

dits_error *fragment_file_open(struct source *source,
                               const struct fragment_index *index, size_t first,
                               size_t last,
                               const struct fragment_file_options *options,
                               struct fragment_file *out)
{
    CLEANUP(fragment_file_release)
    struct fragment_file file = {
        .source = source,
        .index = index,
        .options = *options,
        .moof_of = SIZE_MAX,
    };
    TRY(check_range(index, first, last));
    file.shifts = mem_new_array(int64_t, index->movie.track_count);
    if (file.shifts == NULL)
        return error_nomem();
    file.range = (struct served_range){
        .index = index,
        .first = first,
        .last = last,
        .shifts = file.shifts,
    };
    TRY(fragment_plan(&file));
    *out = file;
    file = (struct fragment_file){0};
    return NULL;
}

/* The fragment that holds a place, counted from the first of the range. */
static size_t find_fragment(const struct fragment_file *file, uint64_t place)
{
    const struct indexed_fragment *list = file->index->list;
    uint64_t before = list[file->range.first].before;
    size_t low = file->range.first;
    size_t high = file->range.last;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (list[middle].before - before <= place)
            low = middle;
        else
            high = middle;
    }
    return low;
}

static dits_error *load_moof(struct fragment_file *file, size_t at)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    const struct indexed_fragment *fragment = &file->index->list[at];
    void *room = NULL;
    if (file->moof_of == at)
        return NULL;
    file->moof_of = SIZE_MAX;
    TRY(buf_extend(&bytes, fragment->moof_size, &room));
    TRY(file->source->read_at(file->source, fragment->offset,
                              fragment->moof_size, room));
    struct moof_change change = {
        .from = fragment->offset,
        .to = file->fragments_at + served_moof(&file->range, at),
        .renumber = !file->options.keep_numbers,
        .number = (uint32_t)(at - file->range.first + 1),
        .part_count = fragment_index_parts(file->index, at),
        .shifts = file->shifts,
    };
    if (change.part_count > 0)
        change.parts = &file->index->parts[fragment->part];
    TRY(moof_patch(&file->index->movie, buf_slice(&bytes), &change,
                   &file->moof));
    if (file->moof.size != (size_t)fragment->moof_size + fragment->growth)
        return error_new(DITS_E_CORRUPT, "the fragment has changed");
    file->moof_of = at;
    return NULL;
}

/* What can be read at once: at most `size`, and at least a byte. */
struct reading {
    uint64_t place; /* in what is read from */
    size_t size;
    uint8_t *out;
};

static size_t at_most(size_t size, uint64_t left)
{
    return left < size ? (size_t)left : size;
}

/* A lead box; times are in its first bytes. */
static dits_error *read_lead(struct fragment_file *file,
                             const struct lead_box *box,
                             struct reading *reading)
{
    uint8_t head[LEAD_HEAD] = {0};
    size_t head_size = at_most(LEAD_HEAD, box->size);
    reading->size = at_most(reading->size, box->size - reading->place);
    if (reading->place >= head_size)
        return file->source->read_at(file->source, box->offset + reading->place,
                                     reading->size, reading->out);
    reading->size = at_most(reading->size, head_size - reading->place);
    TRY(file->source->read_at(file->source, box->offset, head_size, head));
    lead_patch(&file->index->movie, head, head_size, file->shifts, file->origin,
               file->origin_timescale);
    memcpy(reading->out, head + reading->place, reading->size);
    return NULL;
}

/* The 'moof' and what is behind it. */
static dits_error *read_body(struct fragment_file *file, size_t at,
                             struct reading *reading)
{
    const struct indexed_fragment *fragment = &file->index->list[at];
    uint64_t moof_size = (uint64_t)fragment->moof_size + fragment->growth;
    if (reading->place < moof_size) {
        reading->size = at_most(reading->size, moof_size - reading->place);
        TRY(load_moof(file, at));
        memcpy(reading->out, file->moof.data + reading->place, reading->size);
        return NULL;
    }
    uint64_t from = fragment->offset + (reading->place - fragment->growth);
    reading->size = at_most(reading->size, fragment->end - from);
    return file->source->read_at(file->source, from, reading->size,
                                 reading->out);
}

static dits_error *read_fragment(struct fragment_file *file,
                                 struct reading *reading)
{
    const struct fragment_index *index = file->index;
    size_t at = find_fragment(file, reading->place);
    reading->place -= index->list[at].before -
                      index->list[file->range.first].before;
    for (uint32_t i = index->list[at].lead; i < index->list[at + 1].lead; i++) {
        if (reading->place < index->leads[i].size)
            return read_lead(file, &index->leads[i], reading);
        reading->place -= index->leads[i].size;
    }
    return read_body(file, at, reading);
}

static dits_error *read_extent(struct fragment_file *file,
                               const struct file_extent *extent,
                               struct reading *reading)
{
    reading->size = at_most(reading->size, extent->size - reading->place);
    if (extent->bytes == NULL)
        return file->source->read_at(file->source,
                                     extent->source + reading->place,
                                     reading->size, reading->out);
    memcpy(reading->out, extent->bytes + reading->place, reading->size);
    return NULL;
}

/* Some bytes from `offset` on, which is within the file. */
static dits_error *read_some(struct fragment_file *file, uint64_t offset,
                             struct reading *reading)
{
    if (offset >= file->fragments_at && offset < file->fragments_end) {
        reading->place = offset - file->fragments_at;
        return read_fragment(file, reading);
    }
    for (size_t i = 0; i < file->extent_count; i++) {
        const struct file_extent *extent = &file->extents[i];
        reading->place = offset - extent->at;
        if (offset >= extent->at && reading->place < extent->size)
            return read_extent(file, extent, reading);
    }
    return error_new(DITS_E_INVALID, "no such place in the file");
}

dits_error *fragment_file_read(struct fragment_file *file, uint64_t offset,
                               size_t size, void *out)
{
    uint8_t *at = out;
    if (offset > file->size || size > file->size - offset)
        return error_new(DITS_E_INVALID, "the file ends before that");
    while (size > 0) {
        struct reading reading = {.size = size, .out = at};
        TRY(read_some(file, offset, &reading));
        at += reading.size;
        offset += reading.size;
        size -= reading.size;
    }
    return NULL;
}
