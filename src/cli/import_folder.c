/* dits import folder */
#include <dits/import_folder.h>

#include <inttypes.h>
#include <string.h>

#include "cli/date.h"
#include "cli/environment.h"
#include "cli/exchange.h"
#include "cli/format.h"
#include "cli/json.h"
#include "cli/kinds.h"
#include "cli/paths.h"

static void print_json(FILE *out, const struct dits_import_file *file)
{
    struct json json = json_begin(out);
    json_u64(&json, "commit", file->commit);
    json_string(&json, "path", file->path);
    json_string(&json, "source", file->source);
    json_i64(&json, "time", file->time);
    json_u64(&json, "size", file->size);
    json_u64(&json, "version", file->version);
    json_u64(&json, "versions", file->versions);
    json_end(&json);
}

/* "   3  2024-01-31 15:30:00 +0000  cut.mov <- cut_v2.mov". */
static dits_error *print_file(const struct dits_import_file *file,
                              void *payload)
{
    const struct cli *cli = payload;
    const struct date_style style = {
        .format = DATE_ISO,
        .now = cli->now,
        .local_minutes = cli->environment->utc_offset_minutes,
    };
    char date[DATE_TEXT_SIZE] = {0};
    if (cli->json) {
        print_json(cli->out, file);
        return NULL;
    }
    date_format(&style, file->time, style.local_minutes, date);
    fprintf(cli->out, "%4" PRIu64 "  %s  ", file->commit, date);
    TRY(path_print(cli->out, file->path));
    if (strcmp(file->path, file->source) != 0) {
        fputs(" <- ", cli->out);
        TRY(path_print(cli->out, file->source));
    }
    fputc('\n', cli->out);
    return NULL;
}

dits_error *import_folder(struct cli *cli, const struct import_args *args)
{
    const struct cli_list *branches = &args->branches;
    const struct dits_import_folder_options wanted = {
        .branch = branches->count > 0 ? branches->items[0] : NULL,
        .pattern = args->pattern,
        .by_time = args->by != NULL && strcmp(args->by, "time") == 0,
        .force = args->force,
        .dry_run = args->dry_run,
        .on_file = args->dry_run || cli->json ? print_file : NULL,
        .payload = cli,
    };
    struct dits_import_folder_result result = {0};
    char size[FORMAT_SIZE] = {0};
    TRY(kinds_check_single(cli, &args->operands));
    if (branches->count > 1)
        return cli_usage(cli, "'folder' takes one '--branch'");
    TRY(dits_import_folder(cli->repo, args->operands.items[0], &wanted,
                           &result));
    if (!cli->json)
        cli_note(cli, "%s%" PRIu64 " file%s, %s, in %" PRIu64 " commit%s",
                 args->dry_run ? "would import " : "imported ", result.files,
                 result.files == 1 ? "" : "s", format_size(result.bytes, size),
                 result.commits, result.commits == 1 ? "" : "s");
    return NULL;
}
