#include "media/isobmff/fragment.h"

#include <inttypes.h>

#include "base/array.h"
#include "base/be.h"
#include "base/mem.h"
#include "media/isobmff/fragment_boxes.h"
#include "media/isobmff/state.h"
#include "media/isobmff/times.h"
#include "media/limits.h"

/* What is known while a 'moof' is read. */
struct parser {
    struct media_file *file;
    struct fragments *fragments;
    const struct box *moof;
    const uint8_t *bytes; /* its payload */
    uint64_t next_base;   /* of the next 'traf' that says nothing of it */
    uint64_t base;        /* of the current one */
    uint64_t data_end;    /* of its runs so far */
    struct fragment_part part;
    bool is_part_kept;
};

void fragments_release(struct fragments *fragments)
{
    mem_free(fragments->list);
    mem_free(fragments->parts);
    mem_free(fragments->runs);
    *fragments = (struct fragments){0};
}

static dits_error *add_fragment(struct parser *parser, uint32_t number)
{
    struct fragments *fragments = parser->fragments;
    struct fragment *list = array_grown(fragments->list, fragments->count,
                                        &fragments->capacity, sizeof(*list));
    if (list == NULL)
        return error_nomem();
    fragments->list = list;
    list[fragments->count++] = (struct fragment){
        .offset = parser->moof->offset,
        .size = parser->moof->size,
        .sequence_number = number,
    };
    return NULL;
}

static dits_error *add_part(struct parser *parser)
{
    struct fragments *fragments = parser->fragments;
    struct fragment_part *parts =
        array_grown(fragments->parts, fragments->part_count,
                    &fragments->part_capacity, sizeof(*parts));
    if (parts == NULL)
        return error_nomem();
    fragments->parts = parts;
    parts[fragments->part_count++] = parser->part;
    parser->is_part_kept = true;
    return NULL;
}

static dits_error *add_run(struct parser *parser, struct run run)
{
    struct fragments *fragments = parser->fragments;
    if (fragments->run_count >= LIMIT_RUNS) {
        if (!fragments->is_full)
            media_add_problem(parser->file, parser->moof->offset, "moof",
                              "more than %u runs of samples", LIMIT_RUNS);
        fragments->is_full = true;
        return NULL;
    }
    if (!parser->is_part_kept)
        TRY(add_part(parser));
    struct run *runs = array_grown(fragments->runs, fragments->run_count,
                                   &fragments->run_capacity, sizeof(*runs));
    if (runs == NULL)
        return error_nomem();
    fragments->runs = runs;
    run.part = (uint32_t)(fragments->part_count - 1);
    runs[fragments->run_count++] = run;
    return NULL;
}

dits_error *fragment_set_defaults(struct media_file *file, struct slice payload)
{
    uint32_t index = 0;
    if (payload.size < TREX_BYTES ||
        !isobmff_find_track(file, be32_load(payload.data + 4), &index))
        return NULL;
    struct fragment_track *own = &isobmff_state(file)->tracks[index].fragments;
    own->has_defaults = true;
    own->defaults = trex_parse(payload);
    return NULL;
}

static uint64_t offset_of(const struct parser *parser, struct slice payload)
{
    return box_payload(parser->moof) + (uint64_t)(payload.data - parser->bytes);
}

static void complain(struct parser *parser, struct slice payload,
                     const char *where, const char *text)
{
    media_add_problem(parser->file, offset_of(parser, payload), where, "%s",
                      text);
}

/* The track of that id, which a piece of a presentation may not announce. */
static dits_error *find_track(struct parser *parser, uint32_t id,
                              bool *out_found)
{
    struct media_file *file = parser->file;
    *out_found = isobmff_find_track(file, id, &parser->part.track);
    if (*out_found)
        return NULL;
    TRY(isobmff_add_track(file, &parser->part.track, out_found));
    if (!*out_found)
        return NULL;
    file->tracks[parser->part.track].id = id;
    media_add_problem(file, parser->moof->offset, "moof/traf/tfhd",
                      "track %" PRIu32 " is announced nowhere", id);
    return NULL;
}

static void set_base(struct parser *parser,
                     const struct fragment_header *header)
{
    parser->base = parser->next_base;
    if ((header->flags & TFHD_BASE) != 0)
        parser->base = header->base;
    else if ((header->flags & TFHD_BASE_IS_MOOF) != 0)
        parser->base = parser->moof->offset;
    parser->data_end = parser->base;
}

/* The defaults of the track, and what this part says instead. */
static dits_error *parse_part_header(struct parser *parser, struct slice tfhd,
                                     bool *out_found)
{
    struct fragment_header header = {0};
    struct fragment_part *part = &parser->part;
    *out_found = fragment_header_parse(tfhd, &header);
    if (!*out_found)
        return NULL;
    *part = (struct fragment_part){
        .fragment = (uint32_t)(parser->fragments->count - 1),
    };
    TRY(find_track(parser, header.track_id, out_found));
    if (!*out_found)
        return NULL;
    part->defaults =
        isobmff_state(parser->file)->tracks[part->track].fragments.defaults;
    fragment_header_defaults(tfhd, &part->defaults);
    set_base(parser, &header);
    return NULL;
}

static bool parse_time(struct slice payload, int64_t *out)
{
    uint64_t time = 0;
    if (!fragment_time_parse(payload, &time))
        return false;
    *out = time < INT64_MAX ? (int64_t)time : INT64_MAX;
    return true;
}

/* tfdt (8.8.12), or 'tfxd' of Smooth Streaming, or else what was before. */
static void set_time(struct parser *parser, struct slice traf)
{
    struct isobmff_track *own =
        &isobmff_state(parser->file)->tracks[parser->part.track];
    struct fragment_track *times = &own->fragments;
    struct children children = children_of(traf);
    struct child child = {0};
    int64_t duration = parser->file->tracks[parser->part.track].duration;
    bool is_first = !times->is_started && own->samples.sample_count == 0;
    if (!times->is_started) {
        times->next_number = own->samples.sample_count;
        times->next_dts = times->next_number > 0 && duration > 0 ? duration : 0;
    }
    times->is_started = true;
    while (!parser->part.has_time && children_next(&children, &child))
        if (child.type == FOURCC('t', 'f', 'd', 't') ||
            fragment_is_tfxd(&child))
            parser->part.has_time = parse_time(child.payload, &times->next_dts);
    if (is_first)
        times->first_dts = times->next_dts;
}

/* Where a run begins, if that is a place at all. */
static uint64_t start_of_run(const struct parser *parser, bool has_offset,
                             int32_t data_offset)
{
    uint64_t start = parser->data_end;
    if (has_offset &&
        __builtin_add_overflow(parser->base, (int64_t)data_offset, &start))
        return UINT64_MAX;
    return start;
}

/*
 * No more samples than there are rows, or, where rows are empty, than the file
 * has bytes for.
 */
static uint32_t bound_count(const struct parser *parser, uint32_t claimed,
                            size_t bytes, uint32_t row_size)
{
    uint32_t size = parser->part.defaults.size;
    uint64_t room = row_size > 0
                        ? bytes / row_size
                        : parser->file->source->size / (size > 0 ? size : 1);
    return claimed < room ? claimed : (uint32_t)room;
}

struct totals {
    uint64_t size;
    int64_t duration;
};

/* What the samples of a run take together. */
static struct totals sum_rows(const struct parser *parser, uint32_t flags,
                              const uint8_t *rows, uint32_t count)
{
    const struct sample_defaults *part = &parser->part.defaults;
    uint32_t row_size = run_row_size(flags);
    struct totals totals = {0};
    if (row_size == 0)
        return (struct totals){
            .size = (uint64_t)part->size * count,
            .duration = time_times(part->duration, count),
        };
    for (uint32_t i = 0; i < count; i++) {
        struct run_sample sample = {.size = part->size,
                                    .duration = part->duration};
        (void)run_parse_row(flags, rows + (size_t)i * row_size, 0, &sample);
        totals.size += sample.size;
        totals.duration = time_add(totals.duration, sample.duration);
    }
    return totals;
}

static dits_error *take_run(struct parser *parser, struct run run,
                            struct totals totals)
{
    struct fragment_track *own =
        &isobmff_state(parser->file)->tracks[parser->part.track].fragments;
    run.first = own->next_number;
    run.dts = own->next_dts;
    if (__builtin_add_overflow(run.offset, totals.size, &parser->data_end))
        parser->data_end = UINT64_MAX;
    own->next_dts = time_add(own->next_dts, totals.duration);
    own->next_number += run.count;
    parser->file->tracks[parser->part.track].sample_count += run.count;
    return run.count == 0 ? NULL : add_run(parser, run);
}

static dits_error *parse_run(struct parser *parser, struct slice trun)
{
    struct fragment_run box = {0};
    if (!fragment_run_parse(trun, &box))
        return complain(parser, trun, "moof/traf/trun", "is cut off"), NULL;
    struct run run = {.flags = box.flags, .first_flags = box.first_flags};
    run.count = bound_count(parser, box.claimed, box.rows.size,
                            run_row_size(box.flags));
    run.rows = box.rows.size > 0 ? offset_of(parser, box.rows)
                                 : offset_of(parser, trun) + trun.size;
    run.offset = start_of_run(parser, box.has_offset, box.data_offset);
    if (run.count < box.claimed)
        media_add_problem(parser->file, run.rows, "moof/traf/trun",
                          "has %" PRIu32 " of %" PRIu32 " samples", run.count,
                          box.claimed);
    return take_run(parser, run,
                    sum_rows(parser, box.flags, box.rows.data, run.count));
}

static dits_error *parse_part(struct parser *parser, struct slice traf)
{
    struct children children = children_of(traf);
    struct child child = {0};
    bool found = false;
    parser->is_part_kept = false;
    TRY(parse_part_header(
        parser, children_find(traf, FOURCC('t', 'f', 'h', 'd')), &found));
    if (!found)
        return complain(parser, traf, "moof/traf", "names no track"), NULL;
    set_time(parser, traf);
    while (children_next(&children, &child))
        if (child.type == FOURCC('t', 'r', 'u', 'n'))
            TRY(parse_run(parser, child.payload));
    parser->next_base = parser->data_end;
    return NULL;
}

static dits_error *parse_parts(struct parser *parser, struct slice payload,
                               uint64_t *out_end)
{
    struct children children = children_of(payload);
    struct child child = {0};
    while (children_next(&children, &child)) {
        if (child.type == FOURCC('m', 'd', 'a', 't') ||
            child.type == FOURCC('m', 'o', 'o', 'f')) {
            complain(parser, child.payload, "moof", "ends before this already");
            *out_end = offset_of(parser, child.payload) - BOX_MIN_HEADER;
            parser->fragments->list[parser->fragments->count - 1].size =
                *out_end - parser->moof->offset;
            return NULL;
        }
        if (child.is_cut)
            complain(parser, child.payload, "moof", "holds a box that is cut");
        if (child.type == FOURCC('t', 'r', 'a', 'f'))
            TRY(parse_part(parser, child.payload));
    }
    return NULL;
}

/* Without a window: there are many of them, far apart. */
static dits_error *load(struct media_file *file, const struct box *moof,
                        struct buf *out)
{
    uint64_t size = box_payload_size(moof);
    size_t most = size < LIMIT_PAYLOAD ? (size_t)size : LIMIT_PAYLOAD;
    void *at = NULL;
    TRY(buf_extend(out, most, &at));
    return file->source->read_at(file->source, box_payload(moof), most, at);
}

dits_error *fragment_parse(struct media_file *file, const struct box *moof,
                           uint64_t *out_end)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    struct parser parser = {
        .file = file,
        .fragments = &isobmff_state(file)->fragments,
        .moof = moof,
        .next_base = moof->offset,
    };
    *out_end = box_end(moof);
    if (parser.fragments->is_full)
        return NULL;
    TRY(load(file, moof, &bytes));
    struct slice payload = buf_slice(&bytes);
    struct slice header = children_find(payload, FOURCC('m', 'f', 'h', 'd'));
    parser.bytes = payload.data;
    TRY(add_fragment(&parser,
                     header.size >= 8 ? be32_load(header.data + 4) : 0));
    return parse_parts(&parser, payload, out_end);
}
