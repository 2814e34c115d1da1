#include "media/isobmff/fragment_measure.h"

#include "base/be.h"
#include "media/isobmff/fragment.h"
#include "media/isobmff/times.h"

/* What is known while a 'traf' is read. */
struct reader {
    const struct fragmented_track *track;
    struct traf_measure *out;
    struct sample_defaults defaults;
    uint64_t next; /* where its next run starts */
};

static bool parse_header(const struct fragmented_movie *movie,
                         struct slice traf, struct reader *reader)
{
    struct slice tfhd = children_find(traf, FOURCC('t', 'f', 'h', 'd'));
    struct traf_measure *out = reader->out;
    if (!fragment_header_parse(tfhd, &out->header) ||
        !fragmented_movie_find(movie, out->header.track_id, &out->track))
        return false;
    reader->track = &movie->tracks[out->track];
    reader->defaults = reader->track->defaults;
    fragment_header_defaults(tfhd, &reader->defaults);
    return true;
}

/* False when there is one that cannot be used. */
static bool parse_time(struct slice traf, struct traf_measure *out)
{
    struct children children = children_of(traf);
    struct child child = {0};
    uint64_t time = 0;
    while (children_next(&children, &child)) {
        bool is_tfdt = child.type == FOURCC('t', 'f', 'd', 't');
        if (!is_tfdt && (out->has_time || !fragment_is_tfxd(&child)))
            continue;
        if (!fragment_time_parse(child.payload, &time) || time > INT64_MAX)
            return false;
        out->has_tfdt = out->has_tfdt || is_tfdt;
        out->has_time = true;
        out->time = (int64_t)time;
        if (is_tfdt)
            break;
    }
    return true;
}

/* The first sample of all: what the fragment begins with. */
static void take_first(struct reader *reader, const struct fragment_run *run,
                       int64_t shift, uint32_t flags)
{
    struct traf_measure *out = reader->out;
    if (out->samples > 0)
        return;
    if ((run->flags & TRUN_FIRST_FLAGS) != 0)
        flags = run->first_flags;
    out->shift = out->earliest = shift;
    out->is_sync = reader->track->handler == FOURCC('s', 'o', 'u', 'n') ||
                   fragment_flags_are_sync(flags);
}

/* Samples that all take the defaults. */
static uint64_t take_plain(struct reader *reader,
                           const struct fragment_run *run)
{
    struct traf_measure *out = reader->out;
    take_first(reader, run, 0, reader->defaults.flags);
    if (out->duration < out->earliest)
        out->earliest = out->duration;
    out->samples += run->claimed;
    out->duration = time_add(
        out->duration, time_times(reader->defaults.duration, run->claimed));
    return (uint64_t)reader->defaults.size * run->claimed;
}

static uint64_t take_rows(struct reader *reader, const struct fragment_run *run,
                          uint32_t row_size)
{
    struct traf_measure *out = reader->out;
    uint64_t size = 0;
    for (uint32_t i = 0; i < run->claimed; i++) {
        struct run_sample sample = {.size = reader->defaults.size,
                                    .duration = reader->defaults.duration};
        uint32_t flags = run_parse_row(run->flags,
                                       run->rows.data + (size_t)i * row_size,
                                       reader->defaults.flags, &sample);
        take_first(reader, run, sample.shift, flags);
        int64_t shown = time_add(out->duration, sample.shift);
        if (shown < out->earliest)
            out->earliest = shown;
        out->samples++;
        out->duration = time_add(out->duration, sample.duration);
        size += sample.size;
    }
    return size;
}

static bool take_run(struct reader *reader, struct slice trun)
{
    struct traf_measure *out = reader->out;
    struct fragment_run run = {0};
    if (!fragment_run_parse(trun, &run))
        return false;
    uint32_t row_size = run_row_size(run.flags);
    if (row_size > 0 && run.claimed > run.rows.size / row_size)
        return false;
    uint64_t start = reader->next;
    if (run.has_offset &&
        __builtin_add_overflow(out->base, (int64_t)run.data_offset, &start))
        return false;
    uint64_t size = row_size > 0 ? take_rows(reader, &run, row_size)
                                 : take_plain(reader, &run);
    if (__builtin_add_overflow(start, size, &reader->next))
        return false;
    if (size > 0 && start < out->data_start)
        out->data_start = start;
    if (size > 0 && reader->next > out->data_end)
        out->data_end = reader->next;
    return true;
}

static uint64_t base_of(const struct fragment_header *header, uint64_t moof,
                        uint64_t next_base)
{
    if ((header->flags & TFHD_BASE) != 0)
        return header->base;
    return (header->flags & TFHD_BASE_IS_MOOF) != 0 ? moof : next_base;
}

bool traf_measure(const struct fragmented_movie *movie, struct slice traf,
                  uint64_t moof, uint64_t *next_base, struct traf_measure *out)
{
    struct reader reader = {.out = out};
    struct children children = children_of(traf);
    struct child child = {0};
    *out = (struct traf_measure){.data_start = UINT64_MAX};
    if (!parse_header(movie, traf, &reader) || !parse_time(traf, out))
        return false;
    out->base = base_of(&out->header, moof, *next_base);
    reader.next = out->base;
    while (children_next(&children, &child)) {
        if (child.is_cut)
            return false;
        if (child.type == FOURCC('t', 'r', 'u', 'n') &&
            !take_run(&reader, child.payload))
            return false;
    }
    if (out->samples == 0 && (out->header.flags & TFHD_IS_EMPTY) != 0)
        out->duration = reader.defaults.duration;
    *next_base = reader.next;
    return true;
}
