#include "media/isobmff/fragment_init.h"

#include "base/be.h"
#include "media/limits.h"
#include "media/timeline.h"

/* What is known while a 'moov' is copied. */
struct patch {
    const struct fragmented_movie *movie;
    const struct init_change *change;
    struct buf *out;
    size_t track; /* that is copied; the next one between tracks */
    unsigned depth;
};

static bool holds_boxes(uint32_t type)
{
    return type == FOURCC('m', 'o', 'o', 'v') ||
           type == FOURCC('t', 'r', 'a', 'k') ||
           type == FOURCC('e', 'd', 't', 's') ||
           type == FOURCC('m', 'd', 'i', 'a') ||
           type == FOURCC('m', 'i', 'n', 'f') ||
           type == FOURCC('s', 't', 'b', 'l') ||
           type == FOURCC('m', 'v', 'e', 'x');
}

/* Of 'stbl': a table of samples, and what it is when there are none. */
enum table_kind { NO_TABLE, DROPPED_TABLE, EMPTY_TABLE, EMPTY_SIZES };

static const struct {
    char type[5];
    uint8_t kind;
} tables[] = {
    {"stts", EMPTY_TABLE},   {"stsc", EMPTY_TABLE},   {"stco", EMPTY_TABLE},
    {"co64", EMPTY_TABLE},   {"stsz", EMPTY_SIZES},   {"stz2", EMPTY_SIZES},
    {"stss", DROPPED_TABLE}, {"stps", DROPPED_TABLE}, {"ctts", DROPPED_TABLE},
    {"cslg", DROPPED_TABLE}, {"sdtp", DROPPED_TABLE}, {"sbgp", DROPPED_TABLE},
    {"csgp", DROPPED_TABLE}, {"saiz", DROPPED_TABLE}, {"saio", DROPPED_TABLE},
    {"subs", DROPPED_TABLE}, {"padb", DROPPED_TABLE}, {"stdp", DROPPED_TABLE},
    {"stsh", DROPPED_TABLE},
};

static enum table_kind table_kind(uint32_t type)
{
    for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
        if (be32_load((const uint8_t *)tables[i].type) == type)
            return (enum table_kind)tables[i].kind;
    return NO_TABLE;
}

/* FullBox and a count of 0; 'stsz' has a size of all samples before it. */
static dits_error *put_empty(struct patch *patch, uint32_t type,
                             enum table_kind kind)
{
    uint32_t size = kind == EMPTY_SIZES ? 20 : 16;
    if (kind == DROPPED_TABLE)
        return NULL;
    TRY(buf_put_be32(patch->out, size));
    TRY(buf_put_be32(patch->out,
                     kind == EMPTY_SIZES ? FOURCC('s', 't', 's', 'z') : type));
    for (size -= 8; size > 0; size -= 4)
        TRY(buf_put_be32(patch->out, 0));
    return NULL;
}

/* `ticks` of a track in those of the movie, rounded up. */
static int64_t movie_ticks(const struct patch *patch, size_t track)
{
    int64_t ticks = 0;
    if (track >= patch->movie->track_count)
        return 0;
    /* Rounding down what is negative rounds up what it was. */
    if (!timeline_rescale(-patch->change->ends[track], patch->movie->timescale,
                          patch->movie->tracks[track].timescale, &ticks))
        return 0;
    return -ticks;
}

static int64_t longest(const struct patch *patch)
{
    int64_t most = 0;
    for (size_t i = 0; i < patch->movie->track_count; i++)
        if (movie_ticks(patch, i) > most)
            most = movie_ticks(patch, i);
    return most;
}

/*
 * A duration at `at`, 4 bytes or 8, where there is one: 0 and all ones say
 * that there is none. What does not fit becomes unknown.
 */
static void set_duration(uint8_t *box, size_t size, size_t at, int64_t duration)
{
    bool is_long = size > 0 && box[0] == 1;
    if (size < at + (is_long ? 8 : 4))
        return;
    uint64_t most = is_long ? UINT64_MAX : UINT32_MAX;
    uint64_t old = is_long ? be64_load(box + at) : be32_load(box + at);
    if (old == 0 || old == most)
        return;
    uint64_t value = (uint64_t)duration < most ? (uint64_t)duration : most;
    if (is_long)
        be64_store(box + at, value);
    else
        be32_store(box + at, (uint32_t)value);
}

/* The edit that shows the media: its duration comes first in its row. */
static void open_edit(uint8_t *box, size_t size)
{
    enum { ROWS = 8 };
    bool is_long = size > 0 && box[0] == 1;
    size_t row_size = is_long ? 20 : 12;
    for (size_t at = ROWS; at < size && size - at >= row_size; at += row_size) {
        bool is_empty = is_long ? be64_load(box + at + 8) == UINT64_MAX
                                : be32_load(box + at + 4) == UINT32_MAX;
        if (is_empty)
            continue;
        if (is_long)
            be64_store(box + at, 0);
        else
            be32_store(box + at, 0);
        return;
    }
}

/* Behind version, flags, and in most of them two times and other words. */
static void patch_leaf(struct patch *patch, uint32_t type, uint8_t *box,
                       size_t size)
{
    bool is_long = size > 0 && box[0] == 1;
    bool is_own = patch->movie->has_samples && !patch->change->drop_samples;
    int64_t own = patch->track < patch->movie->track_count
                      ? patch->change->ends[patch->track]
                      : 0;
    if (type == FOURCC('m', 'e', 'h', 'd'))
        set_duration(box, size, 4, longest(patch));
    else if (type == FOURCC('e', 'l', 's', 't'))
        open_edit(box, size);
    else if (is_own)
        return;
    else if (type == FOURCC('m', 'v', 'h', 'd'))
        set_duration(box, size, is_long ? 24 : 16, longest(patch));
    else if (type == FOURCC('m', 'd', 'h', 'd'))
        set_duration(box, size, is_long ? 24 : 16, own);
    else if (type == FOURCC('t', 'k', 'h', 'd'))
        set_duration(box, size, is_long ? 28 : 20,
                     movie_ticks(patch, patch->track));
}

static dits_error *copy_leaf(struct patch *patch, const struct child *child,
                             struct slice whole)
{
    size_t head = (size_t)(child->payload.data - whole.data);
    size_t at = patch->out->size + head;
    enum table_kind kind = table_kind(child->type);
    if (patch->change->drop_samples && kind != NO_TABLE)
        return put_empty(patch, child->type, kind);
    TRY(buf_put(patch->out, whole.data, whole.size));
    patch_leaf(patch, child->type, patch->out->data + at, child->payload.size);
    return NULL;
}

/* The size of a box whose copy begins at `at`. */
static void set_size(struct patch *patch, size_t at)
{
    uint8_t *head = patch->out->data + at;
    size_t size = patch->out->size - at;
    if (be32_load(head) == 1)
        be64_store(head + 8, size);
    else
        be32_store(head, (uint32_t)size);
}

/* NOLINTNEXTLINE(misc-no-recursion): as deep as LIMIT_DEPTH */
static dits_error *copy_all(struct patch *patch, struct slice bytes)
{
    struct children children = children_of(bytes);
    struct child child = {0};
    struct slice whole = {0};
    struct slice rest = bytes;
    while (children_next_whole(&children, &child, &whole)) {
        size_t at = patch->out->size;
        size_t head = (size_t)(child.payload.data - whole.data);
        if (child.is_cut)
            return error_new(DITS_E_CORRUPT, "a movie with a box that is cut");
        rest =
            slice_after(bytes, (size_t)(whole.data - bytes.data) + whole.size);
        if (!holds_boxes(child.type) || patch->depth == LIMIT_DEPTH) {
            TRY(copy_leaf(patch, &child, whole));
            continue;
        }
        TRY(buf_put(patch->out, whole.data, head));
        patch->depth++;
        TRY(copy_all(patch, child.payload));
        patch->depth--;
        patch->track += child.type == FOURCC('t', 'r', 'a', 'k');
        set_size(patch, at);
    }
    return buf_put(patch->out, rest.data, rest.size);
}

dits_error *init_patch(const struct fragmented_movie *movie, struct slice moov,
                       const struct init_change *change, struct buf *out)
{
    struct patch patch = {.movie = movie, .change = change, .out = out};
    return copy_all(&patch, moov);
}
