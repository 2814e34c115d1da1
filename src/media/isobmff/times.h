/*
 * media/isobmff/times.h - when samples are decoded and shown
 *
 * ISO/IEC 14496-12, 8.6.1.2 (stts) and 8.6.1.3 (ctts), run by run.
 */
#ifndef MEDIA_ISOBMFF_TIMES_H
#define MEDIA_ISOBMFF_TIMES_H

#include "media/isobmff/sample_table.h"

/* The fields are for times.c alone. */
struct run_cursor {
    struct table_reader rows;
    uint32_t row;  /* the next one */
    uint32_t left; /* samples for which the current one still holds */
    int32_t value;
};

struct time_cursor {
    const struct sample_table *table;
    struct run_cursor durations;
    struct run_cursor shifts;
    int64_t dts; /* of the next sample */
};

void time_cursor_open(struct time_cursor *cursor,
                      const struct sample_table *table);
void time_cursor_release(struct time_cursor *cursor);

/* dts, pts and duration of the next sample, of which there is no end. */
MUST_USE dits_error *time_cursor_next(struct time_cursor *cursor,
                                      struct media_sample *out);

/*
 * How long all samples of the table last together; -1 where it has none, or
 * more runs than it is worth to add up.
 */
MUST_USE dits_error *time_total(const struct sample_table *table, int64_t *out);

/* Sum and product, at the limits of the type where they do not fit. */
int64_t time_add(int64_t a, int64_t b);
int64_t time_times(uint32_t duration, uint32_t count);

#endif
