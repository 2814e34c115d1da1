/*
 * The table of `--stat`: a bar of lines for text, sizes for everything else.
 */
#include <inttypes.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "cli/color.h"
#include "cli/diff_text.h"
#include "cli/format.h"
#include "cli/paths.h"
#include "screen/width.h"

struct row {
    char *name;
    struct dits_content_change change;
    const struct dits_diff_file *file;
};

struct stat_table {
    struct row *rows;
    size_t count;
    size_t name_width;
    size_t number_width;
    size_t bar_width;    /* columns left for the longest bar */
    uint64_t most_lines; /* of all rows */
};

static void stat_table_release(struct stat_table *table)
{
    for (size_t i = 0; i < table->count; i++)
        mem_free(table->rows[i].name);
    mem_free(table->rows);
    *table = (struct stat_table){0};
}

static dits_error *name_row(const struct dits_diff_file *file, char **out)
{
    CLEANUP(buf_release) struct buf name = {0};
    if (file->status == 'R') {
        TRY(path_quote(file->old_path, false, &name));
        TRY(buf_put_text(&name, " => "));
    }
    TRY(path_quote(file->new_path != NULL ? file->new_path : file->old_path,
                   false, &name));
    return buf_take_text(&name, out);
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static size_t digits_of(uint64_t number)
{
    char text[24] = {0};
    int length = snprintf(text, sizeof(text), "%" PRIu64, number);
    return length > 0 ? (size_t)length : 1;
}

static dits_error *fill(dits_diff *diff, size_t columns,
                        struct stat_table *table)
{
    size_t count = dits_diff_count(diff);
    table->rows = mem_new_array(struct row, count);
    if (table->rows == NULL)
        return error_nomem();
    for (size_t i = 0; i < count; i++) {
        struct row *row = &table->rows[i];
        row->file = dits_diff_file_at(diff, i);
        TRY(dits_diff_content(diff, i, &row->change));
        TRY(name_row(row->file, &row->name));
        table->count++;
        size_t width = width_of(row->name);
        if (width > table->name_width)
            table->name_width = width;
        uint64_t lines = row->change.lines_added + row->change.lines_deleted;
        if (row->change.is_text && lines > table->most_lines)
            table->most_lines = lines;
    }
    table->name_width = least(table->name_width, columns * 5 / 8);
    table->number_width = digits_of(table->most_lines);
    size_t used = table->name_width + table->number_width + 5;
    table->bar_width = columns > used + 10 ? columns - used : 10;
    return NULL;
}

/* How many signs stand for `lines`: all of them if there is room. */
static size_t scale(const struct stat_table *table, uint64_t lines)
{
    if (table->most_lines <= table->bar_width || lines == 0)
        return (size_t)lines;
    double share = (double)lines / (double)table->most_lines;
    return 1 + (size_t)(share * (double)(table->bar_width - 1));
}

static void print_sign(const struct cli *cli, char sign, size_t count,
                       FILE *out)
{
    if (count == 0)
        return;
    fputs(color(cli, sign == '+' ? COLOR_GREEN : COLOR_RED), out);
    for (size_t i = 0; i < count; i++)
        fputc(sign, out);
    fputs(color(cli, COLOR_RESET), out);
}

static void print_bar(const struct cli *cli, const struct stat_table *table,
                      const struct row *row, FILE *out)
{
    uint64_t lines = row->change.lines_added + row->change.lines_deleted;
    fprintf(out, "%*" PRIu64 "%s", (int)table->number_width, lines,
            lines > 0 ? " " : "");
    size_t whole = scale(table, lines);
    size_t deleted = scale(table, row->change.lines_deleted);
    if (deleted > whole)
        deleted = whole;
    if (lines > 0 && row->change.lines_added > 0 && deleted == whole &&
        whole > 1)
        deleted--;
    size_t added = row->change.lines_added > 0 ? whole - deleted : 0;
    print_sign(cli, '+', added, out);
    print_sign(cli, '-', deleted, out);
}

static void print_sizes(const struct row *row, FILE *out)
{
    char before[FORMAT_SIZE] = {0};
    char after[FORMAT_SIZE] = {0};
    char stored[FORMAT_SIZE] = {0};
    const struct dits_diff_file *file = row->file;
    format_size(file->old_size, before);
    format_size(file->new_size, after);
    if (file->new_path == NULL)
        fprintf(out, "Bin %s -> gone", before);
    else if (file->old_path == NULL)
        fprintf(out, "Bin new, %s", after);
    else if (!row->change.has_chunks)
        fprintf(out, "Bin %s -> %s", before, after);
    else if (row->change.new_bytes == 0 && file->old_size == file->new_size)
        fprintf(out, "Bin %s, nothing new", after);
    else
        fprintf(out, "Bin %s -> %s, %s new", before, after,
                format_size(row->change.new_bytes, stored));
}

static dits_error *print_row(const struct cli *cli,
                             const struct stat_table *table,
                             const struct row *row, FILE *out)
{
    CLEANUP(buf_release) struct buf name = {0};
    TRY(width_cut_front(row->name, table->name_width, &name));
    size_t padding = table->name_width - width_of(buf_text(&name));
    fprintf(out, " %s%*s | ", buf_text(&name), (int)padding, "");
    if (row->change.is_text)
        print_bar(cli, table, row, out);
    else
        print_sizes(row, out);
    fputc('\n', out);
    return NULL;
}

static void print_total(const struct stat_table *table, FILE *out)
{
    char bytes[FORMAT_SIZE] = {0};
    uint64_t added = 0;
    uint64_t deleted = 0;
    uint64_t stored = 0;
    for (size_t i = 0; i < table->count; i++) {
        const struct dits_content_change *change = &table->rows[i].change;
        added += change->is_text ? change->lines_added : 0;
        deleted += change->is_text ? change->lines_deleted : 0;
        stored += change->is_text ? 0 : change->new_bytes;
    }
    fprintf(out, " %zu file%s changed", table->count, plural(table->count));
    if (added > 0)
        fprintf(out, ", %" PRIu64 " insertion%s(+)", added, plural(added));
    if (deleted > 0)
        fprintf(out, ", %" PRIu64 " deletion%s(-)", deleted, plural(deleted));
    if (stored > 0)
        fprintf(out, ", %s new", format_size(stored, bytes));
    fputc('\n', out);
}

dits_error *diff_stat_print(const struct cli *cli, dits_diff *diff,
                            size_t columns, FILE *out)
{
    CLEANUP(stat_table_release) struct stat_table table = {0};
    if (dits_diff_count(diff) == 0)
        return NULL;
    TRY(fill(diff, columns, &table));
    for (size_t i = 0; i < table.count; i++)
        TRY(print_row(cli, &table, &table.rows[i], out));
    print_total(&table, out);
    return NULL;
}
