#include "media/isobmff/isobmff.h"

#include <string.h>

#include "base/be.h"
#include "base/mem.h"
#include "media/formats.h"
#include "media/isobmff/inflated.h"
#include "media/isobmff/movie.h"
#include "media/isobmff/presented.h"
#include "media/isobmff/state.h"
#include "media/isobmff/top.h"
#include "media/isobmff/walk.h"

static void set_container(struct media_file *file, const char *name)
{
    size_t size = strlen(name) + 1;
    memcpy(file->container, name, size);
}

static void close_file(struct media_file *file)
{
    struct isobmff *state = isobmff_state(file);
    for (size_t i = 0; i < state->track_count; i++)
        buf_release(&state->tracks[i].references);
    mem_free(state->tracks);
    inflated_free(state->inflated);
    fragments_release(&state->fragments);
    items_release(&state->items);
    mem_free(state);
    file->state = NULL;
}

/* The movie in `box`, which may be compressed. */
static dits_error *parse_movie(struct media_file *file, struct box *box)
{
    CLEANUP(window_release) struct window window = {.source = file->source};
    CLEANUP(window_release) struct window inner = {0};
    struct isobmff *state = isobmff_state(file);
    struct box moov = {0};
    uint64_t end = 0;
    TRY(inflated_open(file, &window, box, &state->inflated, &moov));
    if (state->inflated != NULL) {
        inner.source = &state->inflated->source;
        TRY(movie_parse(file, &inner, &moov, &end));
        end = box_end(box);
    } else {
        TRY(movie_parse(file, &window, box, &end));
    }
    state->has_movie = true;
    state->movie_offset = box->offset;
    state->movie_end = end;
    return NULL;
}

static bool is_movie(uint32_t type)
{
    return type == FOURCC('m', 'o', 'o', 'v') ||
           type == FOURCC('!', 'm', 'o', 'v');
}

/*
 * Media data that reaches to the end of the file may do so only because its
 * size was never written: the movie may be in there.
 */
static dits_error *search_movie(struct media_file *file,
                                const struct box *around)
{
    CLEANUP(top_walk_release)
    struct top_walk walk = {.file = file, .is_quiet = true};
    struct box box = {0};
    bool found = false;
    TRY(top_search_movie(&walk, around->offset + around->header_size,
                         file->source->size, &box, &found));
    if (!found)
        return NULL;
    media_add_problem(file, box.offset, "", "a movie inside of media data");
    return parse_movie(file, &box);
}

/* The movie first, wherever it is: all else needs its tracks. */
static dits_error *find_movie(struct media_file *file)
{
    CLEANUP(top_walk_release)
    struct top_walk walk = {.file = file, .is_quiet = true};
    struct box box = {0};
    struct box last = {0};
    bool found = true;
    while (found) {
        TRY(top_next(&walk, &box, &found));
        if (found && is_movie(box.type))
            return parse_movie(file, &box);
        if (found)
            last = box;
    }
    bool may_hide = last.type == FOURCC('m', 'd', 'a', 't') &&
                    (last.is_clamped || last.is_to_end);
    return may_hide ? search_movie(file, &last) : NULL;
}

static const struct {
    uint32_t brand;
    const char *name;
} containers[] = {
    {FOURCC('q', 't', ' ', ' '), "mov"},  {FOURCC('h', 'e', 'i', 'c'), "heif"},
    {FOURCC('h', 'e', 'i', 'x'), "heif"}, {FOURCC('h', 'e', 'v', 'c'), "heif"},
    {FOURCC('h', 'e', 'v', 'x'), "heif"}, {FOURCC('m', 'i', 'f', '1'), "heif"},
    {FOURCC('m', 's', 'f', '1'), "heif"}, {FOURCC('a', 'v', 'i', 'f'), "avif"},
    {FOURCC('a', 'v', 'i', 's'), "avif"}, {FOURCC('M', '4', 'A', ' '), "m4a"},
    {FOURCC('M', '4', 'B', ' '), "m4a"},  {FOURCC('3', 'g', 'p', '4'), "3gp"},
    {FOURCC('3', 'g', 'p', '5'), "3gp"},  {FOURCC('3', 'g', 'p', '6'), "3gp"},
    {FOURCC('3', 'g', '2', 'a'), "3g2"},  {FOURCC('m', 'j', 'p', '2'), "mj2"},
    {FOURCC('c', 'r', 'x', ' '), "cr3"},
};

static dits_error *take_file_type(struct media_file *file,
                                  struct window *window, const struct box *box)
{
    struct slice head = {0};
    TRY(window_peek(window, box_payload(box), 4, &head));
    set_container(file, "mp4");
    for (size_t i = 0;
         head.size == 4 && i < sizeof(containers) / sizeof(containers[0]); i++)
        if (be32_load(head.data) == containers[i].brand)
            set_container(file, containers[i].name);
    return isobmff_describe(file, NO_TRACK, window, box);
}

static dits_error *take_box(struct media_file *file, struct top_walk *walk,
                            const struct box *box)
{
    switch (box->type) {
    case FOURCC('m', 'o', 'o', 'f'):
        return fragment_parse(file, box, &walk->at);
    case FOURCC('m', 'o', 'o', 'v'):
        if (isobmff_state(file)->movie_offset == box->offset)
            walk->at = isobmff_state(file)->movie_end;
        return NULL;
    case FOURCC('f', 't', 'y', 'p'):
        return file->container[0] == '\0'
                   ? take_file_type(file, &walk->window, box)
                   : NULL;
    case FOURCC('m', 'e', 't', 'a'):
        TRY(items_parse(file, &walk->window, box));
        return isobmff_describe(file, NO_TRACK, &walk->window, box);
    case FOURCC('u', 'u', 'i', 'd'):
    case FOURCC('u', 'd', 't', 'a'):
        return isobmff_describe(file, NO_TRACK, &walk->window, box);
    default:
        return NULL;
    }
}

static dits_error *take_rest(struct media_file *file, bool *out_any)
{
    CLEANUP(top_walk_release) struct top_walk walk = {.file = file};
    struct box box = {0};
    bool found = true;
    *out_any = isobmff_state(file)->has_movie;
    while (found) {
        TRY(top_next(&walk, &box, &found));
        if (!found)
            break;
        *out_any = true;
        TRY(take_box(file, &walk, &box));
    }
    return NULL;
}

/* Headers know nothing of fragments, or only what was planned. */
static void settle_durations(struct media_file *file)
{
    for (size_t i = 0; i < file->track_count; i++) {
        struct fragment_track *own = &isobmff_state(file)->tracks[i].fragments;
        int64_t length = 0;
        if (own->is_started &&
            !__builtin_sub_overflow(own->next_dts, own->first_dts, &length) &&
            file->tracks[i].duration < length)
            file->tracks[i].duration = length;
    }
}

static dits_error *open_file(struct media_file *file)
{
    bool is_any = false;
    file->state = mem_new(struct isobmff);
    if (file->state == NULL)
        return error_nomem();
    TRY(find_movie(file));
    TRY(take_rest(file, &is_any));
    settle_durations(file);
    if (!is_any)
        return error_new(DITS_E_UNSUPPORTED, "no box of ISO media");
    if (file->container[0] == '\0')
        set_container(file, isobmff_state(file)->has_movie ? "mov" : "mp4");
    if (file->track_count == 0)
        media_add_problem(file, 0, "", "no movie, no fragment and no items");
    return presented_find(file);
}

static dits_error *open_spans(struct media_file *file, struct media_walk **out)
{
    struct media_walk *walk = mem_new(struct media_walk);
    if (walk == NULL)
        return error_nomem();
    dits_error *err = spans_open(file, &walk->spans);
    if (err != NULL)
        mem_free(walk);
    else
        *out = walk;
    return err;
}

static dits_error *next_span(struct media_walk *walk, struct media_span *out,
                             bool *out_found)
{
    return spans_next(walk->spans, out, out_found);
}

static dits_error *open_samples(struct media_file *file, uint32_t track,
                                struct media_walk **out)
{
    struct media_walk *walk = mem_new(struct media_walk);
    if (walk == NULL)
        return error_nomem();
    dits_error *err = samples_open(file, track, &walk->samples);
    if (err != NULL)
        mem_free(walk);
    else
        *out = walk;
    return err;
}

static dits_error *next_sample(struct media_walk *walk,
                               struct media_sample *out, bool *out_found)
{
    return samples_next(walk->samples, out, out_found);
}

static void end_walk(struct media_walk *walk)
{
    if (walk == NULL)
        return;
    spans_close(walk->spans);
    samples_close(walk->samples);
    mem_free(walk);
}

const struct media_format media_format_isobmff = {
    .name = "isobmff",
    .is_indexed = true,
    .probe = top_probe,
    .open = open_file,
    .close = close_file,
    .spans = open_spans,
    .next_span = next_span,
    .samples = open_samples,
    .next_sample = next_sample,
    .end_walk = end_walk,
    .tree = box_tree_walk,
};
