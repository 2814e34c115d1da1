#include "media/isobmff/track.h"

#include <stdio.h>

#include "base/be.h"
#include "media/isobmff/state.h"
#include "media/isobmff/stbl.h"
#include "media/limits.h"

void track_where(char out[64], uint32_t index, const char *rest)
{
    (void)snprintf(out, 64, "moov/trak[%u]/%s", index, rest);
}

static const struct {
    uint32_t handler;
    enum media_kind kind;
} kinds[] = {
    {FOURCC('v', 'i', 'd', 'e'), MEDIA_VIDEO},
    {FOURCC('a', 'u', 'x', 'v'), MEDIA_VIDEO},
    {FOURCC('p', 'i', 'c', 't'), MEDIA_IMAGE},
    {FOURCC('s', 'o', 'u', 'n'), MEDIA_AUDIO},
    {FOURCC('t', 'e', 'x', 't'), MEDIA_SUBTITLE},
    {FOURCC('s', 'b', 't', 'l'), MEDIA_SUBTITLE},
    {FOURCC('s', 'u', 'b', 't'), MEDIA_SUBTITLE},
    {FOURCC('s', 'u', 'b', 'p'), MEDIA_SUBTITLE},
    {FOURCC('c', 'l', 'c', 'p'), MEDIA_SUBTITLE},
    {FOURCC('t', 'm', 'c', 'd'), MEDIA_TIMECODE},
    {FOURCC('m', 'e', 't', 'a'), MEDIA_METADATA},
    {FOURCC('d', 'a', 't', 'a'), MEDIA_METADATA},
    {FOURCC('c', 'a', 'm', 'm'), MEDIA_METADATA},
};

static void set_kind(struct media_track *track, uint32_t handler)
{
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (kinds[i].handler == handler)
            track->kind = kinds[i].kind;
}

/* What structure needs of three headers; the rest is for describe.h. */
static void take_header(struct media_file *file, uint32_t index, uint32_t type,
                        struct slice payload)
{
    struct media_track *track = &file->tracks[index];
    struct isobmff_track *own = &isobmff_state(file)->tracks[index];
    bool is_long = payload.size > 0 && payload.data[0] == 1;
    size_t at = is_long ? 20 : 12; /* after version and two times */
    if (type == FOURCC('h', 'd', 'l', 'r') && payload.size >= 12) {
        own->handler = be32_load(payload.data + 8);
        set_kind(track, own->handler);
    }
    if (payload.size < at + 4)
        return;
    if (type == FOURCC('t', 'k', 'h', 'd'))
        track->id = be32_load(payload.data + at);
    if (type != FOURCC('m', 'd', 'h', 'd') ||
        payload.size < at + (is_long ? 12 : 8))
        return;
    track->time_base.den = be32_load(payload.data + at);
    track->time_base.num = track->time_base.den != 0;
    uint64_t duration = is_long ? be64_load(payload.data + at + 4)
                                : be32_load(payload.data + at + 4);
    bool is_known = duration < (is_long ? (uint64_t)INT64_MAX : UINT32_MAX);
    track->duration = is_known ? (int64_t)duration : -1;
}

static dits_error *parse_header(struct media_file *file, uint32_t index,
                                struct window *window, const struct box *box)
{
    CLEANUP(buf_release) struct buf payload = {0};
    TRY(box_load(window, box, &payload));
    take_header(file, index, box->type, buf_slice(&payload));
    return isobmff_describe(file, index, window, box);
}

/* elst (8.6.6): rows of 12 bytes, or of 20. */
static dits_error *parse_edits(struct media_file *file, uint32_t index,
                               struct window *window, const struct box *edts)
{
    struct isobmff_track *own = &isobmff_state(file)->tracks[index];
    struct box elst = {0};
    struct slice head = {0};
    bool found = false;
    TRY(box_find(box_children(window, edts, 0), FOURCC('e', 'l', 's', 't'),
                 &elst, &found));
    if (!found || box_payload_size(&elst) < 8)
        return NULL;
    TRY(window_peek(window, box_payload(&elst), 8, &head));
    uint32_t row_size = head.data[0] == 1 ? 20 : 12;
    uint32_t claimed = be32_load(head.data + 4);
    own->edits = table_within(window->source, box_payload(&elst) + 8,
                              box_end(&elst), claimed, row_size);
    if (own->edits.count < claimed)
        media_add_problem(file, elst.offset, "elst", "has %u of %u rows",
                          own->edits.count, claimed);
    return isobmff_describe(file, index, window, &elst);
}

static dits_error *parse_references(struct media_file *file, uint32_t index,
                                    struct window *window,
                                    const struct box *tref)
{
    struct isobmff_track *own = &isobmff_state(file)->tracks[index];
    TRY(box_load(window, tref, &own->references));
    return isobmff_describe(file, index, window, tref);
}

static dits_error *find_dref(struct window *window, const struct box *minf,
                             struct box *out)
{
    struct box dinf = {0};
    bool found = false;
    TRY(box_find(box_children(window, minf, 0), FOURCC('d', 'i', 'n', 'f'),
                 &dinf, &found));
    if (found)
        TRY(box_find(box_children(window, &dinf, 0), FOURCC('d', 'r', 'e', 'f'),
                     out, &found));
    if (!found)
        *out = (struct box){0};
    return NULL;
}

static dits_error *parse_minf(struct media_file *file, uint32_t index,
                              struct window *window, const struct box *minf)
{
    struct box_walk walk = box_children(window, minf, 0);
    struct box dref = {0};
    struct box box = {0};
    bool found = true;
    TRY(find_dref(window, minf, &dref));
    while (found) {
        TRY(box_next(&walk, &box, &found));
        if (found && box.type == FOURCC('s', 't', 'b', 'l'))
            TRY(stbl_parse(file, index, window, &box, &dref));
        else if (found && box.type != FOURCC('h', 'd', 'l', 'r'))
            TRY(isobmff_describe(file, index, window, &box));
    }
    return NULL;
}

/* The headers first: they say how the rest is to be understood. */
static dits_error *parse_mdia(struct media_file *file, uint32_t index,
                              struct window *window, const struct box *mdia)
{
    struct box_walk first = box_children(window, mdia, 0);
    struct box_walk second = first;
    struct box box = {0};
    bool found = true;
    while (found) {
        TRY(box_next(&first, &box, &found));
        if (found && (box.type == FOURCC('m', 'd', 'h', 'd') ||
                      box.type == FOURCC('h', 'd', 'l', 'r')))
            TRY(parse_header(file, index, window, &box));
        else if (found && box.type != FOURCC('m', 'i', 'n', 'f'))
            TRY(isobmff_describe(file, index, window, &box));
    }
    TRY(box_find(second, FOURCC('m', 'i', 'n', 'f'), &box, &found));
    return found ? parse_minf(file, index, window, &box) : NULL;
}

static dits_error *parse_child(struct media_file *file, uint32_t index,
                               struct window *window, const struct box *box)
{
    switch (box->type) {
    case FOURCC('t', 'k', 'h', 'd'):
        return parse_header(file, index, window, box);
    case FOURCC('m', 'd', 'i', 'a'):
        return parse_mdia(file, index, window, box);
    case FOURCC('e', 'd', 't', 's'):
        return parse_edits(file, index, window, box);
    case FOURCC('t', 'r', 'e', 'f'):
        return parse_references(file, index, window, box);
    default:
        return isobmff_describe(file, index, window, box);
    }
}

dits_error *track_parse(struct media_file *file, struct window *window,
                        const struct box *trak)
{
    struct box_walk walk = box_children(window, trak, 0);
    struct box box = {0};
    uint32_t index = 0;
    bool found = false;
    TRY(isobmff_add_track(file, &index, &found));
    if (found)
        isobmff_state(file)->tracks[index].offset = trak->offset;
    while (found) {
        TRY(box_next(&walk, &box, &found));
        if (found)
            TRY(parse_child(file, index, window, &box));
    }
    return NULL;
}

/* Whether a 'trak' that makes sense begins at `at`. */
static dits_error *is_track(struct window *window, uint64_t at, uint64_t end,
                            struct box *out, bool *out_is)
{
    struct box_walk walk = box_walk_over(window, at, end);
    struct box first = {0};
    TRY(box_next(&walk, out, out_is));
    if (!*out_is || out->type != FOURCC('t', 'r', 'a', 'k') || out->is_clamped)
        return *out_is = false, NULL;
    walk = box_children(window, out, 0);
    TRY(box_next(&walk, &first, out_is));
    *out_is = *out_is && !first.is_clamped;
    return NULL;
}

dits_error *track_rescue(struct media_file *file, struct window *window,
                         uint64_t at, uint64_t end)
{
    struct box trak = {0};
    struct slice head = {0};
    bool is_one = false;
    for (; at < end && end - at > BOX_MIN_HEADER; at++) {
        TRY(window_peek(window, at + 4, 4, &head));
        if (head.size < 4 || be32_load(head.data) != FOURCC('t', 'r', 'a', 'k'))
            continue;
        TRY(is_track(window, at, end, &trak, &is_one));
        if (!is_one)
            continue;
        media_add_problem(file, at, "moov", "a track behind damage");
        TRY(track_parse(file, window, &trak));
        at = box_end(&trak) - 1;
    }
    return NULL;
}
