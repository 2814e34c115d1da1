#include "media/isobmff/fragment_boxes.h"

#include <string.h>

#include "base/be.h"
#include "base/cursor.h"

/* Optional words, in the order of their flags; a short box has the first. */
static void take_word(struct cursor *cursor, uint32_t flags, uint32_t flag,
                      uint32_t *out)
{
    if ((flags & flag) != 0 && cursor_left(cursor) >= 4)
        dits_error_free(cursor_be32(cursor, out)); /* its size was checked */
}

bool fragment_header_parse(struct slice payload, struct fragment_header *out)
{
    enum { FIXED = 8, BASE = 8 };
    if (payload.size < FIXED)
        return false;
    *out = (struct fragment_header){
        .flags = be24_load(payload.data + 1),
        .track_id = be32_load(payload.data + 4),
    };
    if (payload.size < FIXED + BASE)
        out->flags &= ~(uint32_t)TFHD_BASE;
    if ((out->flags & TFHD_BASE) != 0)
        out->base = be64_load(payload.data + FIXED);
    return true;
}

void fragment_header_defaults(struct slice payload,
                              struct sample_defaults *defaults)
{
    enum { FIXED = 8, BASE = 8 };
    if (payload.size < FIXED)
        return;
    uint32_t flags = be24_load(payload.data + 1);
    struct slice rest = slice_after(payload, FIXED);
    if ((flags & TFHD_BASE) != 0 && rest.size >= BASE)
        rest = slice_after(rest, BASE);
    struct cursor cursor = cursor_over(rest.data, rest.size);
    take_word(&cursor, flags, TFHD_DESCRIPTION, &defaults->description);
    take_word(&cursor, flags, TFHD_DURATION, &defaults->duration);
    take_word(&cursor, flags, TFHD_SIZE, &defaults->size);
    take_word(&cursor, flags, TFHD_FLAGS, &defaults->flags);
}

struct sample_defaults trex_parse(struct slice payload)
{
    return (struct sample_defaults){
        .description = be32_load(payload.data + 8),
        .duration = be32_load(payload.data + 12),
        .size = be32_load(payload.data + 16),
        .flags = be32_load(payload.data + 20),
    };
}

/* FullBox, then a time of 4 bytes, or 8 in version 1. */
bool fragment_time_parse(struct slice payload, uint64_t *out)
{
    bool is_long = payload.size > 0 && payload.data[0] == 1;
    if (payload.size < (is_long ? 12u : 8u))
        return false;
    *out = is_long ? be64_load(payload.data + 4) : be32_load(payload.data + 4);
    return true;
}

bool fragment_box_is_local(uint32_t type)
{
    return type == FOURCC('f', 'r', 'e', 'e') ||
           type == FOURCC('s', 'k', 'i', 'p') ||
           type == FOURCC('s', 'i', 'd', 'x') ||
           type == FOURCC('s', 's', 'i', 'x') ||
           type == FOURCC('m', 'f', 'r', 'a');
}

bool fragment_is_tfxd(const struct child *child)
{
    static const uint8_t tfxd[16] = {0x6d, 0x1d, 0x9b, 0x05, 0x42, 0xd5,
                                     0x44, 0xe6, 0x80, 0xe2, 0x14, 0x1d,
                                     0xaf, 0xf7, 0x57, 0xb2};
    return child->uuid != NULL && memcmp(child->uuid, tfxd, sizeof(tfxd)) == 0;
}

bool fragment_flags_are_sync(uint32_t flags)
{
    enum { IS_NON_SYNC = 0x10000, DEPENDS = 0x1000000 };
    return (flags & (IS_NON_SYNC | DEPENDS)) == 0;
}

bool fragment_run_parse(struct slice payload, struct fragment_run *out)
{
    enum { FIXED = 8 };
    if (payload.size < FIXED)
        return false;
    struct cursor cursor =
        cursor_over(payload.data + FIXED, payload.size - FIXED);
    uint32_t flags = be24_load(payload.data + 1);
    uint32_t data_offset = 0;
    *out = (struct fragment_run){
        .flags = (uint32_t)payload.data[0] << 24 | flags,
        .claimed = be32_load(payload.data + 4),
        .has_offset = (flags & TRUN_OFFSET) != 0,
    };
    take_word(&cursor, flags, TRUN_OFFSET, &data_offset);
    take_word(&cursor, flags, TRUN_FIRST_FLAGS, &out->first_flags);
    out->data_offset = (int32_t)data_offset;
    out->rows = slice_after(payload, payload.size - cursor_left(&cursor));
    return true;
}
