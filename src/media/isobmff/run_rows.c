#include "base/be.h"
#include "media/isobmff/state.h"

/* Flags of trun (8.8.8): what rows have. */
enum {
    TRUN_DURATION = 0x100,
    TRUN_SIZE = 0x200,
    TRUN_FLAGS = 0x400,
    TRUN_SHIFT = 0x800,
};

uint32_t run_row_size(uint32_t flags)
{
    uint32_t words = 0;
    for (uint32_t bit = TRUN_DURATION; bit <= TRUN_SHIFT; bit <<= 1)
        words += (flags & bit) != 0;
    return 4 * words;
}

void run_rows_open(struct run_cursor_rows *cursor,
                   const struct media_file *file, const struct run *run)
{
    const struct fragments *fragments = &isobmff_state(file)->fragments;
    const struct fragment_part *part = &fragments->parts[run->part];
    *cursor = (struct run_cursor_rows){
        .part = part,
        .run = run,
        .all_sync = file->tracks[part->track].kind == MEDIA_AUDIO,
        .table = {.source = file->source,
                  .offset = run->rows,
                  .count = run->count,
                  .row_size = run_row_size(run->flags)},
    };
}

void run_rows_release(struct run_cursor_rows *cursor)
{
    table_reader_release(&cursor->rows);
}

static uint32_t take(const uint8_t **row)
{
    uint32_t word = be32_load(*row);
    *row += 4;
    return word;
}

/* Version 0 of shifts is unsigned by the text, but not in files. */
uint32_t run_parse_row(uint32_t flags, const uint8_t *row, uint32_t otherwise,
                       struct run_sample *out)
{
    uint32_t sample_flags = otherwise;
    if ((flags & TRUN_DURATION) != 0)
        out->duration = take(&row);
    if ((flags & TRUN_SIZE) != 0)
        out->size = take(&row);
    if ((flags & TRUN_FLAGS) != 0)
        sample_flags = take(&row);
    if ((flags & TRUN_SHIFT) != 0)
        out->shift = (int32_t)take(&row);
    return sample_flags;
}

static enum media_sync sync_of(uint32_t flags)
{
    return fragment_flags_are_sync(flags) ? MEDIA_SYNC_YES : MEDIA_SYNC_NO;
}

dits_error *run_rows_next(struct run_cursor_rows *cursor,
                          struct run_sample *out)
{
    const struct fragment_part *part = cursor->part;
    const struct run *run = cursor->run;
    const uint8_t *row = NULL;
    uint32_t flags = part->defaults.flags;
    *out = (struct run_sample){.size = part->defaults.size,
                               .duration = part->defaults.duration};
    cursor->rows.table = &cursor->table;
    if (cursor->table.row_size > 0) {
        TRY(table_row(&cursor->rows, cursor->next, &row));
        flags = run_parse_row(run->flags, row, flags, out);
    }
    if (cursor->next == 0 && (run->flags & TRUN_FIRST_FLAGS) != 0)
        flags = run->first_flags;
    out->sync = cursor->all_sync ? MEDIA_SYNC_YES : sync_of(flags);
    cursor->next++;
    return NULL;
}

uint32_t run_rows_constant_size(const struct run_cursor_rows *cursor)
{
    const uint32_t varying = TRUN_SIZE | TRUN_FLAGS | TRUN_FIRST_FLAGS;
    bool is_sync = cursor->all_sync ||
                   sync_of(cursor->part->defaults.flags) == MEDIA_SYNC_YES;
    uint32_t relevant = cursor->all_sync ? (uint32_t)TRUN_SIZE : varying;
    if (!is_sync || (cursor->run->flags & relevant) != 0)
        return 0;
    return cursor->part->defaults.size;
}
