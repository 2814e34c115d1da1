#include "media/mpegts/ts_reader.h"

#include <string.h>

#include "base/be.h"

enum { SYNC_BYTE = 0x47 };

static const struct {
    uint32_t stride;
    uint32_t lead;
} layouts[] = {{188, 0}, {192, 4}, {204, 0}};

/* How many of the packets that would start at `at`, … do. */
static size_t count_hits(struct slice head, size_t at, size_t stride,
                         size_t *out_places)
{
    size_t hits = 0;
    size_t places = 0;
    for (; at < head.size; at += stride) {
        places++;
        hits += head.data[at] == SYNC_BYTE;
    }
    *out_places = places;
    return hits;
}

/*
 * Half of the packets have to be there, and more of them where the file does
 * not start with one.
 */
static bool is_credible(size_t hits, size_t places, bool is_at_start)
{
    return hits >= (is_at_start ? 3u : 8u) && 2 * hits >= places;
}

struct ts_grid ts_grid_find(struct slice head)
{
    struct ts_grid best = {0};
    size_t best_hits = 0;
    for (size_t i = 0; i < sizeof(layouts) / sizeof(layouts[0]); i++) {
        uint32_t stride = layouts[i].stride;
        uint32_t lead = layouts[i].lead;
        for (uint32_t at = 0; at < stride; at++) {
            size_t places = 0;
            size_t hits = count_hits(head, at, stride, &places);
            if (hits <= best_hits || !is_credible(hits, places, at == lead))
                continue;
            best_hits = hits;
            /* Cut off within the first packet: begin with the second. */
            uint32_t first = at < lead ? at + stride - lead : at - lead;
            best = (struct ts_grid){first, stride, lead};
        }
    }
    return best;
}

void ts_reader_init(struct ts_reader *reader, struct source *source,
                    struct ts_grid grid)
{
    *reader = (struct ts_reader){
        .window = {.source = source},
        .grid = grid,
        .offset = grid.first,
        .end = source->size,
    };
}

void ts_reader_release(struct ts_reader *reader)
{
    window_release(&reader->window);
}

void ts_reader_seek(struct ts_reader *reader, uint64_t from, uint64_t end)
{
    uint64_t first = reader->grid.first;
    uint64_t stride = reader->grid.stride;
    uint64_t past = from < first ? 0 : (from - first) % stride;
    reader->offset = from < first ? first
                                  : from + (past == 0 ? 0 : stride - past);
    reader->end = end;
}

/*
 * The adaptation field (2.4.3.4); its length with the length byte. A field that
 * runs out of the packet leaves no payload.
 */
static size_t parse_adaptation(struct slice packet, struct ts_packet *out)
{
    size_t length = packet.data[4];
    if (length > TS_PACKET_BYTES - 5u)
        return TS_PACKET_BYTES - 4u;
    if (length == 0)
        return 1;
    uint8_t flags = packet.data[5];
    out->is_discontinuous = flags & 0x80;
    out->is_random_access = flags & 0x40;
    if (flags & 0x10 && length >= 7) {
        const uint8_t *at = packet.data + 6;
        uint64_t base = (uint64_t)be32_load(at) << 1 | at[4] >> 7;
        uint64_t extension = be16_load(at + 4) & 0x1ffu;
        out->has_pcr = true;
        out->pcr = base * 300 + extension;
    }
    return 1 + length;
}

static void parse_packet(struct slice bytes, uint64_t sync_offset,
                         struct ts_packet *out)
{
    const uint8_t *at = bytes.data;
    size_t header = 4;
    out->has_error = at[1] & 0x80;
    out->is_start = at[1] & 0x40;
    out->pid = be16_load(at + 1) & 0x1fffu;
    out->is_scrambled = at[3] & 0x80;
    out->counter = at[3] & 0x0f;
    if (at[3] & 0x20)
        header += parse_adaptation(bytes, out);
    if (!(at[3] & 0x10))
        header = TS_PACKET_BYTES;
    out->payload_offset = sync_offset + header;
    out->payload = slice_of(at + header, TS_PACKET_BYTES - header);
}

/* Whether a packet at `at` is followed by others, as far as one can see. */
static bool is_followed(struct slice bytes, size_t at, size_t stride)
{
    for (unsigned i = 0; i < 3; i++, at += stride)
        if (at < bytes.size && bytes.data[at] != SYNC_BYTE)
            return false;
    return true;
}

/* The first of `bytes` that may be a packet's; their size if there is none. */
static size_t find_sync(struct slice bytes, size_t from, size_t stride)
{
    while (from < bytes.size) {
        const uint8_t *hit =
            memchr(bytes.data + from, SYNC_BYTE, bytes.size - from);
        if (hit == NULL)
            return bytes.size;
        from = (size_t)(hit - bytes.data);
        if (is_followed(bytes, from, stride))
            return from;
        from++;
    }
    return from;
}

/* Move to where packets go on, or to the end. */
static dits_error *resync(struct ts_reader *reader)
{
    const struct ts_grid *grid = &reader->grid;
    size_t seen = 2 * (size_t)grid->stride;
    uint64_t start = reader->offset++;
    bool found = false;
    while (!found && reader->offset < reader->window.source->size) {
        struct slice bytes = {0};
        TRY(window_peek(&reader->window, reader->offset, WINDOW_BYTES, &bytes));
        bool is_last = bytes.size < WINDOW_BYTES;
        size_t limit = is_last ? bytes.size : bytes.size - seen;
        size_t at = find_sync(bytes, grid->lead, grid->stride);
        found = at < limit;
        if (found)
            reader->offset += at - grid->lead;
        else if (is_last)
            reader->offset = reader->window.source->size;
        else
            reader->offset += limit - grid->lead;
    }
    reader->lost += reader->offset - start;
    return NULL;
}

dits_error *ts_reader_next(struct ts_reader *reader, struct ts_packet *out,
                           bool *out_found)
{
    size_t lead = reader->grid.lead;
    size_t need = lead + TS_PACKET_BYTES;
    *out = (struct ts_packet){0};
    *out_found = false;
    while (reader->offset < reader->end) {
        struct slice bytes = {0};
        uint64_t offset = reader->offset;
        TRY(window_peek(&reader->window, offset, need, &bytes));
        if (bytes.size < need) {
            reader->offset = reader->end; /* cut off: nothing of worth */
            return NULL;
        }
        if (bytes.data[lead] != SYNC_BYTE) {
            TRY(resync(reader));
            continue;
        }
        out->offset = offset;
        bytes = slice_of(bytes.data + lead, TS_PACKET_BYTES);
        parse_packet(bytes, offset + lead, out);
        reader->offset = offset + reader->grid.stride;
        *out_found = true;
        return NULL;
    }
    return NULL;
}
