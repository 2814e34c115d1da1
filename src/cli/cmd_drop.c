/*
 * dits drop - leave the content of files to the repository alone
 */
#include <inttypes.h>

#include <dits/worktree.h>

#include "cli/command.h"
#include "cli/events.h"
#include "cli/format.h"

struct drop_args {
    bool force;
    bool dry_run;
    struct cli_list paths;
};

static const struct cli_option options[] = {
    CLI_OPERANDS("PATH", struct drop_args, paths,
                 "files to drop; of folders all that is tracked in them",
                 .flags = CLI_NEEDED),
    CLI_SWITCH('f', "force", struct drop_args, force,
               "drop files that are not committed, and give up changes; 'dits "
               "undo' brings them back"),
    CLI_SWITCH('n', "dry-run", struct drop_args, dry_run,
               "show what would be dropped and change nothing"),
    CLI_END,
};

static const char help[] =
    "Takes the content of committed files away from the work tree, where the\n"
    "repository has it anyway: half of the disk's room is free again. A small\n"
    "file in its place says what it stands for; to every command it is the\n"
    "file, unchanged. 'dits get' brings the content back. What is stored is\n"
    "read and verified before. Symlinks and files of less than 4 KiB stay.\n";

static const struct event_words words = {.added = "drop"};

static dits_error *run(struct cli *cli, const void *data)
{
    const struct drop_args *args = data;
    const struct dits_paths paths = cli_paths(&args->paths);
    struct event_printer printer = {.cli = cli, .words = &words};
    const struct dits_drop_options drop = {
        .force = args->force,
        .dry_run = args->dry_run,
        .on_path = cli->quiet && !cli->json ? NULL : event_print,
        .payload = &printer,
    };
    struct dits_drop_result result = {0};
    char size[FORMAT_SIZE] = {0};
    TRY(dits_drop(cli->repo, &paths, &drop, &result));
    if (!cli->json)
        cli_note(cli, "%s%" PRIu64 " files, %s",
                 args->dry_run ? "would drop " : "dropped ", result.files,
                 format_size(result.bytes, size));
    return NULL;
}

const struct cli_command cmd_drop = {
    .name = "drop",
    .summary = "leave the content of files to the repository alone",
    .help = help,
    .group = CLI_GROUP_WORK,
    .flags = CLI_NEEDS_REPO | CLI_NEEDS_FILES | CLI_CHANGES | CLI_JSON,
    .options = options,
    .args_size = sizeof(struct drop_args),
    .run = run,
};
