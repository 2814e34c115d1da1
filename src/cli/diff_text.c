#include "cli/diff_text.h"

#include "base/buf.h"
#include "cli/json.h"
#include "cli/paths.h"

const char *diff_mode(char mode)
{
    switch (mode) {
    case 'x':
        return "100755";
    case 'l':
        return "120000";
    case 'f':
        return "100644";
    default:
        return "000000";
    }
}

static dits_error *print_name(const char *path, bool nul, FILE *out)
{
    if (!nul)
        return path_print(out, path);
    fputs(path, out);
    fputc('\0', out);
    return NULL;
}

static const char *name_of(const struct dits_diff_file *file)
{
    return file->new_path != NULL ? file->new_path : file->old_path;
}

static dits_error *print_name_status(const struct dits_diff_file *file,
                                     bool nul, FILE *out)
{
    fputc(file->status, out);
    if (file->status == 'R')
        fprintf(out, "%03u", file->similarity);
    fputc(nul ? '\0' : '\t', out);
    if (file->status == 'R') {
        TRY(print_name(file->old_path, nul, out));
        fputs(nul ? "" : "\t", out);
    }
    TRY(print_name(name_of(file), nul, out));
    fputs(nul ? "" : "\n", out);
    return NULL;
}

/* Where they are not known, they are left out. */
static void chunks_json(const struct dits_content_change *change,
                        struct json *json)
{
    if (!change->has_chunks)
        return;
    json_u64(json, "shared_chunks", change->shared_chunks);
    json_u64(json, "shared_bytes", change->shared_bytes);
    json_u64(json, "new_chunks", change->new_chunks);
    json_u64(json, "new_bytes", change->new_bytes);
    json_u64(json, "old_bytes", change->old_bytes);
}

static dits_error *print_names(dits_diff *diff, const struct diff_style *style,
                               FILE *out)
{
    for (size_t i = 0; i < dits_diff_count(diff); i++) {
        const struct dits_diff_file *file = dits_diff_file_at(diff, i);
        if (style->name_status) {
            TRY(print_name_status(file, style->nul, out));
            continue;
        }
        TRY(print_name(name_of(file), style->nul, out));
        fputs(style->nul ? "" : "\n", out);
    }
    return NULL;
}

dits_error *diff_json_print(dits_diff *diff, size_t index, bool with_content,
                            FILE *out)
{
    const struct dits_diff_file *file = dits_diff_file_at(diff, index);
    const char status[] = {file->status, '\0'};
    struct dits_content_change change = {0};
    if (with_content)
        TRY(dits_diff_content(diff, index, &change));

    struct json json = json_begin(out);
    json_string(&json, "status", status);
    json_string(&json, "old_path", file->old_path);
    if (file->status == 'R')
        json_u64(&json, "similarity", file->similarity);
    json_string(&json, "new_path", file->new_path);
    json_string(&json, "old_mode", diff_mode(file->old_mode));
    json_string(&json, "new_mode", diff_mode(file->new_mode));
    json_oid(&json, "old_id", &file->old_id);
    json_oid(&json, "new_id", &file->new_id);
    json_u64(&json, "old_size", file->old_size);
    json_u64(&json, "new_size", file->new_size);
    if (with_content) {
        json_bool(&json, "is_text", change.is_text);
        json_u64(&json, "lines_added", change.lines_added);
        json_u64(&json, "lines_deleted", change.lines_deleted);
        chunks_json(&change, &json);
        TRY(diff_media_json(diff, index, &json));
    }
    json_end(&json);
    return NULL;
}

dits_error *diff_text_print(const struct cli *cli, dits_diff *diff,
                            const struct diff_style *style, FILE *out)
{
    size_t count = dits_diff_count(diff);
    bool names = style->name_status || style->name_only;
    for (size_t i = 0; i < count && cli->json; i++)
        TRY(diff_json_print(diff, i, !names, out));
    if (cli->json)
        return NULL;

    if (names)
        TRY(print_names(diff, style, out));
    if (style->stat)
        TRY(diff_stat_print(cli, diff, style->columns, out));
    if (style->stat && style->patch && count > 0)
        fputc('\n', out);
    for (size_t i = 0; i < count && style->patch; i++)
        TRY(diff_patch_print(cli, diff, i, style->context_lines, out));
    return NULL;
}
