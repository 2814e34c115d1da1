/*
 * dits obliterate - remove content from all history, for ever
 */
#include <inttypes.h>
#include <string.h>

#include <dits/maintenance.h>

#include "cli/command.h"
#include "cli/format.h"
#include "cli/json.h"
#include "cli/progress.h"
#include "cli/terminal.h"

struct obliterate_args {
    struct cli_list paths;
    const char *asset;
    const char *content;
    const char *reason;
    bool dry_run;
    bool yes;
    bool go_on;
};

static const struct cli_option options[] = {
    CLI_OPERANDS("PATH", struct obliterate_args, paths,
                 "every version of this file, in all history"),
    CLI_STRING(0, "asset", "ID", struct obliterate_args, asset,
               "the file version with that id, as 'dits ls --json' has it"),
    CLI_STRING(0, "content", "HASH", struct obliterate_args, content,
               "whatever has these bytes: their BLAKE3"),
    CLI_STRING('m', "reason", "TEXT", struct obliterate_args, reason,
               "why; it is shown to whoever wants to read it later"),
    CLI_SWITCH('n', "dry-run", struct obliterate_args, dry_run,
               "show what would go and change nothing"),
    CLI_SWITCH(0, "yes", struct obliterate_args, yes, "do not ask"),
    CLI_SWITCH(0, "continue", struct obliterate_args, go_on,
               "go on with one that was cut off"),
    CLI_END,
};

static const char help[] =
    "Removes what must not be kept: material whose licence has ended, a take\n"
    "that nobody may see. Commits keep their ids, and names, sizes and hashes\n"
    "stay; the bytes go, but for those that other files share. Whoever reads "
    "them\n"
    "is told when, by whom and why; 'dits switch' leaves such files out.\n"
    "\n"
    "This is the one command that 'dits undo' cannot take back. Files of the\n"
    "work tree, clones and backups keep their copies.\n";

static dits_error *print_asset(const struct dits_obliterated *obliterated,
                               void *payload)
{
    struct cli *cli = payload;
    char id[DITS_OID_HEX_SIZE] = {0};
    char size[FORMAT_SIZE] = {0};
    progress_hide(cli->progress);
    if (cli->json) {
        struct json json = json_begin(cli->out);
        json_string(&json, "level", "asset");
        json_oid(&json, "asset", &obliterated->asset);
        json_oid(&json, "content", &obliterated->content);
        json_u64(&json, "size", obliterated->size);
        json_end(&json);
        return NULL;
    }
    dits_oid_hex(&obliterated->asset, id);
    if (!cli->quiet)
        fprintf(cli->out, "%s  %s\n", id, format_size(obliterated->size, size));
    return NULL;
}

static void print_result(const struct cli *cli, bool dry_run,
                         const struct dits_obliterate_result *result)
{
    char counts[3][FORMAT_SIZE] = {{0}};
    char size[FORMAT_SIZE] = {0};
    if (cli->json) {
        struct json json = json_begin(cli->out);
        json_string(&json, "level", "result");
        json_u64(&json, "assets", result->assets);
        json_u64(&json, "chunks", result->chunks);
        json_u64(&json, "bytes", result->bytes);
        json_u64(&json, "kept_chunks", result->kept_chunks);
        json_u64(&json, "kept_bytes", result->kept_bytes);
        json_end(&json);
        return;
    }
    if (cli->quiet)
        return;
    fprintf(cli->out, "%s %s version%s: %s chunk%s (%s)",
            dry_run ? "would obliterate" : "obliterated",
            format_count(result->assets, counts[0]), plural(result->assets),
            format_count(result->chunks, counts[1]), plural(result->chunks),
            format_size(result->bytes, size));
    if (result->kept_chunks > 0)
        fprintf(cli->out, "; %s stay, because other files share them",
                format_count(result->kept_chunks, counts[2]));
    fputc('\n', cli->out);
}

/* Typed in full, because nothing takes it back. */
static dits_error *confirm(struct cli *cli, const struct obliterate_args *args)
{
    char line[32] = {0};
    if (args->yes || args->dry_run)
        return NULL;
    if (!terminal_is(stdin))
        return error_hint(
            cli_usage(cli, "nothing takes this back, and nobody can be asked"),
            "Look with '--dry-run', then use '--yes'.");
    fputs("Nothing takes this back. Type 'obliterate' to go on: ", stderr);
    if (fgets(line, sizeof(line), stdin) == NULL ||
        strcmp(line, "obliterate\n") != 0)
        return error_new(DITS_E_CANCELLED, "nothing was obliterated");
    return NULL;
}

static dits_error *obliterate(struct cli *cli,
                              const struct obliterate_args *args)
{
    const struct dits_obliterate_options wanted = {
        .paths = cli_paths(&args->paths),
        .asset = args->asset,
        .content = args->content,
        .reason = args->reason,
        .dry_run = args->dry_run,
        .on_asset = print_asset,
        .payload = cli,
    };
    struct dits_obliterate_result result = {0};
    TRY(confirm(cli, args));
    TRY(dits_obliterate(cli->repo, &wanted, &result));
    print_result(cli, args->dry_run, &result);
    return NULL;
}

static dits_error *run(struct cli *cli, const void *data)
{
    const struct obliterate_args *args = data;
    struct dits_obliterate_result result = {0};
    bool names = args->paths.count > 0 || args->asset != NULL ||
                 args->content != NULL;
    if (args->go_on == names)
        return cli_usage(cli, "name files, '--asset', '--content', or "
                              "'--continue'");
    if (!args->go_on)
        return obliterate(cli, args);
    TRY(dits_obliterate_continue(cli->repo, &result));
    print_result(cli, false, &result);
    return NULL;
}

const struct cli_command cmd_obliterate = {
    .name = "obliterate",
    .summary = "remove content from all history, for ever",
    .help = help,
    .group = CLI_GROUP_ADMIN,
    .flags = CLI_NEEDS_REPO | CLI_CHANGES | CLI_JSON,
    .options = options,
    .args_size = sizeof(struct obliterate_args),
    .run = run,
};
