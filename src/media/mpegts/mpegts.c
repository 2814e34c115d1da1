#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "media/formats.h"
#include "media/limits.h"
#include "media/mpegts/ts_scan.h"
#include "media/mpegts/ts_state.h"
#include "media/mpegts/ts_tables.h"
#include "media/mpegts/ts_tree.h"
#include "media/mpegts/ts_walk.h"

/* As much of the file as packets are recognised by. */
enum { HEAD_BYTES = 4096 };

static bool probe(struct slice head, uint64_t file_size)
{
    (void)file_size;
    return ts_grid_find(head).stride != 0;
}

static dits_error *find_grid(struct media_file *file, struct ts_grid *out)
{
    struct source *source = file->source;
    uint8_t head[HEAD_BYTES];
    size_t size = source->size < sizeof(head) ? (size_t)source->size
                                              : sizeof(head);
    if (size > 0)
        TRY(source->read_at(source, 0, size, head));
    *out = ts_grid_find(slice_of(head, size));
    if (out->stride == 0)
        return error_new(DITS_E_UNSUPPORTED, "no packets of MPEG-TS");
    return NULL;
}

static bool misses_maps(const struct ts_state *state)
{
    for (size_t i = 0; i < state->program_count; i++)
        if (!state->programs[i].is_mapped)
            return true;
    return false;
}

/*
 * Maps may come before the table that says where they are: look again. Tables
 * whose checksum is wrong are better than none.
 */
static dits_error *find_tracks(struct media_file *file, uint64_t head,
                               uint64_t tail)
{
    uint64_t size = file->source->size;
    TRY(ts_tables_read(file, 0, head, false));
    if (tail < size)
        TRY(ts_tables_read(file, tail, size, false));
    if (misses_maps(file->state))
        TRY(ts_tables_read(file, 0, head, false));
    if (file->track_count == 0)
        TRY(ts_tables_read(file, 0, head, true));
    if (file->track_count > 0)
        return NULL;
    TRY(ts_scan_guess_tracks(file, head));
    const struct ts_state *state = file->state;
    if (file->track_count == 0 && state->program_count == 0)
        return error_new(DITS_E_UNSUPPORTED, "no streams of MPEG-TS");
    media_add_problem(file, 0, "program map", "none was found");
    return NULL;
}

static dits_error *name_container(struct media_file *file)
{
    const struct ts_state *state = file->state;
    const char *name = state->grid.lead > 0 ? "m2ts" : "mpegts";
    (void)snprintf(file->container, sizeof(file->container), "%s", name);
    return facts_add_integer(&file->facts, "mpegts.packet_size",
                             state->grid.stride);
}

/*
 * The first and the last megabytes tell: tables are repeated several times a
 * second. What is between is read only by walks.
 */
static dits_error *open_file(struct media_file *file)
{
    uint64_t size = file->source->size;
    bool is_small = size <= (uint64_t)LIMIT_TS_HEAD + LIMIT_TS_TAIL;
    uint64_t head = is_small ? size : LIMIT_TS_HEAD;
    uint64_t tail = is_small ? size : size - LIMIT_TS_TAIL;
    struct ts_grid grid = {0};
    TRY(find_grid(file, &grid));
    struct ts_state *state = mem_new(struct ts_state);
    if (state == NULL)
        return error_nomem();
    file->state = state;
    state->grid = grid;
    TRY(find_tracks(file, head, tail));
    TRY(name_container(file));
    TRY(ts_tables_add_facts(file));
    return ts_scan_times(file, head, tail);
}

static void close_file(struct media_file *file)
{
    ts_state_free(file->state);
}

const struct media_format media_format_mpegts = {
    .name = "mpeg-ts",
    .probe = probe,
    .open = open_file,
    .close = close_file,
    .spans = ts_walk_spans,
    .next_span = ts_walk_next_span,
    .samples = ts_walk_samples,
    .next_sample = ts_walk_next_sample,
    .end_walk = ts_walk_end,
    .tree = ts_tree_walk,
};
