/*
 * dits ls - list stored files
 */
#include <dits/file.h>

#include "cli/command.h"
#include "cli/format.h"
#include "cli/ids.h"
#include "cli/json.h"
#include "cli/paths.h"
#include "cli/revisions.h"

struct ls_args {
    bool recursive;
    bool details;
    bool folders;
    bool staged;
    bool dropped;
    bool nul;
    struct cli_list operands;
    struct cli_list paths;
};

static const struct cli_option options[] = {
    CLI_OPERANDS("REV", struct ls_args, operands,
                 "list the files of REV instead of HEAD"),
    CLI_PATHS("PATH", struct ls_args, paths, "list only these"),
    CLI_SWITCH('r', "recursive", struct ls_args, recursive,
               "list what is in folders too"),
    CLI_SWITCH('l', "long", struct ls_args, details,
               "show type, size and id of each"),
    CLI_SWITCH('d', "folders", struct ls_args, folders, "list only folders"),
    CLI_SWITCH(0, "staged", struct ls_args, staged, "list what is staged"),
    CLI_SWITCH(0, "dropped", struct ls_args, dropped,
               "list only what is staged and dropped, in folders too"),
    CLI_SWITCH('z', NULL, struct ls_args, nul,
               "names as they are, each ending in NUL"),
    CLI_END,
};

static const char help[] =
    "Lists files as a commit has them, HEAD unless REV is given. Where no "
    "'--'\n"
    "stands before them, paths may follow REV as in 'dits ls v2 shots'.\n";

/* What one walk over the files carries along. */
struct listing {
    struct cli *cli;
    const struct ls_args *args;
};

static void print_json(FILE *out, const struct dits_file_info *info,
                       bool staged)
{
    const char mode[] = {info->mode, '\0'};
    struct json json = json_begin(out);
    json_string(&json, "path", info->path);
    json_string(&json, "mode", mode);
    json_oid(&json, "id", &info->id);
    if (info->mode != 'd') {
        json_u64(&json, "size", info->size);
        json_oid(&json, "content", &info->content);
        if (staged)
            json_bool(&json, "dropped", info->dropped);
    }
    json_end(&json);
}

static dits_error *print_details(struct cli *cli,
                                 const struct dits_file_info *info)
{
    char id[DITS_OID_HEX_SIZE] = {0};
    char size[FORMAT_SIZE] = {0};
    TRY(id_short(cli, &info->id, id));
    fprintf(cli->out, "%c  %10s  %s  ", info->mode,
            info->mode == 'd' ? "-" : format_size(info->size, size), id);
    return NULL;
}

static dits_error *show_file(const struct dits_file_info *info, void *payload)
{
    const struct listing *listing = payload;
    struct cli *cli = listing->cli;
    if (cli->json) {
        print_json(cli->out, info,
                   listing->args->staged || listing->args->dropped);
        return NULL;
    }
    if (listing->args->details)
        TRY(print_details(cli, info));
    if (listing->args->nul) {
        fprintf(cli->out, "%s%c", info->path, '\0');
        return NULL;
    }
    TRY(path_print_here(cli, info->path));
    fputs(info->mode == 'd'                         ? "/\n"
          : info->dropped && listing->args->details ? " (dropped)\n"
                                                    : "\n",
          cli->out);
    return NULL;
}

static dits_error *run(struct cli *cli, const void *data)
{
    const struct ls_args *args = data;
    struct listing listing = {.cli = cli, .args = args};
    struct revision_args revisions = {0};
    TRY(revisions_split(cli, &args->operands, &args->paths, &revisions));
    if (revisions.count > 1)
        return cli_usage(cli, "more than one revision");
    bool staged = args->staged || args->dropped;
    if (revisions.count > 0 && staged)
        return cli_usage(cli, "'--%s' takes no revision",
                         args->staged ? "staged" : "dropped");

    const char *revision = revisions.count > 0 ? revisions.revisions[0] : NULL;
    const struct dits_list_options wanted = {
        .revision = staged ? ":" : revision,
        .paths = revisions.paths,
        .recursive = args->recursive || args->dropped,
        .dropped_only = args->dropped,
        .folders_only = args->folders,
        .sizes = args->details || cli->json,
    };
    return dits_list(cli->repo, &wanted, show_file, &listing);
}

const struct cli_command cmd_ls = {
    .name = "ls",
    .summary = "list stored files",
    .help = help,
    .group = CLI_GROUP_LOOK,
    .flags = CLI_NEEDS_REPO | CLI_PAGED | CLI_JSON,
    .options = options,
    .args_size = sizeof(struct ls_args),
    .run = run,
};
