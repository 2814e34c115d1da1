/*
 * dits gc - remove what nothing needs any more
 */
#include <dits/maintenance.h>

#include "cli/command.h"
#include "cli/format.h"
#include "cli/json.h"

struct gc_args {
    bool dry_run;
    const char *prune;
};

static const struct cli_option options[] = {
    CLI_SWITCH('n', "dry-run", struct gc_args, dry_run,
               "show what would be removed and change nothing"),
    CLI_STRING(0, "prune", "DATE", struct gc_args, prune,
               "remove garbage older than DATE: '1 hour ago', 'now'; default: "
               "gc.prune, or two weeks"),
    CLI_END,
};

static const char help[] =
    "Removes chunks that no branch, tag, reflog, undo or running command "
    "needs,\n"
    "once they are older than the grace period, and packs the rest together.\n"
    "It may be killed at any moment and goes on where it stopped.\n";

static void print_json(FILE *out, const struct dits_gc_result *result)
{
    struct json json = json_begin(out);
    json_u64(&json, "live_chunks", result->live_chunks);
    json_u64(&json, "live_bytes", result->live_bytes);
    json_u64(&json, "removed_chunks", result->removed_chunks);
    json_u64(&json, "removed_bytes", result->removed_bytes);
    json_u64(&json, "packs_before", result->packs_before);
    json_u64(&json, "packs_after", result->packs_after);
    json_bool(&json, "resumed", result->resumed);
    json_end(&json);
}

static dits_error *run(struct cli *cli, const void *data)
{
    const struct gc_args *args = data;
    const struct dits_gc_options wanted = {.dry_run = args->dry_run,
                                           .prune = args->prune};
    struct dits_gc_result result = {0};
    char counts[2][FORMAT_SIZE] = {{0}};
    char sizes[2][FORMAT_SIZE] = {{0}};
    TRY(dits_gc(cli->repo, &wanted, &result));
    if (cli->json) {
        print_json(cli->out, &result);
        return NULL;
    }
    if (cli->quiet)
        return NULL;
    if (result.resumed)
        fputs("went on with a run that was cut off\n", cli->out);
    fprintf(cli->out, "%s %s chunk%s (%s), kept %s (%s)\n",
            args->dry_run ? "would remove" : "removed",
            format_count(result.removed_chunks, counts[0]),
            plural(result.removed_chunks),
            format_size(result.removed_bytes, sizes[0]),
            format_count(result.live_chunks, counts[1]),
            format_size(result.live_bytes, sizes[1]));
    if (result.packs_before != result.packs_after)
        fprintf(cli->out, "packs: %s -> %s\n",
                format_count(result.packs_before, counts[0]),
                format_count(result.packs_after, counts[1]));
    return NULL;
}

const struct cli_command cmd_gc = {
    .name = "gc",
    .summary = "remove what nothing needs any more",
    .help = help,
    .group = CLI_GROUP_ADMIN,
    .flags = CLI_NEEDS_REPO | CLI_CHANGES | CLI_JSON,
    .options = options,
    .args_size = sizeof(struct gc_args),
    .run = run,
};
