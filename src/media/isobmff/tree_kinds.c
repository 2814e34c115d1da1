#include "media/isobmff/tree_kinds.h"

#include "base/be.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

/* Fields before the first child. */
static const struct {
    uint32_t type;
    uint32_t skip;
} holders[] = {
    {FOURCC('m', 'o', 'o', 'v'), 0}, {FOURCC('t', 'r', 'a', 'k'), 0},
    {FOURCC('m', 'd', 'i', 'a'), 0}, {FOURCC('m', 'i', 'n', 'f'), 0},
    {FOURCC('s', 't', 'b', 'l'), 0}, {FOURCC('d', 'i', 'n', 'f'), 0},
    {FOURCC('e', 'd', 't', 's'), 0}, {FOURCC('u', 'd', 't', 'a'), 0},
    {FOURCC('m', 'v', 'e', 'x'), 0}, {FOURCC('m', 'o', 'o', 'f'), 0},
    {FOURCC('t', 'r', 'a', 'f'), 0}, {FOURCC('m', 'f', 'r', 'a'), 0},
    {FOURCC('t', 'r', 'e', 'f'), 0}, {FOURCC('g', 'm', 'h', 'd'), 0},
    {FOURCC('c', 'm', 'o', 'v'), 0}, {FOURCC('r', 'm', 'r', 'a'), 0},
    {FOURCC('r', 'm', 'd', 'a'), 0}, {FOURCC('c', 'l', 'i', 'p'), 0},
    {FOURCC('m', 'a', 't', 't'), 0}, {FOURCC('t', 'a', 'p', 't'), 0},
    {FOURCC('i', 'p', 'r', 'p'), 0}, {FOURCC('i', 'p', 'c', 'o'), 0},
    {FOURCC('i', 'l', 's', 't'), 0}, {FOURCC('s', 'i', 'n', 'f'), 0},
    {FOURCC('s', 'c', 'h', 'i'), 0}, {FOURCC('w', 'a', 'v', 'e'), 0},
    {FOURCC('s', 'v', '3', 'd'), 0}, {FOURCC('p', 'r', 'o', 'j'), 0},
    {FOURCC('v', 'e', 'x', 'u'), 0}, {FOURCC('e', 'y', 'e', 's'), 0},
    {FOURCC('s', 't', 'r', 'k'), 0}, {FOURCC('h', 'n', 't', 'i'), 0},
    {FOURCC('d', 'r', 'e', 'f'), 8}, {FOURCC('s', 't', 's', 'd'), 8},
    {FOURCC('i', 'r', 'e', 'f'), 4},
};

/* Bytes of sample entries behind the header, before their boxes. */
static const uint32_t entry_skips[] = {78, 28, 44, 64, 8};

/* Whether boxes begin at the `skip`th byte of the payload. */
static dits_error *is_start(struct window *window, const struct box *box,
                            uint32_t skip, bool *out)
{
    struct box_walk walk = box_children(window, box, skip);
    struct box child = {0};
    *out = false;
    if (box_payload_size(box) < (uint64_t)skip + BOX_MIN_HEADER)
        return NULL;
    TRY(box_next(&walk, &child, out));
    for (unsigned shift = 0; shift < 32; shift += 8) {
        uint32_t c = child.type >> shift & 0xff;
        *out = *out && !child.is_clamped && c >= 0x20 && c < 0x7f;
    }
    return NULL;
}

static dits_error *entry_skip(struct window *window, const struct box *box,
                              uint32_t *out_skip, bool *out_holds)
{
    *out_holds = false;
    for (size_t i = 0; i < COUNT(entry_skips) && !*out_holds; i++) {
        *out_skip = entry_skips[i];
        TRY(is_start(window, box, *out_skip, out_holds));
    }
    return NULL;
}

/* iinf: the count is of 2 bytes, or of 4. */
static dits_error *item_info_skip(struct window *window, const struct box *box,
                                  uint32_t *out)
{
    struct slice head = {0};
    if (box_payload_size(box) > 0)
        TRY(window_peek(window, box_payload(box), 1, &head));
    *out = head.size == 1 && head.data[0] != 0 ? 8 : 6;
    return NULL;
}

dits_error *tree_skip(struct window *window, uint32_t parent,
                      const struct box *box, uint32_t *out_skip,
                      bool *out_holds)
{
    *out_holds = true;
    if (parent == FOURCC('s', 't', 's', 'd'))
        return entry_skip(window, box, out_skip, out_holds);
    if (box->type == FOURCC('m', 'e', 't', 'a'))
        return box_meta_skip(window, box, out_skip);
    if (box->type == FOURCC('i', 'i', 'n', 'f'))
        return item_info_skip(window, box, out_skip);
    *out_skip = 0;
    if (parent == FOURCC('i', 'l', 's', 't'))
        return NULL;
    for (size_t i = 0; i < COUNT(holders); i++) {
        if (holders[i].type != box->type)
            continue;
        *out_skip = holders[i].skip;
        return NULL;
    }
    *out_holds = false;
    return NULL;
}

void tree_name(uint32_t type, char out[13])
{
    size_t at = 0;
    for (unsigned i = 0; i < 4; i++) {
        uint32_t c = type >> (24 - 8 * i) & 0xff;
        if (c == 0xa9) {
            out[at++] = (char)0xc2;
            out[at++] = (char)0xa9;
        } else {
            out[at++] = (char)(c >= 0x20 && c < 0x7f ? c : '?');
        }
    }
    out[at] = '\0';
}
