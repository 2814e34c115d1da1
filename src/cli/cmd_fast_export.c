/*
 * dits fast-export - history as a stream for `git fast-import`
 */
#include <errno.h>

#include <dits/exchange.h>

#include "cli/command.h"

struct fast_export_args {
    bool all;
    struct cli_list names;
};

static const struct cli_option options[] = {
    CLI_OPERANDS("REV", struct fast_export_args, names,
                 "branches and tags; default: the current branch"),
    CLI_SWITCH(0, "all", struct fast_export_args, all, "every branch and tag"),
    CLI_END,
};

static const char help[] =
    "Writes history to standard output in the form that 'git fast-import' "
    "reads:\n"
    "\n"
    "    dits fast-export --all | git fast-import\n";

static dits_error *write_out(const void *data, size_t size, void *payload)
{
    if (fwrite(data, 1, size, payload) != size)
        return error_errno(errno, "cannot write to standard output");
    return NULL;
}

static dits_error *run(struct cli *cli, const void *data)
{
    const struct fast_export_args *args = data;
    const struct dits_fast_export_options wanted = {
        .names = args->names.items,
        .name_count = args->names.count,
        .all = args->all,
    };
    struct dits_export_result result = {0};
    if (args->all && args->names.count > 0)
        return cli_usage(cli, "'--all' and names exclude each other");
    return dits_fast_export(cli->repo, &wanted, write_out, cli->out, &result);
}

const struct cli_command cmd_fast_export = {
    .name = "fast-export",
    .summary = "write history as a stream for 'git fast-import'",
    .help = help,
    .group = CLI_GROUP_START,
    .flags = CLI_NEEDS_REPO,
    .options = options,
    .args_size = sizeof(struct fast_export_args),
    .run = run,
};
