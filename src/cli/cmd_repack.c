/*
 * dits repack - write many packs anew as few
 */
#include <dits/maintenance.h>

#include "base/text.h"
#include "cli/command.h"
#include "cli/format.h"
#include "cli/json.h"

struct repack_args {
    bool all;
    bool dry_run;
    const char *max_size;
};

static const struct cli_option options[] = {
    CLI_SWITCH('a', "all", struct repack_args, all,
               "write all packs anew, not only those below 128 MiB"),
    CLI_SWITCH('n', "dry-run", struct repack_args, dry_run,
               "show what would be done and change nothing"),
    CLI_STRING(0, "max-pack-size", "SIZE", struct repack_args, max_size,
               "begin another pack at about SIZE bytes: '512m', '1g'; default: "
               "4g, the most a pack can hold"),
    CLI_END,
};

static const char help[] =
    "Makes packs few, and leaves out second copies of chunks. Commands merge\n"
    "small packs by themselves as they come, so this is for before a backup, "
    "or\n"
    "for packs that shall have a certain size. Nothing is lost, needed or "
    "not:\n"
    "garbage is for 'dits gc'. While it works there is room needed for one "
    "pack\n"
    "more.\n";

enum { SMALLEST = 1 << 20 };

static void print_json(FILE *out, const struct dits_repack_result *result)
{
    struct json json = json_begin(out);
    json_u64(&json, "packs_before", result->packs_before);
    json_u64(&json, "packs_after", result->packs_after);
    json_u64(&json, "bytes_before", result->bytes_before);
    json_u64(&json, "bytes_after", result->bytes_after);
    json_u64(&json, "merged", result->merged);
    json_u64(&json, "merged_bytes", result->merged_bytes);
    json_u64(&json, "damaged", result->damaged);
    json_end(&json);
}

static void print_result(const struct cli *cli, bool dry_run,
                         const struct dits_repack_result *result)
{
    char counts[2][FORMAT_SIZE] = {{0}};
    char sizes[2][FORMAT_SIZE] = {{0}};
    if (dry_run || result->merged == 0) {
        fprintf(cli->out, "%s %s pack%s (%s)\n",
                dry_run ? "would write anew" : "wrote anew",
                format_count(result->merged, counts[0]), plural(result->merged),
                format_size(result->merged_bytes, sizes[0]));
        return;
    }
    fprintf(cli->out, "packs: %s (%s) -> %s (%s)\n",
            format_count(result->packs_before, counts[0]),
            format_size(result->bytes_before, sizes[0]),
            format_count(result->packs_after, counts[1]),
            format_size(result->bytes_after, sizes[1]));
}

static dits_error *run(struct cli *cli, const void *data)
{
    const struct repack_args *args = data;
    struct dits_repack_options wanted = {.all = args->all,
                                         .dry_run = args->dry_run};
    struct dits_repack_result result = {0};
    if (args->max_size != NULL &&
        (!text_to_size(args->max_size, &wanted.max_size) ||
         wanted.max_size < SMALLEST))
        return cli_usage(cli, "'%s' is no size of 1m or more", args->max_size);
    TRY(dits_repack(cli->repo, &wanted, &result));
    if (result.damaged > 0)
        cli->status = CLI_FAILED;
    if (cli->json)
        print_json(cli->out, &result);
    else if (!cli->quiet)
        print_result(cli, args->dry_run, &result);
    return NULL;
}

const struct cli_command cmd_repack = {
    .name = "repack",
    .summary = "write many packs anew as few",
    .help = help,
    .group = CLI_GROUP_ADMIN,
    .flags = CLI_NEEDS_REPO | CLI_CHANGES | CLI_JSON | CLI_GIVES_WAY,
    .options = options,
    .args_size = sizeof(struct repack_args),
    .run = run,
};
