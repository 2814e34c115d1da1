#include "media/isobmff/chunks.h"

#include "base/be.h"

void chunk_cursor_open(struct chunk_cursor *cursor,
                       const struct sample_table *table)
{
    *cursor = (struct chunk_cursor){
        .table = table,
        .runs = {.table = &table->chunk_runs},
        .offsets = {.table = &table->chunks},
    };
}

void chunk_cursor_release(struct chunk_cursor *cursor)
{
    table_reader_release(&cursor->runs);
    table_reader_release(&cursor->offsets);
}

/* The chunk, from 0, where row `run` begins to hold; no row: after the last. */
static dits_error *start_of_run(struct chunk_cursor *cursor, uint32_t run,
                                uint32_t *out)
{
    const uint8_t *row = NULL;
    *out = UINT32_MAX;
    if (run >= cursor->table->chunk_runs.count)
        return NULL;
    TRY(table_row(&cursor->runs, run, &row));
    uint32_t first = be32_load(row);
    *out = first == 0 ? 0 : first - 1;
    return NULL;
}

static uint32_t description_index(uint32_t from_one)
{
    return from_one == 0 ? 0 : from_one - 1;
}

/*
 * Rows that begin where a later one does, or behind it, hold for no chunk. The
 * first row holds from the first chunk on, whatever it says.
 */
static dits_error *find_run(struct chunk_cursor *cursor)
{
    const struct sample_table *table = cursor->table;
    const uint8_t *row = NULL;
    while (cursor->chunk >= cursor->run_end &&
           cursor->run < table->chunk_runs.count) {
        TRY(table_row(&cursor->runs, cursor->run, &row));
        cursor->in_chunk = be32_load(row + 4) / table->frames_per_sample;
        cursor->description = description_index(be32_load(row + 8));
        cursor->run++;
        TRY(start_of_run(cursor, cursor->run, &cursor->run_end));
    }
    return NULL;
}

static dits_error *offset_of(struct chunk_cursor *cursor, uint64_t *out)
{
    const uint8_t *row = NULL;
    TRY(table_row(&cursor->offsets, cursor->chunk, &row));
    *out = cursor->table->chunks.row_size == 8 ? be64_load(row)
                                               : be32_load(row);
    return NULL;
}

dits_error *chunk_cursor_next(struct chunk_cursor *cursor, struct chunk *out,
                              bool *out_found)
{
    const struct sample_table *table = cursor->table;
    *out_found = cursor->chunk < table->chunks.count &&
                 cursor->sample < table->sample_count;
    if (!*out_found)
        return NULL;
    TRY(find_run(cursor));
    uint64_t left = table->sample_count - cursor->sample;
    *out = (struct chunk){
        .first = cursor->sample,
        .count = cursor->in_chunk < left ? cursor->in_chunk : (uint32_t)left,
        .description = cursor->description,
    };
    TRY(offset_of(cursor, &out->offset));
    cursor->sample += out->count;
    cursor->chunk++;
    return NULL;
}

static dits_error *count_samples(struct chunk_cursor *cursor, uint64_t *out)
{
    uint32_t chunks = cursor->table->chunks.count;
    *out = 0;
    if (cursor->table->chunk_runs.count == 0)
        return NULL;
    while (cursor->chunk < chunks) {
        TRY(find_run(cursor));
        uint32_t end = cursor->run_end < chunks ? cursor->run_end : chunks;
        uint64_t more = (uint64_t)(end - cursor->chunk) * cursor->in_chunk;
        if (__builtin_add_overflow(*out, more, out))
            *out = UINT64_MAX;
        cursor->chunk = end;
    }
    return NULL;
}

dits_error *chunks_count_samples(const struct sample_table *table,
                                 uint64_t *out)
{
    CLEANUP(chunk_cursor_release) struct chunk_cursor cursor = {0};
    chunk_cursor_open(&cursor, table);
    return count_samples(&cursor, out);
}
