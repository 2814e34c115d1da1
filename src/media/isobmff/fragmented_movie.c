#include "media/isobmff/fragmented_movie.h"

#include "base/be.h"
#include "base/mem.h"
#include "media/isobmff/times.h"
#include "media/limits.h"
#include "media/timeline.h"

void fragmented_movie_release(struct fragmented_movie *movie)
{
    mem_free(movie->tracks);
    *movie = (struct fragmented_movie){0};
}

struct slice children_path(struct slice bytes, const uint32_t *types,
                           size_t count)
{
    for (size_t i = 0; i < count; i++)
        bytes = children_find(bytes, types[i]);
    return bytes;
}

/*
 * The word behind version, flags and two times, as mvhd, tkhd and mdhd have
 * it; 0 when it is cut off.
 */
static uint32_t word_after_times(struct slice header)
{
    size_t at = header.size > 0 && header.data[0] == 1 ? 20 : 12;
    return header.size >= at + 4 ? be32_load(header.data + at) : 0;
}

static uint32_t count_of_children(struct slice bytes, uint32_t type)
{
    struct children children = children_of(bytes);
    struct child child = {0};
    uint32_t count = 0;
    while (children_next(&children, &child))
        count += child.type == type;
    return count;
}

/* stts (8.6.1.2): what the samples in the movie itself last. */
static int64_t sum_durations(struct slice stts)
{
    int64_t sum = 0;
    for (struct slice rows = slice_after(stts, 8); rows.size >= 8;
         rows = slice_after(rows, 8))
        sum = time_add(
            sum, time_times(be32_load(rows.data + 4), be32_load(rows.data)));
    return sum;
}

static void parse_samples(struct slice stbl, struct fragmented_track *track)
{
    enum { FIXED = 12 };
    struct slice sizes = children_find(stbl, FOURCC('s', 't', 's', 'z'));
    if (sizes.size < FIXED)
        sizes = children_find(stbl, FOURCC('s', 't', 'z', '2'));
    track->has_samples = sizes.size >= FIXED && be32_load(sizes.data + 8) > 0;
    if (track->has_samples)
        track->own_duration =
            sum_durations(children_find(stbl, FOURCC('s', 't', 't', 's')));
}

/* A row of 'elst' (8.6.6). */
struct edit {
    uint64_t duration;
    int64_t media_time;
    uint32_t rate;
};

static struct edit parse_edit(const uint8_t *row, bool is_long)
{
    if (is_long)
        return (struct edit){.duration = be64_load(row),
                             .media_time = (int64_t)be64_load(row + 8),
                             .rate = be32_load(row + 16)};
    return (struct edit){.duration = be32_load(row),
                         .media_time = (int32_t)be32_load(row + 4),
                         .rate = be32_load(row + 8)};
}

/*
 * Empty edits, which delay, and one that goes on from where it starts: that is
 * one and the same shift for every sample.
 */
static void parse_edits(struct slice elst, uint32_t movie_timescale,
                        struct fragmented_track *track)
{
    bool is_long = elst.size > 0 && elst.data[0] == 1;
    size_t row_size = is_long ? 20 : 12;
    unsigned shown = 0;
    int64_t delay = 0;
    int64_t skipped = 0;
    for (struct slice rows = slice_after(elst, 8); rows.size >= row_size;
         rows = slice_after(rows, row_size)) {
        struct edit edit = parse_edit(rows.data, is_long);
        int64_t ticks = 0;
        bool is_empty = edit.media_time == -1;
        if (is_empty && edit.duration <= INT64_MAX &&
            timeline_rescale((int64_t)edit.duration, track->timescale,
                             movie_timescale, &ticks))
            delay = time_add(delay, ticks);
        track->has_cuts = track->has_cuts || shown > 0;
        if (is_empty)
            continue;
        shown++;
        skipped = edit.media_time;
        track->has_cuts = track->has_cuts || edit.rate != 0x10000;
    }
    if (__builtin_sub_overflow(delay, skipped, &track->shown))
        track->shown = 0;
}

static dits_error *parse_track(struct slice trak, uint32_t movie_timescale,
                               struct fragmented_track *track)
{
    static const uint32_t edits[] = {FOURCC('e', 'd', 't', 's'),
                                     FOURCC('e', 'l', 's', 't')};
    static const uint32_t table[] = {FOURCC('m', 'i', 'n', 'f'),
                                     FOURCC('s', 't', 'b', 'l')};
    struct slice mdia = children_find(trak, FOURCC('m', 'd', 'i', 'a'));
    struct slice handler = children_find(mdia, FOURCC('h', 'd', 'l', 'r'));
    track->id =
        word_after_times(children_find(trak, FOURCC('t', 'k', 'h', 'd')));
    track->timescale =
        word_after_times(children_find(mdia, FOURCC('m', 'd', 'h', 'd')));
    track->handler = handler.size >= 12 ? be32_load(handler.data + 8) : 0;
    if (track->id == 0 || track->timescale == 0)
        return error_new(DITS_E_CORRUPT,
                         "a track without an id or without a time scale");
    parse_samples(children_path(mdia, table, 2), track);
    parse_edits(children_path(trak, edits, 2), movie_timescale, track);
    return NULL;
}

bool fragmented_movie_find(const struct fragmented_movie *movie, uint32_t id,
                           uint32_t *out_index)
{
    for (size_t i = 0; i < movie->track_count; i++) {
        if (movie->tracks[i].id != id)
            continue;
        *out_index = (uint32_t)i;
        return true;
    }
    return false;
}

/* mvex (8.8.1): a 'trex' for each track. */
static void parse_defaults(struct slice mvex, struct fragmented_movie *movie)
{
    struct children children = children_of(mvex);
    struct child child = {0};
    uint32_t track = 0;
    while (children_next(&children, &child))
        if (child.type == FOURCC('t', 'r', 'e', 'x') &&
            child.payload.size >= TREX_BYTES &&
            fragmented_movie_find(movie, be32_load(child.payload.data + 4),
                                  &track))
            movie->tracks[track].defaults = trex_parse(child.payload);
}

static dits_error *parse_tracks(struct slice moov,
                                struct fragmented_movie *movie)
{
    struct children children = children_of(moov);
    struct child child = {0};
    size_t count = count_of_children(moov, FOURCC('t', 'r', 'a', 'k'));
    if (count == 0)
        return error_new(DITS_E_UNSUPPORTED,
                         "a movie without tracks, or a compressed one");
    if (count > LIMIT_TRACKS)
        return error_new(DITS_E_LIMIT, "more than %u tracks", LIMIT_TRACKS);
    movie->tracks = mem_new_array(struct fragmented_track, count);
    if (movie->tracks == NULL)
        return error_nomem();
    while (children_next(&children, &child)) {
        if (child.type != FOURCC('t', 'r', 'a', 'k'))
            continue;
        struct fragmented_track *track = &movie->tracks[movie->track_count++];
        TRY(parse_track(child.payload, movie->timescale, track));
        movie->has_samples = movie->has_samples || track->has_samples;
        movie->has_cuts = movie->has_cuts || track->has_cuts;
    }
    return NULL;
}

dits_error *fragmented_movie_parse(struct slice moov,
                                   struct fragmented_movie *out)
{
    CLEANUP(fragmented_movie_release)
    struct fragmented_movie movie = {
        .timescale =
            word_after_times(children_find(moov, FOURCC('m', 'v', 'h', 'd'))),
    };
    TRY(parse_tracks(moov, &movie));
    parse_defaults(children_find(moov, FOURCC('m', 'v', 'e', 'x')), &movie);
    *out = movie;
    movie = (struct fragmented_movie){0};
    return NULL;
}

uint32_t fragmented_movie_leader(const struct fragmented_movie *movie)
{
    for (size_t i = 0; i < movie->track_count; i++)
        if (movie->tracks[i].handler == FOURCC('v', 'i', 'd', 'e'))
            return (uint32_t)i;
    return 0;
}
