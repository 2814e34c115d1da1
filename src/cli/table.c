#include "cli/table.h"

#include <stdarg.h>
#include <string.h>

#include "screen/width.h"

/* Rows are kept one after another, each cell ending in NUL. */
dits_error *table_add(struct table *table, const char *fmt, ...)
{
    CLEANUP(buf_release) struct buf row = {0};
    va_list args;
    va_start(args, fmt);
    dits_error *err = buf_vprintf(&row, fmt, args);
    va_end(args);
    TRY(err);

    char *cell = (char *)row.data;
    for (size_t i = 0; table->columns[i] != '\0'; i++) {
        char *tab = cell + strcspn(cell, "\t");
        bool is_last = *tab == '\0';
        *tab = '\0';
        size_t width = width_of(cell);
        if (width > table->widths[i])
            table->widths[i] = width;
        TRY(buf_put(&table->rows, cell, strlen(cell) + 1));
        cell = is_last ? tab : tab + 1;
    }
    return NULL;
}

static void print_cell(const struct table *table, size_t column,
                       const char *cell, bool is_last, FILE *out)
{
    int padding = (int)(table->widths[column] - width_of(cell));
    if (table->columns[column] == 'r')
        fprintf(out, "%*s%s", padding, "", cell);
    else
        fprintf(out, "%s%*s", cell, is_last ? 0 : padding, "");
    if (!is_last)
        fputs(table->gap != NULL ? table->gap : "  ", out);
}

/* Where the last column begins. */
static size_t last_offset(const struct table *table)
{
    size_t gap = strlen(table->gap != NULL ? table->gap : "  ");
    size_t offset = table->indent != NULL ? strlen(table->indent) : 0;
    for (size_t i = 0; table->columns[i + 1] != '\0'; i++)
        offset += table->widths[i] + gap;
    return offset;
}

/* At least one word in each line, even where it does not fit. */
static void print_wrapped(const struct table *table, const char *text,
                          FILE *out)
{
    size_t offset = last_offset(table);
    size_t column = offset;
    while (*text != '\0') {
        size_t length = strcspn(text, " ");
        bool is_first = column == offset;
        if (!is_first && column + 1 + length > table->wrap) {
            fprintf(out, "\n%*s", (int)offset, "");
            column = offset;
            is_first = true;
        }
        fprintf(out, "%s%.*s", is_first ? "" : " ", (int)length, text);
        column += length + !is_first;
        text += length;
        text += strspn(text, " ");
    }
}

/* How many cells there are up to the last one with something in it. */
static size_t count_cells(const struct table *table, const char *cell)
{
    size_t count = 0;
    for (size_t i = 0; table->columns[i] != '\0'; i++) {
        if (*cell != '\0')
            count = i + 1;
        cell += strlen(cell) + 1;
    }
    return count;
}

void table_print(const struct table *table, FILE *out)
{
    const char *cell = buf_text(&table->rows);
    const char *end = cell + table->rows.size;
    while (cell < end) {
        size_t count = count_cells(table, cell);
        fputs(table->indent != NULL ? table->indent : "", out);
        for (size_t i = 0; table->columns[i] != '\0'; i++) {
            bool is_last = table->columns[i + 1] == '\0';
            if (is_last && table->wrap > 0)
                print_wrapped(table, cell, out);
            else if (i < count)
                print_cell(table, i, cell, i + 1 == count, out);
            cell += strlen(cell) + 1;
        }
        fputc('\n', out);
    }
}

void table_release(struct table *table)
{
    buf_release(&table->rows);
    *table = (struct table){0};
}
