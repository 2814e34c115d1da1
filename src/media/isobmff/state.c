#include "media/isobmff/state.h"

#include "base/be.h"
#include "base/mem.h"
#include "media/isobmff/describe.h"
#include "media/isobmff/isobmff.h"
#include "media/limits.h"

struct isobmff *isobmff_state(const struct media_file *file)
{
    return file->state;
}

dits_error *isobmff_add_track(struct media_file *file, uint32_t *out_index,
                              bool *out_found)
{
    struct isobmff *state = isobmff_state(file);
    struct media_track *track = NULL;
    size_t count = state->track_count;
    *out_found = count < LIMIT_TRACKS;
    if (!*out_found) {
        media_add_problem(file, 0, "moov", "more than %u tracks", LIMIT_TRACKS);
        return NULL;
    }
    struct isobmff_track *tracks =
        mem_resize(state->tracks, count, count + 1, sizeof(*state->tracks));
    if (tracks == NULL)
        return error_nomem();
    state->tracks = tracks;
    TRY(media_add_track(file, &track));
    state->track_count = count + 1;
    *out_index = (uint32_t)count;
    return NULL;
}

bool isobmff_find_track(const struct media_file *file, uint64_t id,
                        uint32_t *out_index)
{
    for (uint32_t i = 0; i < file->track_count; i++) {
        if (file->tracks[i].id != id)
            continue;
        *out_index = i;
        return true;
    }
    return false;
}

/* The extended type of 'uuid' belongs to what is described. */
dits_error *isobmff_describe(struct media_file *file, uint32_t track,
                             struct window *window, const struct box *box)
{
    CLEANUP(buf_release) struct buf payload = {0};
    bool is_uuid = box->type == FOURCC('u', 'u', 'i', 'd');
    uint64_t at = box_payload(box) - (is_uuid ? sizeof(box->uuid) : 0);
    uint64_t size = box_end(box) - at;
    TRY(window_load(window, at, size < LIMIT_PAYLOAD ? size : LIMIT_PAYLOAD,
                    &payload));
    return isobmff_describe_box(file,
                                track == NO_TRACK ? NULL : &file->tracks[track],
                                box->type, buf_slice(&payload));
}

uint32_t isobmff_movie_timescale(const struct media_file *file)
{
    return isobmff_state(file)->movie_timescale;
}

uint32_t isobmff_handler(const struct media_file *file, uint32_t track)
{
    return isobmff_state(file)->tracks[track].handler;
}

uint32_t isobmff_edit_count(const struct media_file *file, uint32_t track)
{
    return isobmff_state(file)->tracks[track].edits.count;
}

static struct isobmff_edit parse_edit(const uint8_t *row, bool is_long)
{
    if (is_long)
        return (struct isobmff_edit){
            .duration = be64_load(row),
            .media_time = (int64_t)be64_load(row + 8),
            .rate = (int32_t)be32_load(row + 16),
        };
    return (struct isobmff_edit){
        .duration = be32_load(row),
        .media_time = (int32_t)be32_load(row + 4),
        .rate = (int32_t)be32_load(row + 8),
    };
}

dits_error *isobmff_edit_at(const struct media_file *file, uint32_t track,
                            uint32_t index, struct isobmff_edit *out)
{
    const struct table *edits = &isobmff_state(file)->tracks[track].edits;
    uint8_t row[20] = {0};
    TRY(edits->source->read_at(
        edits->source, edits->offset + (uint64_t)index * edits->row_size,
        edits->row_size, row));
    *out = parse_edit(row, edits->row_size == 20);
    return NULL;
}

bool isobmff_reference(const struct media_file *file, uint32_t track,
                       uint32_t type, size_t nth, uint32_t *out_track)
{
    struct children children =
        children_of(buf_slice(&isobmff_state(file)->tracks[track].references));
    struct child child = {0};
    while (children_next(&children, &child)) {
        if (child.type != type)
            continue;
        for (size_t at = 0; at + 4 <= child.payload.size; at += 4)
            if (isobmff_find_track(file, be32_load(child.payload.data + at),
                                   out_track) &&
                nth-- == 0)
                return true;
    }
    return false;
}

dits_error *isobmff_description(const struct media_file *file, uint32_t track,
                                uint32_t index, struct buf *out)
{
    const struct isobmff_track *own = &isobmff_state(file)->tracks[track];
    const struct table *bytes = &own->descriptions;
    CLEANUP(window_release) struct window window = {.source = bytes->source};
    struct box box = {0};
    bool found = index < own->description_count;
    buf_clear(out);
    if (!found)
        return NULL;
    struct box_walk walk =
        box_walk_over(&window, bytes->offset, bytes->offset + bytes->count);
    for (uint32_t i = 0; found && i <= index; i++)
        TRY(box_next(&walk, &box, &found));
    if (!found || box.size > LIMIT_PAYLOAD)
        return NULL;
    return window_load(&window, box.offset, box.size, out);
}

uint32_t isobmff_item_id(const struct media_file *file, uint32_t track,
                         uint64_t number)
{
    const struct items *items = &isobmff_state(file)->items;
    for (size_t i = 0; i < items->sample_count; i++)
        if (items->samples[i].track == track && number-- == 0)
            return items->samples[i].id;
    return 0;
}

size_t isobmff_fragment_count(const struct media_file *file)
{
    return isobmff_state(file)->fragments.count;
}

struct isobmff_fragment isobmff_fragment_at(const struct media_file *file,
                                            size_t index)
{
    const struct fragment *found = &isobmff_state(file)->fragments.list[index];
    return (struct isobmff_fragment){
        .offset = found->offset,
        .size = found->size,
        .sequence_number = found->sequence_number,
    };
}

size_t isobmff_run_count(const struct media_file *file)
{
    return isobmff_state(file)->fragments.run_count;
}

struct isobmff_run isobmff_run_at(const struct media_file *file, size_t index)
{
    const struct fragments *fragments = &isobmff_state(file)->fragments;
    const struct run *run = &fragments->runs[index];
    const struct fragment_part *part = &fragments->parts[run->part];
    return (struct isobmff_run){
        .fragment = part->fragment,
        .track = part->track,
        .rows = run->rows,
        .flags = run->flags,
        .first = run->first,
        .count = run->count,
        .offset = run->offset,
        .decode_time = run->dts,
        .has_tfdt = part->has_time,
    };
}
