/*
 * dits fsck - check that everything is whole
 */
#include <inttypes.h>

#include <dits/maintenance.h>

#include "cli/color.h"
#include "cli/command.h"
#include "cli/findings.h"
#include "cli/format.h"
#include "cli/json.h"

struct fsck_args {
    bool full;
    bool repair;
};

static const struct cli_option options[] = {
    CLI_SWITCH(0, "full", struct fsck_args, full,
               "read and verify every byte, not only what holds it together"),
    CLI_SWITCH(0, "repair", struct fsck_args, repair,
               "restore all that can be restored"),
    CLI_END,
};

static const char help[] =
    "Checks the repository and names what is damaged, and which files and\n"
    "commits it touches. Exits with 1 when something is damaged and was not\n"
    "repaired. Garbage that a crash left behind is noted and harmless; 'dits\n"
    "gc' removes it.\n";

static void print_result_json(FILE *out, const struct dits_fsck_result *result)
{
    struct json json = json_begin(out);
    json_string(&json, "level", "result");
    json_u64(&json, "commits", result->commits);
    json_u64(&json, "files", result->files);
    json_u64(&json, "chunks", result->chunks);
    json_u64(&json, "bytes", result->bytes);
    json_u64(&json, "damaged", result->damaged);
    json_u64(&json, "repaired", result->repaired);
    json_u64(&json, "garbage_chunks", result->garbage_chunks);
    json_u64(&json, "garbage_bytes", result->garbage_bytes);
    json_u64(&json, "offline_packs", result->offline_packs);
    json_end(&json);
}

static void print_result(struct cli *cli, const struct fsck_args *args,
                         const struct dits_fsck_result *result)
{
    char counts[3][FORMAT_SIZE] = {{0}};
    char size[FORMAT_SIZE] = {0};
    FILE *out = cli->out;
    fprintf(out, "checked %s commit%s, %s file%s, %s chunk%s",
            format_count(result->commits, counts[0]), plural(result->commits),
            format_count(result->files, counts[1]), plural(result->files),
            format_count(result->chunks, counts[2]), plural(result->chunks));
    if (args->full)
        fprintf(out, ", every one of %s", format_size(result->bytes, size));
    fputc('\n', out);
    if (result->garbage_chunks > 0)
        fprintf(out, "%s chunk%s of garbage, %s\n",
                format_count(result->garbage_chunks, counts[0]),
                plural(result->garbage_chunks),
                format_size(result->garbage_bytes, size));
    bool is_whole = result->damaged <= result->repaired;
    fputs(color(cli, is_whole ? COLOR_GREEN : COLOR_RED), out);
    if (result->damaged == 0)
        fputs("nothing is damaged", out);
    else
        fprintf(out, "%s damaged, %s repaired",
                format_count(result->damaged, counts[0]),
                format_count(result->repaired, counts[1]));
    fprintf(out, "%s\n", color(cli, COLOR_RESET));
}

static void close_repo(dits_repo **repo)
{
    dits_repo_free(*repo);
}

/* A repository whose database is damaged can be opened only after a rescue. */
static dits_error *open_repo(struct cli *cli, bool repair, dits_repo **out)
{
    if (repair)
        TRY(dits_repo_rescue(cli->context, ".", finding_print, cli, NULL));
    return dits_repo_open(cli->context, ".", out);
}

static dits_error *run(struct cli *cli, const void *data)
{
    CLEANUP(close_repo) dits_repo *repo = NULL;
    const struct fsck_args *args = data;
    const struct dits_fsck_options wanted = {
        .full = args->full,
        .repair = args->repair,
        .on_finding = finding_print,
        .payload = cli,
    };
    struct dits_fsck_result result = {0};
    TRY(open_repo(cli, args->repair, &repo));
    TRY(dits_fsck(repo, &wanted, &result));
    if (result.damaged > result.repaired)
        cli->status = CLI_FAILED;
    if (cli->json)
        print_result_json(cli->out, &result);
    else if (!cli->quiet)
        print_result(cli, args, &result);
    return NULL;
}

const struct cli_command cmd_fsck = {
    .name = "fsck",
    .summary = "check that everything is whole",
    .help = help,
    .group = CLI_GROUP_ADMIN,
    .flags = CLI_CHANGES | CLI_JSON,
    .options = options,
    .args_size = sizeof(struct fsck_args),
    .run = run,
};
