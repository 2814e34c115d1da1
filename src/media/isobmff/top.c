#include "media/isobmff/top.h"

#include <inttypes.h>

#include "base/be.h"
#include "media/isobmff/verify.h"
#include "media/limits.h"

void top_walk_release(struct top_walk *walk)
{
    window_release(&walk->window);
}

static dits_error *read_header(struct top_walk *walk, uint64_t at,
                               struct box *out, bool *out_found)
{
    uint8_t head[BOX_MAX_HEADER] = {0};
    struct source *source = walk->file->source;
    uint64_t left = source->size - at;
    size_t size = left < sizeof(head) ? (size_t)left : sizeof(head);
    TRY(source->read_at(source, at, size, head));
    *out_found = box_parse(slice_of(head, size), at, left, out);
    return NULL;
}

static void tell(struct top_walk *walk, uint64_t at, const char *text)
{
    if (!walk->is_quiet)
        media_add_problem(walk->file, at, "", "%s", text);
}

/* Go on behind `box`, or at its end as its children have it. */
static dits_error *accept(struct top_walk *walk, struct box *box)
{
    if (box->is_clamped)
        tell(walk, box->offset, "a box goes on past the end of the file");
    walk->at = box_end(box);
    return NULL;
}

/*
 * A header whose size makes no sense, or that claims more than there is, may
 * still be that of a movie or of a fragment: these end where their children do.
 */
static dits_error *repair(struct top_walk *walk, struct box *box, bool *out_is)
{
    struct box guess = *box;
    *out_is = verify_is_index(box->type);
    if (!*out_is)
        return NULL;
    guess.header_size = BOX_MIN_HEADER;
    guess.size = walk->file->source->size - box->offset;
    guess.is_clamped = false;
    TRY(verify_index(&walk->window, &guess, out_is));
    if (*out_is)
        *box = guess;
    return NULL;
}

/* Whether there is a box in its own right at `walk->at`. */
static dits_error *try_box(struct top_walk *walk, struct box *out, bool *out_is)
{
    struct box repaired = {0};
    TRY(read_header(walk, walk->at, out, out_is));
    repaired = *out;
    if (!*out_is || (out->is_clamped && verify_is_index(out->type))) {
        bool is_repaired = false;
        TRY(repair(walk, &repaired, &is_repaired));
        if (is_repaired) {
            tell(walk, walk->at, "a box with a wrong size");
            *out = repaired;
            *out_is = true;
        }
        return NULL;
    }
    return verify_box(&walk->window, out, out_is);
}

/* The position of the next candidate from `at` on, or `to`. */
static dits_error *find_candidate(struct top_walk *walk, uint64_t *at,
                                  uint64_t to)
{
    struct slice bytes = {0};
    while (*at < to && to - *at > BOX_MIN_HEADER) {
        uint64_t left = to - *at;
        TRY(window_peek(&walk->window, *at,
                        left < WINDOW_BYTES ? (size_t)left : WINDOW_BYTES,
                        &bytes));
        size_t found = verify_find_type(bytes);
        *at += found;
        if (found + BOX_MIN_HEADER <= bytes.size)
            return NULL;
    }
    *at = to;
    return NULL;
}

/*
 * The next box that proves itself, from `from` on. With `movie_only` others
 * are passed over.
 */
static dits_error *search(struct top_walk *walk, uint64_t from, uint64_t to,
                          bool movie_only, struct box *out)
{
    bool is_one = false;
    *out = (struct box){.offset = to};
    for (uint64_t at = from; at < to; at++) {
        TRY(find_candidate(walk, &at, to));
        if (at >= to)
            break;
        TRY(read_header(walk, at, out, &is_one));
        is_one = is_one &&
                 (!movie_only || out->type == FOURCC('m', 'o', 'o', 'v'));
        if (is_one)
            TRY(verify_found(&walk->window, out, &is_one));
        if (is_one)
            return NULL;
    }
    *out = (struct box){.offset = to};
    return NULL;
}

static dits_error *resync(struct top_walk *walk, struct box *out,
                          bool *out_found)
{
    uint64_t size = walk->file->source->size;
    uint64_t budget = LIMIT_RESYNC - walk->searched;
    uint64_t from = walk->at + 1;
    uint64_t to = size - from < budget ? size : from + budget;
    tell(walk, walk->at, "no box here");
    TRY(search(walk, from, to, false, out));
    walk->searched += out->offset - from;
    walk->at = out->offset;
    *out_found = out->size > 0;
    if (!*out_found)
        walk->at = size;
    return NULL;
}

dits_error *top_next(struct top_walk *walk, struct box *out, bool *out_found)
{
    uint64_t size = walk->file->source->size;
    walk->window.source = walk->file->source;
    *out_found = false;
    if (walk->at >= size || size - walk->at < BOX_MIN_HEADER)
        return NULL;
    TRY(try_box(walk, out, out_found));
    if (!*out_found && walk->searched < LIMIT_RESYNC)
        TRY(resync(walk, out, out_found));
    return *out_found ? accept(walk, out) : NULL;
}

dits_error *top_search_movie(struct top_walk *walk, uint64_t from, uint64_t to,
                             struct box *out, bool *out_found)
{
    const uint64_t half = LIMIT_RESYNC / 2;
    walk->window.source = walk->file->source;
    uint64_t first_end = to - from < half ? to : from + half;
    TRY(search(walk, from, first_end, true, out));
    if (out->size == 0 && to - first_end > 0)
        TRY(search(walk, to - first_end < half ? first_end : to - half, to,
                   true, out));
    *out_found = out->size > 0;
    return NULL;
}

bool top_probe(struct slice head, uint64_t file_size)
{
    struct box box = {0};
    if (box_parse(head, 0, file_size, &box) && verify_is_known(box.type))
        return true;
    /* Junk may come before a file that says what it is. */
    for (size_t at = 1; at + 16 <= head.size; at++) {
        struct slice rest = slice_after(head, at);
        if (be32_load(rest.data + 4) == FOURCC('f', 't', 'y', 'p') &&
            box_parse(rest, at, file_size - at, &box) &&
            verify_is_file_type(rest, &box))
            return true;
    }
    return box_parse(head, 0, file_size, &box) ? false
                                               : verify_is_index(box.type);
}
