#include "media/isobmff/box.h"

#include <string.h>

#include "base/be.h"
#include "media/limits.h"

enum { UUID_BYTES = 16, LARGE_BYTES = 8 };

static bool parse_size(struct slice head, uint64_t left, struct box *out)
{
    uint64_t size = be32_load(head.data);
    if (size == 1) {
        if (head.size < out->header_size + LARGE_BYTES)
            return false;
        size = be64_load(head.data + out->header_size);
        out->header_size += LARGE_BYTES;
    }
    out->is_to_end = size == 0;
    out->is_clamped = size > left;
    out->size = out->is_to_end || out->is_clamped ? left : size;
    return true;
}

static bool parse_uuid(struct slice head, struct box *out)
{
    if (out->type != FOURCC('u', 'u', 'i', 'd'))
        return true;
    if (head.size < out->header_size + UUID_BYTES)
        return false;
    memcpy(out->uuid, head.data + out->header_size, UUID_BYTES);
    out->header_size += UUID_BYTES;
    return true;
}

bool box_parse(struct slice head, uint64_t offset, uint64_t left,
               struct box *out)
{
    *out = (struct box){.offset = offset, .header_size = BOX_MIN_HEADER};
    if (head.size < BOX_MIN_HEADER || left < BOX_MIN_HEADER)
        return false;
    out->type = be32_load(head.data + 4);
    bool is_sound = parse_size(head, left, out) && parse_uuid(head, out) &&
                    out->size >= out->header_size;
    if (!is_sound)
        out->size = 0;
    return is_sound;
}

uint64_t box_end(const struct box *box)
{
    return box->offset + box->size;
}

uint64_t box_payload(const struct box *box)
{
    return box->offset + box->header_size;
}

uint64_t box_payload_size(const struct box *box)
{
    return box->size - box->header_size;
}

struct box_walk box_walk_over(struct window *window, uint64_t at, uint64_t end)
{
    return (struct box_walk){.at = at, .end = end, .window = window};
}

struct box_walk box_children(struct window *window, const struct box *box,
                             uint32_t skip)
{
    uint64_t size = box_payload_size(box);
    uint64_t at = box_payload(box) + (skip < size ? skip : size);
    return box_walk_over(window, at, box_end(box));
}

dits_error *box_next(struct box_walk *walk, struct box *out, bool *out_found)
{
    struct slice head = {0};
    uint64_t left = walk->end - walk->at;
    size_t want = left < BOX_MAX_HEADER ? (size_t)left : BOX_MAX_HEADER;
    *out_found = false;
    if (want < BOX_MIN_HEADER)
        return NULL;
    TRY(window_peek(walk->window, walk->at, want, &head));
    if (!box_parse(head, walk->at, left, out) || out->is_to_end)
        return NULL;
    walk->at += out->size;
    *out_found = true;
    return NULL;
}

dits_error *box_find(struct box_walk walk, uint32_t type, struct box *out,
                     bool *out_found)
{
    do
        TRY(box_next(&walk, out, out_found));
    while (*out_found && out->type != type);
    return NULL;
}

dits_error *box_load(struct window *window, const struct box *box,
                     struct buf *out)
{
    uint64_t size = box_payload_size(box);
    return window_load(window, box_payload(box),
                       size < LIMIT_PAYLOAD ? size : LIMIT_PAYLOAD, out);
}

static bool is_child_of_meta(struct slice head, size_t at)
{
    static const uint32_t types[] = {
        FOURCC('h', 'd', 'l', 'r'), FOURCC('k', 'e', 'y', 's'),
        FOURCC('i', 'l', 's', 't'), FOURCC('f', 'r', 'e', 'e'),
        FOURCC('m', 'h', 'd', 'r'),
    };
    if (head.size < at + 4)
        return false;
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
        if (be32_load(head.data + at) == types[i])
            return true;
    return false;
}

dits_error *box_meta_skip(struct window *window, const struct box *meta,
                          uint32_t *out)
{
    struct slice head = {0};
    uint64_t size = box_payload_size(meta);
    TRY(window_peek(window, box_payload(meta),
                    size < BOX_MAX_HEADER ? (size_t)size : BOX_MAX_HEADER,
                    &head));
    *out = is_child_of_meta(head, 4) ? 0 : 4;
    return NULL;
}
