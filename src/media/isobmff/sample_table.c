#include "media/isobmff/sample_table.h"

#include <inttypes.h>
#include <stddef.h>

#include "base/be.h"
#include "media/isobmff/chunks.h"

/* FullBox and a count, or FullBox and two words. */
enum { FULL_BOX = 4, COUNT_END = 8, SIZES_START = 12 };

struct layout {
    uint32_t type;
    uint32_t row_size;
    size_t member;
};

static const struct layout layouts[] = {
    {FOURCC('s', 't', 't', 's'), 8, offsetof(struct sample_table, durations)},
    {FOURCC('c', 't', 't', 's'), 8, offsetof(struct sample_table, shifts)},
    {FOURCC('s', 't', 's', 's'), 4, offsetof(struct sample_table, sync)},
    {FOURCC('s', 't', 'p', 's'), 4, offsetof(struct sample_table, partial)},
    {FOURCC('s', 't', 's', 'c'), 12, offsetof(struct sample_table, chunk_runs)},
    {FOURCC('s', 't', 'c', 'o'), 4, offsetof(struct sample_table, chunks)},
    {FOURCC('c', 'o', '6', '4'), 8, offsetof(struct sample_table, chunks)},
};

/* Where what a table box says goes. */
struct target {
    struct media_file *file;
    struct sample_table *table;
    const struct box *box;
    struct source *source;
    const char *where;
};

/* A table that comes twice is taken once: the first is what others read. */
static void set_table(const struct target *target, struct table *table,
                      struct table found, uint64_t claimed)
{
    if (table->source != NULL)
        media_add_problem(target->file, target->box->offset, target->where,
                          "comes a second time");
    else
        *table = found;
    if (claimed > found.count)
        media_add_problem(target->file, target->box->offset, target->where,
                          "has %" PRIu32 " of %" PRIu64 " rows", found.count,
                          claimed);
}

static void add_plain(const struct target *target, const struct layout *layout,
                      struct slice head)
{
    void *member = (char *)target->table + layout->member;
    uint64_t claimed = be32_load(head.data + FULL_BOX);
    set_table(target, member,
              table_within(target->source, box_payload(target->box) + COUNT_END,
                           box_end(target->box), claimed, layout->row_size),
              claimed);
}

/* stsz and stz2 (8.7.3). Half bytes go in pairs. */
static void add_sizes(const struct target *target, struct slice head)
{
    struct sample_table *table = target->table;
    bool is_compact = target->box->type == FOURCC('s', 't', 'z', '2');
    uint32_t claimed = be32_load(head.data + 8);
    uint32_t constant = is_compact ? 0 : be32_load(head.data + FULL_BOX);
    uint8_t bits = is_compact ? head.data[7] : 32;
    if (table->size_bits != 0 ||
        (bits != 4 && bits != 8 && bits != 16 && bits != 32)) {
        media_add_problem(target->file, target->box->offset, target->where,
                          "is not the first, or has sizes of %u bits", bits);
        return;
    }
    table->size_bits = bits;
    table->constant_size = constant;
    table->claimed_samples = claimed;
    if (constant != 0)
        return;
    uint64_t rows = bits == 4 ? ((uint64_t)claimed + 1) / 2 : claimed;
    set_table(
        target, &table->sizes,
        table_within(target->source, box_payload(target->box) + SIZES_START,
                     box_end(target->box), rows, bits < 8 ? 1 : bits / 8u),
        rows);
}

/* Sample groups (8.9.2): of interest are those of random access (10.4). */
static void add_groups(const struct target *target, struct slice head)
{
    size_t at = head.data[0] == 0 ? 8 : 12;
    if (be32_load(head.data + FULL_BOX) != FOURCC('r', 'a', 'p', ' ') ||
        head.size < at + 4)
        return;
    uint64_t claimed = be32_load(head.data + at);
    set_table(target, &target->table->groups,
              table_within(target->source, box_payload(target->box) + at + 4,
                           box_end(target->box), claimed, 8),
              claimed);
}

static void add(const struct target *target, struct slice head)
{
    uint32_t type = target->box->type;
    for (size_t i = 0; i < sizeof(layouts) / sizeof(layouts[0]); i++)
        if (layouts[i].type == type && head.size >= COUNT_END)
            add_plain(target, &layouts[i], head);
    if (type == FOURCC('s', 't', 's', 's'))
        target->table->has_sync = true;
    if (head.size < SIZES_START)
        return;
    if (type == FOURCC('s', 't', 's', 'z') ||
        type == FOURCC('s', 't', 'z', '2'))
        add_sizes(target, head);
    if (type == FOURCC('s', 'b', 'g', 'p'))
        add_groups(target, head);
}

dits_error *sample_table_add(struct media_file *file,
                             struct sample_table *table, struct window *window,
                             const struct box *box, const char *where)
{
    struct slice head = {0};
    uint64_t size = box_payload_size(box);
    struct target target = {file, table, box, window->source, where};
    TRY(window_peek(window, box_payload(box), size < 16 ? (size_t)size : 16,
                    &head));
    add(&target, head);
    return NULL;
}

static uint64_t least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* What 'stsz' can vouch for. */
static uint64_t sized_samples(const struct sample_table *table)
{
    if (table->sample_bytes != 0)
        return table->claimed_samples;
    uint64_t rows = table->sizes.count;
    return least(table->claimed_samples,
                 table->size_bits == 4 ? 2 * rows : rows);
}

/*
 * Samples of a constant size need no bytes in the table, so the file has to
 * vouch for their number.
 */
static void bound_by_file(struct media_file *file, struct sample_table *table,
                          const char *where)
{
    uint64_t room = file->source->size / table->sample_bytes + 1;
    if (table->sample_count <= room)
        return;
    media_add_problem(file, 0, where,
                      "claims %" PRIu64 " samples of %" PRIu32 " bytes",
                      table->sample_count, table->sample_bytes);
    table->sample_count = room;
}

dits_error *sample_table_finish(struct media_file *file,
                                struct sample_table *table,
                                struct packing packing, const char *where)
{
    bool is_packed = table->constant_size != 0 && packing.frames != 0 &&
                     packing.bytes != 0;
    table->frames_per_sample = is_packed ? packing.frames : 1;
    table->sample_bytes = is_packed ? packing.bytes : table->constant_size;
    TRY(chunks_count_samples(table, &table->sample_count));
    if (table->frames_per_sample == 1)
        table->sample_count = least(table->sample_count, sized_samples(table));
    if (table->sample_bytes != 0)
        bound_by_file(file, table, where);
    return NULL;
}

bool sample_table_is_all_sync(const struct sample_table *table)
{
    return !table->has_sync;
}

void size_cursor_open(struct size_cursor *cursor,
                      const struct sample_table *table)
{
    *cursor = (struct size_cursor){
        .table = table,
        .rows = {.table = &table->sizes},
    };
}

void size_cursor_release(struct size_cursor *cursor)
{
    table_reader_release(&cursor->rows);
}

dits_error *size_cursor_at(struct size_cursor *cursor, uint64_t number,
                           uint32_t *out)
{
    const struct sample_table *table = cursor->table;
    const uint8_t *row = NULL;
    *out = table->sample_bytes;
    if (table->sample_bytes != 0)
        return NULL;
    uint64_t index = table->size_bits == 4 ? number / 2 : number;
    TRY(table_row(&cursor->rows, (uint32_t)index, &row));
    if (table->size_bits == 4)
        *out = number % 2 == 0 ? row[0] >> 4 : row[0] & 15u;
    else if (table->size_bits == 8)
        *out = row[0];
    else
        *out = table->size_bits == 16 ? be16_load(row) : be32_load(row);
    return NULL;
}
