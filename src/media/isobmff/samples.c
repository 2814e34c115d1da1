#include "base/mem.h"
#include "media/isobmff/chunks.h"
#include "media/isobmff/state.h"
#include "media/isobmff/sync.h"
#include "media/isobmff/times.h"
#include "media/isobmff/walk.h"

/*
 * A track's samples: first those of the tables, then those of fragments, or
 * the items that it stands for. No file has two of these, but nothing would
 * keep it.
 */
struct sample_walk {
    struct media_file *file;
    uint32_t track;
    uint64_t number; /* of the next sample */

    struct chunk_cursor chunks;
    struct chunk chunk; /* the current one */
    uint32_t left;      /* samples of it, or of the run */
    uint64_t offset;    /* of the next one */
    struct size_cursor sizes;
    struct time_cursor times;
    struct sync_cursor sync;

    size_t next_run; /* index */
    struct run_cursor_rows rows;
    int64_t dts;
    uint32_t description;

    size_t item; /* index */
};

void samples_close(struct sample_walk *walk)
{
    if (walk == NULL)
        return;
    chunk_cursor_release(&walk->chunks);
    size_cursor_release(&walk->sizes);
    time_cursor_release(&walk->times);
    sync_cursor_release(&walk->sync);
    run_rows_release(&walk->rows);
    mem_free(walk);
}

dits_error *samples_open(struct media_file *file, uint32_t track,
                         struct sample_walk **out)
{
    const struct sample_table *table =
        &isobmff_state(file)->tracks[track].samples;
    struct sample_walk *walk = mem_new(struct sample_walk);
    if (walk == NULL)
        return error_nomem();
    walk->file = file;
    walk->track = track;
    chunk_cursor_open(&walk->chunks, table);
    size_cursor_open(&walk->sizes, table);
    time_cursor_open(&walk->times, table);
    sync_cursor_open(&walk->sync, table);
    *out = walk;
    return NULL;
}

/* Positions in hostile files have no end; what is past it has no place. */
static void advance(struct sample_walk *walk, uint32_t size)
{
    if (__builtin_add_overflow(walk->offset, (uint64_t)size, &walk->offset))
        walk->offset = UINT64_MAX;
    walk->left--;
    walk->number++;
}

static dits_error *next_of_table(struct sample_walk *walk,
                                 struct media_sample *out, bool *out_found)
{
    *out_found = true;
    while (*out_found && walk->left == 0) {
        TRY(chunk_cursor_next(&walk->chunks, &walk->chunk, out_found));
        walk->left = *out_found ? walk->chunk.count : 0;
        walk->offset = walk->chunk.offset;
    }
    if (!*out_found)
        return NULL;
    out->number = walk->number;
    out->offset = walk->offset;
    out->description = walk->chunk.description;
    TRY(size_cursor_at(&walk->sizes, walk->number, &out->size));
    TRY(sync_cursor_at(&walk->sync, walk->number, &out->sync));
    TRY(time_cursor_next(&walk->times, out));
    advance(walk, out->size);
    return NULL;
}

/* Enter the next run of the track. */
static void find_run(struct sample_walk *walk)
{
    const struct fragments *fragments = &isobmff_state(walk->file)->fragments;
    while (walk->left == 0 && walk->next_run < fragments->run_count) {
        const struct run *run = &fragments->runs[walk->next_run++];
        const struct fragment_part *part = &fragments->parts[run->part];
        if (part->track != walk->track)
            continue;
        run_rows_release(&walk->rows);
        run_rows_open(&walk->rows, walk->file, run);
        walk->left = run->count;
        walk->offset = run->offset;
        walk->dts = run->dts;
        walk->description = part->defaults.description == 0
                                ? 0
                                : part->defaults.description - 1;
    }
}

static dits_error *next_of_runs(struct sample_walk *walk,
                                struct media_sample *out, bool *out_found)
{
    struct run_sample row = {0};
    find_run(walk);
    *out_found = walk->left > 0;
    if (!*out_found)
        return NULL;
    TRY(run_rows_next(&walk->rows, &row));
    *out = (struct media_sample){
        .number = walk->number,
        .offset = walk->offset,
        .size = row.size,
        .sync = row.sync,
        .dts = walk->dts,
        .pts = time_add(walk->dts, row.shift),
        .duration = row.duration,
        .description = walk->description,
    };
    walk->dts = time_add(walk->dts, row.duration);
    advance(walk, row.size);
    return NULL;
}

static void next_item(struct sample_walk *walk, struct media_sample *out,
                      bool *out_found)
{
    const struct items *items = &isobmff_state(walk->file)->items;
    while (walk->item < items->sample_count &&
           items->samples[walk->item].track != walk->track)
        walk->item++;
    *out_found = walk->item < items->sample_count;
    if (!*out_found)
        return;
    const struct item_sample *item = &items->samples[walk->item++];
    *out = (struct media_sample){
        .number = walk->number++,
        .offset = item->offset,
        .size = item->size < UINT32_MAX ? (uint32_t)item->size : UINT32_MAX,
        .sync = MEDIA_SYNC_YES,
        .duration = -1,
    };
}

dits_error *samples_next(struct sample_walk *walk, struct media_sample *out,
                         bool *out_found)
{
    *out_found = false;
    *out = (struct media_sample){0};
    if (walk->next_run == 0)
        TRY(next_of_table(walk, out, out_found));
    if (!*out_found)
        TRY(next_of_runs(walk, out, out_found));
    if (!*out_found)
        next_item(walk, out, out_found);
    return NULL;
}
