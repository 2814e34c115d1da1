#include "media/isobmff/times.h"

#include "base/be.h"
#include "media/limits.h"

void time_cursor_open(struct time_cursor *cursor,
                      const struct sample_table *table)
{
    *cursor = (struct time_cursor){
        .table = table,
        .durations = {.rows = {.table = &table->durations}},
        .shifts = {.rows = {.table = &table->shifts}},
    };
}

void time_cursor_release(struct time_cursor *cursor)
{
    table_reader_release(&cursor->durations.rows);
    table_reader_release(&cursor->shifts.rows);
}

int64_t time_add(int64_t a, int64_t b)
{
    int64_t sum = 0;
    if (__builtin_add_overflow(a, b, &sum))
        return b < 0 ? INT64_MIN : INT64_MAX;
    return sum;
}

int64_t time_times(uint32_t duration, uint32_t count)
{
    uint64_t product = (uint64_t)duration * count;
    return product < INT64_MAX ? (int64_t)product : INT64_MAX;
}

/* Make the run that holds for the next sample the current one, if one does. */
static dits_error *enter(struct run_cursor *cursor)
{
    const uint8_t *row = NULL;
    while (cursor->left == 0 && cursor->row < cursor->rows.table->count) {
        TRY(table_row(&cursor->rows, cursor->row, &row));
        cursor->left = be32_load(row);
        /* Version 0 of ctts is unsigned by the text, but not in files. */
        cursor->value = (int32_t)be32_load(row + 4);
        cursor->row++;
    }
    return NULL;
}

/*
 * The time that `frames` take, which may be of several runs. The last run goes
 * on where the table is short.
 */
static dits_error *pass(struct run_cursor *cursor, uint32_t frames,
                        int64_t *out)
{
    *out = 0;
    while (frames > 0) {
        TRY(enter(cursor));
        uint32_t step =
            cursor->left == 0 || frames < cursor->left ? frames : cursor->left;
        *out = time_add(*out, (int64_t)step * cursor->value);
        cursor->left -= cursor->left == 0 ? 0 : step;
        frames -= step;
    }
    return NULL;
}

dits_error *time_cursor_next(struct time_cursor *cursor,
                             struct media_sample *out)
{
    struct run_cursor *shifts = &cursor->shifts;
    int64_t passed = 0;
    TRY(pass(&cursor->durations, cursor->table->frames_per_sample, &passed));
    TRY(enter(shifts));
    out->dts = cursor->dts;
    out->pts = time_add(cursor->dts, shifts->left > 0 ? shifts->value : 0);
    out->duration = passed;
    shifts->left -= shifts->left > 0;
    cursor->dts = time_add(cursor->dts, passed);
    return NULL;
}

/* As many samples of the run as there still are; a huge one is a step back. */
static int64_t run_length(const uint8_t *row, uint64_t *left)
{
    uint32_t count = be32_load(row);
    uint32_t duration = be32_load(row + 4);
    count = count < *left ? count : (uint32_t)*left;
    *left -= count;
    return duration > INT32_MAX ? 0 : time_times(duration, count);
}

dits_error *time_total(const struct sample_table *table, int64_t *out)
{
    CLEANUP(table_reader_release)
    struct table_reader rows = {.table = &table->durations};
    uint64_t left = 0;
    int64_t total = 0;
    *out = -1;
    if (table->durations.count == 0 ||
        table->durations.count > LIMIT_TOTALLED ||
        __builtin_mul_overflow(table->sample_count, table->frames_per_sample,
                               &left))
        return NULL;
    for (uint32_t i = 0; i < table->durations.count; i++) {
        const uint8_t *row = NULL;
        TRY(table_row(&rows, i, &row));
        total = time_add(total, run_length(row, &left));
    }
    *out = total;
    return NULL;
}
