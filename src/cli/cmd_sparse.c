/*
 * dits sparse - have a part of the tracked files on the disk
 */
#include <dits/sparse.h>

#include <inttypes.h>
#include <string.h>

#include "cli/command.h"
#include "cli/json.h"

struct sparse_args {
    const char *action;
    bool cone;
    bool no_cone;
    struct cli_list items;
};

static const char *const actions[] = {"set",     "add",     "list", "init",
                                      "reapply", "disable", NULL};

static const struct cli_option options[] = {
    CLI_OPERAND("ACTION", struct sparse_args, action,
                "'set' or 'add' what is wanted, 'list' it, 'init' with the "
                "files of the top alone, 'reapply' it, or 'disable' it",
                .choices = actions),
    CLI_SWITCH(0, "cone", struct sparse_args, cone,
               "each PATTERN is a folder, wanted with all below it; the "
               "default"),
    CLI_SWITCH(0, "no-cone", struct sparse_args, no_cone,
               "each PATTERN is one as in '.ditsignore', from the top; what "
               "matches is wanted"),
    CLI_OPERANDS("PATTERN", struct sparse_args, items, "what is wanted"),
    CLI_END,
};

static const char help[] =
    "Leaves tracked files out of the work tree. What is not wanted is tracked\n"
    "and committed as ever, has no file on the disk, and is not deleted for\n"
    "that. With a folder that is wanted, the files that lie directly in those\n"
    "above it are, too. A file with changes stays until they are staged, and "
    "is\n"
    "told of.\n";

static const char *const mode_names[] = {
    [DITS_SPARSE_ALL] = "all",
    [DITS_SPARSE_CONE] = "cone",
    [DITS_SPARSE_PATTERNS] = "patterns",
};

static dits_error *find_mode(const struct dits_sparse_info *info, void *payload)
{
    *(enum dits_sparse_mode *)payload = info->mode;
    return NULL;
}

/* As the options say, else as it was. */
static dits_error *choose_mode(struct cli *cli, const struct sparse_args *args,
                               enum dits_sparse_mode *out)
{
    *out = DITS_SPARSE_ALL;
    if (args->cone || args->no_cone)
        *out = args->cone ? DITS_SPARSE_CONE : DITS_SPARSE_PATTERNS;
    else
        TRY(dits_sparse_look(cli->repo, find_mode, out));
    if (*out == DITS_SPARSE_ALL)
        *out = DITS_SPARSE_CONE;
    return NULL;
}

static dits_error *print_set(const struct dits_sparse_info *info, void *payload)
{
    const struct cli *cli = payload;
    if (!cli->json) {
        if (info->mode == DITS_SPARSE_ALL)
            cli_note(cli, "everything is on the disk");
        for (size_t i = 0; i < info->patterns.count; i++)
            fprintf(cli->out, "%s\n", info->patterns.items[i]);
        return NULL;
    }
    struct json json = json_begin(cli->out);
    json_string(&json, "mode", mode_names[info->mode]);
    json_list_begin(&json, "patterns");
    for (size_t i = 0; i < info->patterns.count; i++)
        json_list_string(&json, info->patterns.items[i]);
    json_list_end(&json);
    json_bool(&json, "cut_off", info->is_cut_off);
    json_end(&json);
    return NULL;
}

static void print_kept(const char *path, void *payload)
{
    const struct cli *cli = payload;
    if (!cli->json)
        cli_note(cli, "'%s' has changes and stays", path);
}

static void print_result(const struct cli *cli,
                         const struct dits_sparse_result *result)
{
    if (!cli->json) {
        cli_note(
            cli,
            "%" PRIu64 " files written, %" PRIu64 " removed, %" PRIu64 " kept",
            result->files_written, result->files_removed, result->files_kept);
        return;
    }
    struct json json = json_begin(cli->out);
    json_u64(&json, "files_written", result->files_written);
    json_u64(&json, "files_removed", result->files_removed);
    json_u64(&json, "files_kept", result->files_kept);
    json_end(&json);
}

static dits_error *check_usage(struct cli *cli, const struct sparse_args *args)
{
    bool takes_mode = strcmp(args->action, "set") == 0 ||
                      strcmp(args->action, "init") == 0;
    bool takes_items = strcmp(args->action, "set") == 0 ||
                       strcmp(args->action, "add") == 0;
    if (args->cone && args->no_cone)
        return cli_usage(cli, "'--cone' and '--no-cone' exclude each other");
    if ((args->cone || args->no_cone) && !takes_mode)
        return cli_usage(cli, "'%s' has no mode", args->action);
    if (args->items.count > 0 && !takes_items)
        return cli_usage(cli, "'%s' takes no pattern", args->action);
    if (args->items.count == 0 && takes_items)
        return cli_usage(cli, "nothing named to %s", args->action);
    return NULL;
}

static dits_error *run(struct cli *cli, const void *data)
{
    const struct sparse_args *args = data;
    struct dits_sparse_options sparse = {
        .patterns = cli_paths(&args->items),
        .add = strcmp(args->action, "add") == 0,
        .on_kept = print_kept,
        .payload = cli,
    };
    struct dits_sparse_result result = {0};
    TRY(check_usage(cli, args));
    if (strcmp(args->action, "list") == 0)
        return dits_sparse_look(cli->repo, print_set, cli);
    if (strcmp(args->action, "reapply") == 0) {
        TRY(dits_sparse_reapply(cli->repo, &sparse, &result));
    } else {
        if (strcmp(args->action, "disable") != 0)
            TRY(choose_mode(cli, args, &sparse.mode));
        TRY(dits_sparse_set(cli->repo, &sparse, &result));
    }
    print_result(cli, &result);
    return NULL;
}

const struct cli_command cmd_sparse = {
    .name = "sparse",
    .summary = "have a part of the tracked files on the disk",
    .help = help,
    .group = CLI_GROUP_WORK,
    .flags = CLI_NEEDS_REPO | CLI_NEEDS_FILES | CLI_CHANGES | CLI_JSON,
    .options = options,
    .args_size = sizeof(struct sparse_args),
    .run = run,
};
