/*
 * Sample entries of pictures: ISO/IEC 14496-12, 12.1.3, and the image
 * description of QuickTime, which is the same up to the colour table.
 */
#include <string.h>

#include "base/be.h"
#include "media/isobmff/entry_parts.h"

/* Offsets behind the header of the box. */
enum {
    AT_VENDOR = 12,
    AT_WIDTH = 24,
    AT_HEIGHT = 26,
    AT_COMPRESSOR = 42,
    AT_DEPTH = 74,
    AT_COLOUR_TABLE = 76,
    VIDEO_FIXED = 78,
    COMPRESSOR_ROOM = 31,
};

/* Its length, then the characters. Some writers leave the length out. */
static dits_error *add_compressor(struct entry *entry)
{
    const uint8_t *at = entry->payload.data + AT_COMPRESSOR;
    size_t size = at[0] <= COMPRESSOR_ROOM ? at[0] : 0;
    if (size == 0 || at[1] == 0)
        return NULL;
    return facts_add_text(&entry->track->facts, "encoder",
                          slice_of(at + 1, size));
}

static dits_error *add_vendor(struct entry *entry)
{
    const uint8_t *at = entry->payload.data + AT_VENDOR;
    for (unsigned i = 0; i < 4; i++)
        if (at[i] < 0x20 || at[i] >= 0x7f)
            return NULL;
    return facts_add_text(&entry->track->facts, "tag.vendor_id",
                          slice_of(at, 4));
}

/*
 * Up to 8 bits (33 to 40: in grey) with table 0, the table stands here: a
 * seed, flags, the last index, and 8 bytes for each colour.
 */
static size_t colour_table_size(const struct entry *entry)
{
    enum { TABLE_HEADER = 8, TABLE_ENTRY = 8, GREY = 32 };
    const uint8_t *data = entry->payload.data;
    unsigned depth = be16_load(data + AT_DEPTH);
    size_t left = entry->payload.size - VIDEO_FIXED;
    if (be16_load(data + AT_COLOUR_TABLE) != 0 || left < TABLE_HEADER)
        return 0;
    if (depth == 0 || (depth > 8 && depth <= GREY) || depth > GREY + 8)
        return 0;
    size_t last = be16_load(data + VIDEO_FIXED + 6);
    size_t size = TABLE_HEADER + (last + 1) * TABLE_ENTRY;
    return last < 256 && size <= left ? size : 0;
}

/* DVCPRO HD and Dolby Vision share a type; only one has this box. */
static void settle_dvh1(struct entry *entry)
{
    struct slice hvcc =
        children_find(entry->children, FOURCC('h', 'v', 'c', 'C'));
    if (entry->type != FOURCC('d', 'v', 'h', '1') || hvcc.size > 0)
        return;
    entry_set_codec(entry->track, "dvvideo");
    entry->track->framing = MEDIA_OPAQUE;
    entry->track->intra_only = true;
}

dits_error *entry_video(struct entry *entry)
{
    struct media_track *track = entry->track;
    if (entry->payload.size < VIDEO_FIXED) {
        media_add_problem(entry->file, 0, "stsd", "'%s' is cut off",
                          track->tag);
        return NULL;
    }
    track->width = be16_load(entry->payload.data + AT_WIDTH);
    track->height = be16_load(entry->payload.data + AT_HEIGHT);
    TRY(add_compressor(entry));
    TRY(add_vendor(entry));
    entry->children =
        slice_after(entry->payload, VIDEO_FIXED + colour_table_size(entry));
    settle_dvh1(entry);
    return NULL;
}
