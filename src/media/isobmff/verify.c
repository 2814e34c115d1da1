#include "media/isobmff/verify.h"

#include "base/be.h"

#define MOOV FOURCC('m', 'o', 'o', 'v')
#define MOOF FOURCC('m', 'o', 'o', 'f')

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static bool is_among(uint32_t type, const uint32_t *types, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (types[i] == type)
            return true;
    return false;
}

bool verify_is_known(uint32_t type)
{
    static const uint32_t types[] = {
        FOURCC('f', 't', 'y', 'p'),
        FOURCC('s', 't', 'y', 'p'),
        MOOV,
        MOOF,
        FOURCC('m', 'd', 'a', 't'),
        FOURCC('f', 'r', 'e', 'e'),
        FOURCC('s', 'k', 'i', 'p'),
        FOURCC('w', 'i', 'd', 'e'),
        FOURCC('p', 'n', 'o', 't'),
        FOURCC('u', 'u', 'i', 'd'),
        FOURCC('m', 'e', 't', 'a'),
        FOURCC('s', 'i', 'd', 'x'),
        FOURCC('s', 's', 'i', 'x'),
        FOURCC('m', 'f', 'r', 'a'),
        FOURCC('e', 'm', 's', 'g'),
        FOURCC('p', 'r', 'f', 't'),
        FOURCC('!', 'm', 'o', 'v'),
        FOURCC('!', 'm', 'o', 'f'),
        FOURCC('!', 's', 'i', 'x'),
        FOURCC('!', 's', 's', 'x'),
        FOURCC('u', 'd', 't', 'a'),
        FOURCC('P', 'I', 'C', 'T'),
        FOURCC('m', 'p', 'v', 'd'),
        FOURCC('i', 'm', 'd', 'a'),
    };
    return is_among(type, types, COUNT(types));
}

bool verify_is_index(uint32_t type)
{
    return type == MOOV || type == MOOF;
}

/* The children of a movie; with the first some only where it is damaged. */
static bool is_child_of_movie(uint32_t type)
{
    static const uint32_t types[] = {
        FOURCC('m', 'v', 'h', 'd'), FOURCC('t', 'r', 'a', 'k'),
        FOURCC('m', 'v', 'e', 'x'), FOURCC('u', 'd', 't', 'a'),
        FOURCC('m', 'e', 't', 'a'), FOURCC('i', 'o', 'd', 's'),
        FOURCC('c', 'm', 'o', 'v'), FOURCC('r', 'm', 'r', 'a'),
        FOURCC('u', 'u', 'i', 'd'), FOURCC('f', 'r', 'e', 'e'),
        FOURCC('s', 'k', 'i', 'p'), FOURCC('c', 't', 'a', 'b'),
        FOURCC('c', 'l', 'i', 'p'), FOURCC('p', 's', 's', 'h'),
        FOURCC('d', 'r', 'm', ' '), FOURCC('a', 'i', 'n', 'f'),
    };
    return is_among(type, types, COUNT(types));
}

static bool is_child_of_fragment(uint32_t type)
{
    static const uint32_t types[] = {
        FOURCC('m', 'f', 'h', 'd'), FOURCC('t', 'r', 'a', 'f'),
        FOURCC('m', 'e', 't', 'a'), FOURCC('u', 'u', 'i', 'd'),
        FOURCC('p', 's', 's', 'h'), FOURCC('f', 'r', 'e', 'e'),
    };
    return is_among(type, types, COUNT(types));
}

static bool is_child(uint32_t parent, uint32_t type)
{
    return parent == MOOV ? is_child_of_movie(type)
                          : is_child_of_fragment(type);
}

/* What begins a movie or a fragment, and hardly anything else. */
static uint32_t parent_of(uint32_t type)
{
    if (type == FOURCC('m', 'v', 'h', 'd') ||
        type == FOURCC('c', 'm', 'o', 'v'))
        return MOOV;
    return type == FOURCC('m', 'f', 'h', 'd') ? MOOF : 0;
}

dits_error *verify_index(struct window *window, struct box *box, bool *out_is)
{
    struct box_walk walk = box_children(window, box, 0);
    struct box child = {0};
    uint64_t end = walk.at;
    bool found = true;
    *out_is = false;
    while (found) {
        TRY(box_next(&walk, &child, &found));
        found = found && is_child(box->type, child.type);
        if (!found)
            break;
        *out_is = *out_is || !child.is_clamped;
        end = box_end(&child);
    }
    box->size = end - box->offset;
    return NULL;
}

/* Printable, or the sign that QuickTime's own types begin with. */
static bool is_plausible_type(uint32_t type)
{
    for (unsigned shift = 0; shift < 32; shift += 8) {
        uint32_t c = type >> shift & 0xff;
        if ((c < 0x20 || c > 0x7e) && c != 0xa9)
            return false;
    }
    return true;
}

/* Whether the file ends, or another box begins, where `box` ends. */
static dits_error *is_followed(struct window *window, const struct box *box,
                               bool *out_is)
{
    struct slice head = {0};
    struct box next = {0};
    uint64_t size = window->source->size;
    uint64_t end = box_end(box);
    *out_is = end == size;
    if (*out_is || box->is_clamped)
        return NULL;
    TRY(window_peek(window, end, BOX_MAX_HEADER, &head));
    *out_is = box_parse(head, end, size - end, &next) &&
              verify_is_known(next.type);
    return NULL;
}

static dits_error *first_child(struct window *window, const struct box *box,
                               struct box *out, bool *out_found)
{
    struct box_walk walk = box_children(window, box, 0);
    return box_next(&walk, out, out_found);
}

/* A movie that was hidden: its children are all there. */
static dits_error *unhide(struct window *window, struct box *box)
{
    struct box child = {0};
    bool found = false;
    TRY(first_child(window, box, &child, &found));
    uint32_t parent = found && !child.is_clamped ? parent_of(child.type) : 0;
    if (parent != 0)
        box->type = parent;
    return NULL;
}

dits_error *verify_box(struct window *window, struct box *box, bool *out_is)
{
    bool is_free = box->type == FOURCC('f', 'r', 'e', 'e') ||
                   box->type == FOURCC('s', 'k', 'i', 'p');
    bool is_known = verify_is_known(box->type);
    *out_is = true;
    if (!is_known || is_free)
        TRY(unhide(window, box));
    if (is_known || verify_is_known(box->type))
        return NULL;
    *out_is = is_plausible_type(box->type) && !box->is_clamped;
    return *out_is ? is_followed(window, box, out_is) : NULL;
}

bool verify_is_file_type(struct slice bytes, const struct box *box)
{
    if (box->is_clamped || box->size < 16 || box->size > 4096 ||
        box->size % 4 != 0 || bytes.size < 12)
        return false;
    return is_plausible_type(be32_load(bytes.data + 8));
}

/* All children make sense, to the last byte, and the header is among them. */
static dits_error *is_whole_index(struct window *window, const struct box *box,
                                  bool *out_is)
{
    struct box_walk walk = box_children(window, box, 0);
    struct box child = {0};
    bool found = true;
    bool has_head = false;
    *out_is = true;
    while (found && *out_is) {
        TRY(box_next(&walk, &child, &found));
        if (!found)
            break;
        *out_is = !child.is_clamped && is_plausible_type(child.type);
        has_head = has_head || parent_of(child.type) == box->type;
    }
    *out_is = *out_is && has_head && walk.end - walk.at < BOX_MIN_HEADER;
    return NULL;
}

static dits_error *verify_leaf(struct window *window, const struct box *box,
                               bool *out_is)
{
    struct slice head = {0};
    TRY(window_peek(window, box->offset, BOX_MAX_HEADER, &head));
    if (box->type == FOURCC('f', 't', 'y', 'p') ||
        box->type == FOURCC('s', 't', 'y', 'p'))
        return *out_is = verify_is_file_type(head, box), NULL;
    return is_followed(window, box, out_is);
}

dits_error *verify_found(struct window *window, struct box *box, bool *out_is)
{
    if (box->is_to_end)
        return *out_is = false, NULL;
    if (!verify_is_index(box->type))
        return verify_leaf(window, box, out_is);
    if (!box->is_clamped)
        return is_whole_index(window, box, out_is);
    return verify_index(window, box, out_is);
}

size_t verify_find_type(struct slice bytes)
{
    static const uint32_t types[] = {
        MOOV,
        MOOF,
        FOURCC('m', 'd', 'a', 't'),
        FOURCC('f', 't', 'y', 'p'),
        FOURCC('s', 't', 'y', 'p'),
        FOURCC('s', 'i', 'd', 'x'),
        FOURCC('m', 'f', 'r', 'a'),
    };
    for (size_t at = 0; at + BOX_MIN_HEADER <= bytes.size; at++) {
        uint8_t first = bytes.data[at + 4];
        if (first != 'm' && first != 'f' && first != 's')
            continue;
        if (is_among(be32_load(bytes.data + at + 4), types, COUNT(types)))
            return at;
    }
    return bytes.size < BOX_MIN_HEADER ? bytes.size
                                       : bytes.size - BOX_MIN_HEADER + 1;
}
