#include "media/isobmff/movie.h"

#include <stdio.h>
#include <string.h>

#include "base/be.h"
#include "media/isobmff/isobmff.h"
#include "media/isobmff/state.h"
#include "media/isobmff/track.h"
#include "media/limits.h"

/* mvhd (8.2.2): the time scale comes after two times of 4 or 8 bytes. */
static void set_timescale(struct isobmff *state, struct slice payload)
{
    size_t at = payload.size > 0 && payload.data[0] == 1 ? 20 : 12;
    if (payload.size >= at + 4)
        state->movie_timescale = be32_load(payload.data + at);
}

static dits_error *parse_header(struct media_file *file, struct window *window,
                                const struct box *mvhd)
{
    CLEANUP(buf_release) struct buf payload = {0};
    TRY(box_load(window, mvhd, &payload));
    set_timescale(isobmff_state(file), buf_slice(&payload));
    return isobmff_describe(file, NO_TRACK, window, mvhd);
}

/* What holds for fragments (8.8.1): defaults of each track. */
static dits_error *parse_extends(struct media_file *file, struct window *window,
                                 const struct box *mvex)
{
    CLEANUP(buf_release) struct buf payload = {0};
    struct box_walk walk = box_children(window, mvex, 0);
    struct box box = {0};
    bool found = true;
    while (found) {
        TRY(box_next(&walk, &box, &found));
        if (!found || box.type != FOURCC('t', 'r', 'e', 'x'))
            continue;
        TRY(box_load(window, &box, &payload));
        TRY(fragment_set_defaults(file, buf_slice(&payload)));
    }
    return NULL;
}

/* Boxes that stand beside a movie and never in it. */
static bool is_beside_movie(uint32_t type)
{
    static const uint32_t types[] = {
        FOURCC('m', 'd', 'a', 't'), FOURCC('m', 'o', 'o', 'f'),
        FOURCC('f', 't', 'y', 'p'), FOURCC('m', 'o', 'o', 'v'),
        FOURCC('s', 't', 'y', 'p'), FOURCC('s', 'i', 'd', 'x'),
        FOURCC('m', 'f', 'r', 'a'),
    };
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
        if (types[i] == type)
            return true;
    return false;
}

static dits_error *parse_child(struct media_file *file, struct window *window,
                               const struct box *box)
{
    switch (box->type) {
    case FOURCC('t', 'r', 'a', 'k'):
        return track_parse(file, window, box);
    case FOURCC('m', 'v', 'h', 'd'):
        return parse_header(file, window, box);
    case FOURCC('m', 'v', 'e', 'x'):
    case FOURCC('f', 'r', 'e', 'e'):
        return NULL;
    default:
        return isobmff_describe(file, NO_TRACK, window, box);
    }
}

/* Defaults name tracks, so they are read when all tracks are known. */
static dits_error *parse_all_extends(struct media_file *file,
                                     struct box_walk walk)
{
    struct window *window = walk.window;
    struct box box = {0};
    bool found = true;
    while (found) {
        TRY(box_next(&walk, &box, &found));
        if (found && box.type == FOURCC('m', 'v', 'e', 'x'))
            TRY(parse_extends(file, window, &box));
    }
    return NULL;
}

/* A track that another one names as its chapters is no subtitle. */
static void mark_chapters(struct media_file *file)
{
    for (uint32_t i = 0; i < file->track_count; i++) {
        uint32_t chapters = 0;
        for (size_t n = 0; isobmff_reference(
                 file, i, FOURCC('c', 'h', 'a', 'p'), n, &chapters);
             n++)
            if (file->tracks[chapters].kind == MEDIA_SUBTITLE)
                file->tracks[chapters].kind = MEDIA_CHAPTERS;
    }
}

dits_error *movie_parse(struct media_file *file, struct window *window,
                        const struct box *moov, uint64_t *out_end)
{
    struct box_walk walk = box_children(window, moov, 0);
    struct box box = {0};
    bool found = true;
    *out_end = box_end(moov);
    while (found) {
        TRY(box_next(&walk, &box, &found));
        if (!found)
            break;
        if (is_beside_movie(box.type)) {
            media_add_problem(file, box.offset, "moov", "ends here already");
            *out_end = box.offset;
            break;
        }
        if (box.is_clamped)
            media_add_problem(file, box.offset, "moov",
                              "holds a box that is cut off");
        TRY(parse_child(file, window, &box));
    }
    if (walk.at < *out_end && !found)
        TRY(track_rescue(file, window, walk.at, *out_end));
    TRY(parse_all_extends(file,
                          box_walk_over(window, box_payload(moov), *out_end)));
    mark_chapters(file);
    return NULL;
}
