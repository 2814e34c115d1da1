/*
 * dits prune - remove garbage, and nothing else
 */
#include <inttypes.h>

#include <dits/maintenance.h>

#include "cli/command.h"
#include "cli/format.h"
#include "cli/json.h"
#include "cli/progress.h"

struct prune_args {
    bool dry_run;
    const char *expire;
};

static const struct cli_option options[] = {
    CLI_SWITCH('n', "dry-run", struct prune_args, dry_run,
               "list what would be removed and change nothing"),
    CLI_STRING(0, "expire", "DATE", struct prune_args, expire,
               "remove garbage older than DATE: '1 hour ago', 'now'; default: "
               "gc.prune, or two weeks"),
    CLI_END,
};

static const char help[] =
    "Removes chunks that no branch, tag, reflog, undo or running command "
    "needs.\n"
    "Other than 'dits gc' it lets nothing expire, and writes even a large "
    "pack\n"
    "anew for the last bit of garbage in it. With '-n' or '-v' each chunk is\n"
    "listed: its id, kind and size.\n";

static dits_error *print_garbage(const struct dits_garbage *garbage,
                                 void *payload)
{
    struct cli *cli = payload;
    char id[DITS_OID_HEX_SIZE] = {0};
    dits_oid_hex(&garbage->id, id);
    progress_hide(cli->progress);
    if (cli->json) {
        struct json json = json_begin(cli->out);
        json_string(&json, "level", "garbage");
        json_oid(&json, "id", &garbage->id);
        json_string(&json, "kind", garbage->kind);
        json_u64(&json, "size", garbage->size);
        json_end(&json);
        return NULL;
    }
    fprintf(cli->out, "%s %s %" PRIu32 "\n", id, garbage->kind, garbage->size);
    return NULL;
}

static void print_json(FILE *out, const struct dits_gc_result *result)
{
    struct json json = json_begin(out);
    json_string(&json, "level", "result");
    json_u64(&json, "removed_chunks", result->removed_chunks);
    json_u64(&json, "removed_bytes", result->removed_bytes);
    json_u64(&json, "live_chunks", result->live_chunks);
    json_u64(&json, "live_bytes", result->live_bytes);
    json_end(&json);
}

static dits_error *run(struct cli *cli, const void *data)
{
    const struct prune_args *args = data;
    bool lists = cli->json || cli->verbose || args->dry_run;
    const struct dits_prune_options wanted = {
        .dry_run = args->dry_run,
        .expire = args->expire,
        .on_garbage = lists && !cli->quiet ? print_garbage : NULL,
        .payload = cli,
    };
    struct dits_gc_result result = {0};
    char count[FORMAT_SIZE] = {0};
    char size[FORMAT_SIZE] = {0};
    TRY(dits_prune(cli->repo, &wanted, &result));
    if (cli->json)
        print_json(cli->out, &result);
    else if (!cli->quiet)
        cli_note(cli, "%s %s chunk%s (%s)",
                 args->dry_run ? "would remove" : "removed",
                 format_count(result.removed_chunks, count),
                 plural(result.removed_chunks),
                 format_size(result.removed_bytes, size));
    return NULL;
}

const struct cli_command cmd_prune = {
    .name = "prune",
    .summary = "remove garbage, and nothing else",
    .help = help,
    .group = CLI_GROUP_ADMIN,
    .flags = CLI_NEEDS_REPO | CLI_CHANGES | CLI_JSON | CLI_GIVES_WAY,
    .options = options,
    .args_size = sizeof(struct prune_args),
    .run = run,
};
