/*
 * dits get - bring the content of dropped files back
 */
#include <inttypes.h>

#include <dits/worktree.h>

#include "cli/command.h"
#include "cli/events.h"
#include "cli/format.h"

struct get_args {
    bool dry_run;
    struct cli_list paths;
};

static const struct cli_option options[] = {
    CLI_OPERANDS("PATH", struct get_args, paths,
                 "files to get; of folders all that is dropped in them",
                 .flags = CLI_NEEDED),
    CLI_SWITCH('n', "dry-run", struct get_args, dry_run,
               "show what would be brought back and change nothing"),
    CLI_END,
};

static const char help[] =
    "Brings the content of files back that 'dits drop' has taken away. Other\n"
    "files are left as they are. 'dits ls --dropped' lists what is dropped.\n";

static const struct event_words words = {.added = "get"};

static dits_error *run(struct cli *cli, const void *data)
{
    const struct get_args *args = data;
    const struct dits_paths paths = cli_paths(&args->paths);
    struct event_printer printer = {.cli = cli, .words = &words};
    const struct dits_get_options get = {
        .dry_run = args->dry_run,
        .on_path = cli->quiet && !cli->json ? NULL : event_print,
        .payload = &printer,
    };
    struct dits_drop_result result = {0};
    char size[FORMAT_SIZE] = {0};
    TRY(dits_get(cli->repo, &paths, &get, &result));
    if (!cli->json)
        cli_note(cli, "%s%" PRIu64 " files, %s",
                 args->dry_run ? "would get " : "got ", result.files,
                 format_size(result.bytes, size));
    return NULL;
}

const struct cli_command cmd_get = {
    .name = "get",
    .summary = "bring the content of dropped files back",
    .help = help,
    .group = CLI_GROUP_WORK,
    .flags = CLI_NEEDS_REPO | CLI_NEEDS_FILES | CLI_CHANGES | CLI_JSON,
    .options = options,
    .args_size = sizeof(struct get_args),
    .run = run,
};
