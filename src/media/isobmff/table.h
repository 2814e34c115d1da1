/*
 * media/isobmff/table.h - tables of a file, read as they are needed
 *
 * A table is where its rows lie, no more: a file that claims 2^32 rows costs
 * nothing. Rows are brought into memory a few pages at a time.
 */
#ifndef MEDIA_ISOBMFF_TABLE_H
#define MEDIA_ISOBMFF_TABLE_H

#include "base/buf.h"
#include "base/source.h"

/* Zero is an empty table. All rows lie within the source. */
struct table {
    struct source *source; /* borrowed */
    uint64_t offset;
    uint32_t count;
    uint32_t row_size;
};

/*
 * At most `claimed` rows of `row_size` bytes between `offset` and `end`, which
 * lie in the source.
 */
struct table table_within(struct source *source, uint64_t offset, uint64_t end,
                          uint64_t claimed, uint32_t row_size);

/* Zero with `table` set is good to use. */
struct table_reader {
    const struct table *table; /* borrowed */
    uint32_t first;            /* row that `kept` begins with */
    struct buf kept;
};

void table_reader_release(struct table_reader *reader);

/* Row `index`, which exists: borrowed until the next call. */
MUST_USE dits_error *table_row(struct table_reader *reader, uint32_t index,
                               const uint8_t **out);

#endif
