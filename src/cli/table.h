/*
 * cli/table.h - columns that line up
 *
 *     CLEANUP(table_release) struct table table = {.columns = "lr"};
 *     TRY(table_add(&table, "%s\t%u", name, count));
 *     table_print(&table, out);
 *
 * `columns` has a letter for each: 'l' aligned left, 'r' right. A row is one
 * text with its cells parted by tabs. Nothing is padded at the end of a row.
 */
#ifndef CLI_TABLE_H
#define CLI_TABLE_H

#include <stddef.h>
#include <stdio.h>

#include "base/buf.h"

enum { TABLE_COLUMNS = 8 };

struct table {
    const char *columns; /* at most TABLE_COLUMNS */
    const char *indent;  /* before each row; NULL: none */
    const char *gap;     /* between columns; NULL: two spaces */
    size_t wrap; /* the last column's words go on below; 0: they don't */
    struct buf rows;
    size_t widths[TABLE_COLUMNS];
};

MUST_USE dits_error *table_add(struct table *table, const char *fmt, ...)
    PRINTF_LIKE(2, 3);
void table_print(const struct table *table, FILE *out);
void table_release(struct table *table);

#endif
