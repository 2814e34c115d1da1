#include "media/isobmff/children.h"

#include "base/be.h"

enum { HEADER = 8, LARGE_HEADER = 16, UUID_BYTES = 16 };

struct children children_of(struct slice bytes)
{
    return (struct children){.rest = bytes};
}

struct slice slice_after(struct slice bytes, size_t size)
{
    if (size >= bytes.size)
        return (struct slice){0};
    return slice_of(bytes.data + size, bytes.size - size);
}

/*
 * Header size and whole size of the box that `rest` begins with. A size of 0
 * ends the lists of QuickTime, so it is no box here.
 */
static bool measure(struct slice rest, size_t *out_header, uint64_t *out_size)
{
    if (rest.size < HEADER)
        return false;
    uint64_t size = be32_load(rest.data);
    size_t header = HEADER;
    if (size == 1) {
        if (rest.size < LARGE_HEADER)
            return false;
        size = be64_load(rest.data + HEADER);
        header = LARGE_HEADER;
    }
    if (size < header)
        return false;
    *out_header = header;
    *out_size = size;
    return true;
}

/* The extended type comes after all of the header (14496-12, 4.2.2). */
static bool take_uuid(struct child *child)
{
    if (child->payload.size < UUID_BYTES)
        return false;
    child->uuid = child->payload.data;
    child->payload = slice_of(child->payload.data + UUID_BYTES,
                              child->payload.size - UUID_BYTES);
    return true;
}

bool children_next(struct children *children, struct child *out)
{
    struct slice rest = children->rest;
    size_t header = 0;
    uint64_t size = 0;
    children->rest = (struct slice){0};
    if (!measure(rest, &header, &size))
        return false;
    bool is_cut = size > rest.size;
    size_t taken = is_cut ? rest.size : (size_t)size;
    *out = (struct child){
        .type = be32_load(rest.data + 4),
        .payload = slice_of(rest.data + header, taken - header),
        .is_cut = is_cut,
    };
    if (out->type == FOURCC('u', 'u', 'i', 'd') && !take_uuid(out))
        return false;
    children->rest = slice_after(rest, taken);
    return true;
}

bool children_next_whole(struct children *children, struct child *out,
                         struct slice *out_whole)
{
    struct slice before = children->rest;
    if (!children_next(children, out))
        return false;
    *out_whole = slice_of(before.data, before.size - children->rest.size);
    return true;
}

struct slice children_find(struct slice bytes, uint32_t type)
{
    struct children children = children_of(bytes);
    struct child child = {0};
    while (children_next(&children, &child))
        if (child.type == type)
            return child.payload;
    return (struct slice){0};
}

void fourcc_text(uint32_t type, char out[5])
{
    for (unsigned i = 0; i < 4; i++) {
        unsigned c = type >> (24 - 8 * i) & 0xff;
        out[i] = (char)(c >= 0x20 && c < 0x7f ? c : '?');
    }
    out[4] = '\0';
}
