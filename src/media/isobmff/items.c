#include "media/isobmff/items.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/be.h"
#include "base/cursor.h"
#include "base/mem.h"
#include "media/isobmff/item_tables.h"
#include "media/isobmff/item_track.h"
#include "media/isobmff/state.h"
#include "media/limits.h"

/* Where the bytes of an item are (8.11.3). */
enum { IN_FILE = 0, IN_IDAT = 1 };

void items_release(struct items *items)
{
    mem_free(items->extents);
    mem_free(items->samples);
    *items = (struct items){0};
}

/* What is known while a 'meta' box is read. */
struct parser {
    struct media_file *file;
    struct item_tables tables;
    struct item_tracks tracks;
    uint64_t idat; /* offset of its payload */
    uint64_t idat_size;

    /* Of iloc: its version and the sizes of numbers in it. */
    uint8_t version;
    uint8_t offset_size, length_size, base_size, index_size;
};

/* One item as iloc has it. */
struct location {
    uint32_t id;
    uint32_t method;
    bool is_external;
    uint64_t base;
    uint16_t extents;
};

static dits_error *take_number(struct cursor *cursor, unsigned size,
                               uint64_t *out)
{
    uint8_t bytes[8] = {0};
    if (size > 8)
        return error_new(DITS_E_CORRUPT, "a number of %u bytes", size);
    TRY(cursor_bytes(cursor, size, bytes + 8 - size));
    *out = be64_load(bytes);
    return NULL;
}

static dits_error *take_location(const struct parser *parser,
                                 struct cursor *cursor, struct location *out)
{
    uint64_t number = 0;
    uint16_t reference = 0;
    *out = (struct location){0};
    TRY(take_number(cursor, parser->version < 2 ? 2 : 4, &number));
    out->id = (uint32_t)number;
    if (parser->version > 0) {
        TRY(take_number(cursor, 2, &number));
        out->method = number & 15;
    }
    TRY(cursor_be16(cursor, &reference));
    out->is_external = reference != 0;
    TRY(take_number(cursor, parser->base_size, &out->base));
    return cursor_be16(cursor, &out->extents);
}

static dits_error *add_extent(struct items *items, struct item_extent extent)
{
    struct item_extent *list = array_grown(items->extents, items->extent_count,
                                           &items->extent_capacity,
                                           sizeof(*list));
    if (list == NULL)
        return error_nomem();
    items->extents = list;
    list[items->extent_count++] = extent;
    return NULL;
}

static dits_error *add_sample(struct items *items, struct item_sample sample)
{
    struct item_sample *list = array_grown(items->samples, items->sample_count,
                                           &items->sample_capacity,
                                           sizeof(*list));
    if (list == NULL)
        return error_nomem();
    items->samples = list;
    list[items->sample_count++] = sample;
    return NULL;
}

/* Whether the piece is of this file; its place there. */
static bool place(const struct parser *parser, const struct location *item,
                  uint64_t offset, uint64_t *size, uint64_t *out)
{
    uint64_t end = parser->file->source->size;
    uint64_t start = 0;
    if (item->is_external || item->method > IN_IDAT)
        return false;
    if (item->method == IN_IDAT) {
        start = parser->idat;
        end = parser->idat + parser->idat_size;
    }
    if (__builtin_add_overflow(item->base, offset, &offset) ||
        __builtin_add_overflow(start, offset, out) || *out > end)
        return false;
    if (*size == 0)
        *size = end - *out; /* all there is */
    return item->method == IN_FILE || *size <= end - *out;
}

static dits_error *take_extents(struct parser *parser, struct cursor *cursor,
                                const struct location *item, uint32_t track,
                                bool is_wanted)
{
    struct items *items = &isobmff_state(parser->file)->items;
    struct item_sample sample = {.id = item->id, .track = track};
    for (uint16_t i = 0; i < item->extents; i++) {
        uint64_t index = 0, offset = 0, size = 0, at = 0;
        TRY(take_number(cursor, parser->index_size, &index));
        TRY(take_number(cursor, parser->offset_size, &offset));
        TRY(take_number(cursor, parser->length_size, &size));
        if (!is_wanted || items->extent_count >= LIMIT_ITEMS)
            continue;
        if (!place(parser, item, offset, &size, &at))
            continue;
        TRY(add_extent(items, (struct item_extent){.offset = at,
                                                   .size = size,
                                                   .track = track,
                                                   .is_first = i == 0}));
        sample.offset = i == 0 ? at : sample.offset;
        if (__builtin_add_overflow(sample.size, size, &sample.size))
            sample.size = UINT64_MAX;
    }
    if (!is_wanted || items->sample_count >= LIMIT_ITEMS)
        return NULL;
    parser->file->tracks[track].sample_count++;
    return add_sample(items, sample);
}

static dits_error *take_item(struct parser *parser, struct cursor *cursor)
{
    struct location item = {0};
    uint32_t track = 0;
    bool found = false;
    TRY(take_location(parser, cursor, &item));
    TRY(item_tracks_find(&parser->tracks, parser->file, &parser->tables,
                         item.id, &track, &found));
    return take_extents(parser, cursor, &item, track, found);
}

static dits_error *take_all(struct parser *parser, struct cursor *cursor)
{
    uint16_t sizes = 0;
    uint64_t count = 0;
    uint32_t flags = 0;
    TRY(cursor_u8(cursor, &parser->version));
    TRY(cursor_be24(cursor, &flags));
    TRY(cursor_be16(cursor, &sizes));
    parser->offset_size = (uint8_t)(sizes >> 12);
    parser->length_size = sizes >> 8 & 15;
    parser->base_size = sizes >> 4 & 15;
    parser->index_size = parser->version > 0 ? sizes & 15 : 0;
    TRY(take_number(cursor, parser->version < 2 ? 2 : 4, &count));
    for (uint64_t i = 0; i < count; i++)
        TRY(take_item(parser, cursor));
    return NULL;
}

static int compare_extents(const void *a, const void *b)
{
    const struct item_extent *x = a, *y = b;
    if (x->offset != y->offset)
        return x->offset < y->offset ? -1 : 1;
    if (x->track != y->track)
        return x->track < y->track ? -1 : 1;
    return y->is_first - x->is_first;
}

/* The table of locations; what is cut off ends it. */
static dits_error *parse_locations(struct parser *parser, struct slice iloc,
                                   uint64_t offset)
{
    struct items *items = &isobmff_state(parser->file)->items;
    struct cursor cursor = cursor_over(iloc.data, iloc.size);
    dits_error *err = take_all(parser, &cursor);
    if (err != NULL && dits_error_code(err) == DITS_E_CORRUPT) {
        media_add_problem(parser->file, offset, "meta/iloc", "is cut off");
        dits_error_free(err); /* damage: told */
        err = NULL;
    }
    if (items->extent_count > 0)
        qsort(items->extents, items->extent_count, sizeof(*items->extents),
              compare_extents);
    return err;
}

static dits_error *load_child(struct window *window, struct box_walk walk,
                              uint32_t type, struct buf *out)
{
    struct box box = {0};
    bool found = false;
    TRY(box_find(walk, type, &box, &found));
    return found ? box_load(window, &box, out) : NULL;
}

static dits_error *find_idat(struct parser *parser, struct box_walk walk)
{
    struct box box = {0};
    bool found = false;
    TRY(box_find(walk, FOURCC('i', 'd', 'a', 't'), &box, &found));
    if (found) {
        parser->idat = box_payload(&box);
        parser->idat_size = box_payload_size(&box);
    }
    return NULL;
}

/* The track of the primary item (8.11.4) comes first. */
static dits_error *find_primary(struct parser *parser, struct slice pitm)
{
    uint32_t track = 0;
    bool found = false;
    bool is_wide = pitm.size > 0 && pitm.data[0] > 0;
    if (pitm.size < (is_wide ? 8u : 6u))
        return NULL;
    uint32_t id = is_wide ? be32_load(pitm.data + 4) : be16_load(pitm.data + 4);
    return item_tracks_find(&parser->tracks, parser->file, &parser->tables, id,
                            &track, &found);
}

static void release_parser(struct parser *parser)
{
    item_tables_release(&parser->tables);
    item_tracks_release(&parser->tracks);
}

dits_error *items_parse(struct media_file *file, struct window *window,
                        const struct box *meta)
{
    CLEANUP(release_parser) struct parser parser = {.file = file};
    CLEANUP(buf_release) struct buf iinf = {0};
    CLEANUP(buf_release) struct buf iprp = {0};
    CLEANUP(buf_release) struct buf iloc = {0};
    CLEANUP(buf_release) struct buf pitm = {0};
    uint32_t skip = 0;
    TRY(box_meta_skip(window, meta, &skip));
    struct box_walk walk = box_children(window, meta, skip);
    TRY(load_child(window, walk, FOURCC('i', 'l', 'o', 'c'), &iloc));
    if (iloc.size == 0 || isobmff_state(file)->items.sample_count > 0)
        return NULL;
    TRY(load_child(window, walk, FOURCC('i', 'i', 'n', 'f'), &iinf));
    TRY(load_child(window, walk, FOURCC('i', 'p', 'r', 'p'), &iprp));
    TRY(load_child(window, walk, FOURCC('p', 'i', 't', 'm'), &pitm));
    TRY(find_idat(&parser, walk));
    TRY(item_tables_read(&parser.tables, buf_slice(&iinf), buf_slice(&iprp)));
    TRY(find_primary(&parser, buf_slice(&pitm)));
    return parse_locations(&parser, buf_slice(&iloc), meta->offset);
}
