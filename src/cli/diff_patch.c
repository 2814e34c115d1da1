/*
 * One file's difference in full: a patch for text, in the form that git and
 * patch(1) read; for anything else what changed in bytes and chunks.
 */
#include <inttypes.h>
#include <string.h>

#include "cli/color.h"
#include "cli/diff_text.h"
#include "cli/format.h"
#include "cli/ids.h"
#include "cli/paths.h"

enum { MOST_RANGES = 20 };

struct patch {
    const struct cli *cli;
    FILE *out;
    size_t ranges;
};

/* "a/NAME", quoted as a whole. */
static dits_error *put_name(const char *side, const char *path, struct buf *out)
{
    CLEANUP(buf_release) struct buf name = {0};
    TRY(buf_printf(&name, "%s%s", side, path));
    return path_quote(buf_text(&name), false, out);
}

static dits_error *put_modes(const struct dits_diff_file *file, struct buf *out)
{
    if (file->old_path == NULL)
        return buf_printf(out, "new file mode %s\n", diff_mode(file->new_mode));
    if (file->new_path == NULL)
        return buf_printf(out, "deleted file mode %s\n",
                          diff_mode(file->old_mode));
    if (file->old_mode == file->new_mode)
        return NULL;
    return buf_printf(out, "old mode %s\nnew mode %s\n",
                      diff_mode(file->old_mode), diff_mode(file->new_mode));
}

static dits_error *put_rename(const struct dits_diff_file *file,
                              struct buf *out)
{
    if (file->status != 'R')
        return NULL;
    TRY(buf_printf(out, "similarity index %u%%\nrename from ",
                   file->similarity));
    TRY(path_quote(file->old_path, false, out));
    TRY(buf_put_text(out, "\nrename to "));
    TRY(path_quote(file->new_path, false, out));
    return buf_put_u8(out, '\n');
}

static dits_error *put_ids(const struct cli *cli,
                           const struct dits_diff_file *file, struct buf *out)
{
    char before[DITS_OID_HEX_SIZE] = {0};
    char after[DITS_OID_HEX_SIZE] = {0};
    if (dits_oid_equal(&file->old_id, &file->new_id))
        return NULL;
    TRY(id_short(cli, &file->old_id, before));
    TRY(id_short(cli, &file->new_id, after));
    bool has_mode = file->old_mode == file->new_mode;
    return buf_printf(out, "index %s..%s%s%s\n", before, after,
                      has_mode ? " " : "",
                      has_mode ? diff_mode(file->new_mode) : "");
}

static void print_bold(const struct cli *cli, const char *lines, FILE *out)
{
    while (*lines != '\0') {
        size_t length = strcspn(lines, "\n");
        fprintf(out, "%s%.*s%s\n", color(cli, COLOR_BOLD), (int)length, lines,
                color(cli, COLOR_RESET));
        lines += length + (lines[length] == '\n');
    }
}

static dits_error *print_header(const struct cli *cli,
                                const struct dits_diff_file *file, FILE *out)
{
    CLEANUP(buf_release) struct buf header = {0};
    const char *old = file->old_path != NULL ? file->old_path : file->new_path;
    const char *new = file->new_path != NULL ? file->new_path : file->old_path;
    TRY(buf_put_text(&header, "diff --git "));
    TRY(put_name("a/", old, &header));
    TRY(buf_put_u8(&header, ' '));
    TRY(put_name("b/", new, &header));
    TRY(buf_put_u8(&header, '\n'));
    TRY(put_modes(file, &header));
    TRY(put_rename(file, &header));
    TRY(put_ids(cli, file, &header));
    print_bold(cli, buf_text(&header), out);
    return NULL;
}

/* "--- a/x", "+++ b/x", or /dev/null for a side that is not there. */
static dits_error *print_sides(const struct cli *cli,
                               const struct dits_diff_file *file, FILE *out)
{
    CLEANUP(buf_release) struct buf sides = {0};
    TRY(buf_put_text(&sides, "--- "));
    TRY(file->old_path != NULL ? put_name("a/", file->old_path, &sides)
                               : buf_put_text(&sides, "/dev/null"));
    TRY(buf_put_text(&sides, "\n+++ "));
    TRY(file->new_path != NULL ? put_name("b/", file->new_path, &sides)
                               : buf_put_text(&sides, "/dev/null"));
    TRY(buf_put_u8(&sides, '\n'));
    print_bold(cli, buf_text(&sides), out);
    return NULL;
}

static dits_error *print_line(char origin, const char *line, size_t length,
                              void *payload)
{
    const struct patch *patch = payload;
    const struct cli *cli = patch->cli;
    enum color shade = origin == '+'   ? COLOR_GREEN
                       : origin == '-' ? COLOR_RED
                                       : COLOR_CYAN;
    bool is_colored = cli->colors && origin != ' ' && origin != '\\';
    if (length > 0 && line[length - 1] == '\n')
        length--;
    fputs(is_colored ? color(cli, shade) : "", patch->out);
    if (origin == ' ' || origin == '+' || origin == '-')
        fputc(origin, patch->out);
    fwrite(line, 1, length, patch->out);
    fputs(is_colored ? color(cli, COLOR_RESET) : "", patch->out);
    fputc('\n', patch->out);
    return NULL;
}

static dits_error *print_range(const struct dits_diff_range *range,
                               void *payload)
{
    struct patch *patch = payload;
    char at[FORMAT_SIZE] = {0};
    char before[FORMAT_SIZE] = {0};
    char after[FORMAT_SIZE] = {0};
    patch->ranges++;
    if (patch->ranges > MOST_RANGES)
        return NULL;
    if (range->new_size == 0)
        fprintf(patch->out, "  removed at byte %s: %s\n",
                format_count(range->old_offset, at),
                format_size(range->old_size, before));
    else if (range->old_size == 0)
        fprintf(patch->out, "  inserted at byte %s: %s\n",
                format_count(range->new_offset, at),
                format_size(range->new_size, after));
    else
        fprintf(patch->out, "  changed at byte %s: %s -> %s\n",
                format_count(range->new_offset, at),
                format_size(range->old_size, before),
                format_size(range->new_size, after));
    return NULL;
}

static void print_size_line(const struct dits_diff_file *file, FILE *out)
{
    char human[2][FORMAT_SIZE] = {{0}};
    char exact[2][FORMAT_SIZE] = {{0}};
    format_size(file->old_size, human[0]);
    format_size(file->new_size, human[1]);
    format_count(file->old_size, exact[0]);
    format_count(file->new_size, exact[1]);
    if (file->old_path == NULL)
        fprintf(out, "  size: %s (%s bytes)\n", human[1], exact[1]);
    else if (file->new_path == NULL)
        fprintf(out, "  size: %s (%s bytes)\n", human[0], exact[0]);
    else
        fprintf(out, "  size: %s -> %s (%s -> %s bytes)\n", human[0], human[1],
                exact[0], exact[1]);
}

static dits_error *print_binary(const struct cli *cli, dits_diff *diff,
                                size_t index,
                                const struct dits_content_change *change,
                                FILE *out)
{
    const struct dits_diff_file *file = dits_diff_file_at(diff, index);
    char count[2][FORMAT_SIZE] = {{0}};
    char bytes[2][FORMAT_SIZE] = {{0}};
    bool is_media = false;
    TRY(diff_media_print(cli, diff, index, out, &is_media));
    if (!is_media)
        fputs("Binary files differ\n", out);
    print_size_line(file, out);
    if (file->new_path != NULL && change->has_chunks)
        fprintf(out, "  chunks: %s new (%s), %s shared (%s)\n",
                format_count(change->new_chunks, count[0]),
                format_size(change->new_bytes, bytes[0]),
                format_count(change->shared_chunks, count[1]),
                format_size(change->shared_bytes, bytes[1]));
    if (file->old_path == NULL || file->new_path == NULL || is_media)
        return NULL;

    struct patch patch = {.cli = cli, .out = out};
    TRY(dits_diff_ranges(diff, index, print_range, &patch));
    if (patch.ranges > MOST_RANGES)
        fprintf(out, "  and %s more places\n",
                format_count(patch.ranges - MOST_RANGES, count[0]));
    return NULL;
}

dits_error *diff_patch_print(const struct cli *cli, dits_diff *diff,
                             size_t index, unsigned context_lines, FILE *out)
{
    const struct dits_diff_file *file = dits_diff_file_at(diff, index);
    struct dits_content_change change = {0};
    TRY(print_header(cli, file, out));
    if (dits_oid_equal(&file->old_id, &file->new_id))
        return NULL;
    TRY(dits_diff_content(diff, index, &change));
    if (!change.is_text)
        return print_binary(cli, diff, index, &change, out);
    if (change.lines_added == 0 && change.lines_deleted == 0)
        return NULL;

    struct patch patch = {.cli = cli, .out = out};
    TRY(print_sides(cli, file, out));
    return dits_diff_lines(diff, index, context_lines, print_line, &patch);
}
