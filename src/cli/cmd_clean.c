/*
 * dits clean - remove files that are not tracked
 */
#include <dits/worktree.h>

#include "cli/command.h"
#include "cli/events.h"
#include "cli/paths.h"
#include "cli/report.h"

struct clean_args {
    bool dry_run;
    bool force;
    bool folders;
    bool all;
    bool ignored;
    struct cli_list exclude;
    struct cli_list paths;
};

static const struct cli_option options[] = {
    CLI_OPERANDS("PATH", struct clean_args, paths,
                 "clean only these; folders among them as with '-d'"),
    CLI_SWITCH('n', "dry-run", struct clean_args, dry_run,
               "show what would be removed and change nothing"),
    CLI_SWITCH('f', "force", struct clean_args, force,
               "needed, unless 'clean.requireForce' is false"),
    CLI_SWITCH('d', NULL, struct clean_args, folders,
               "remove untracked folders, too"),
    CLI_SWITCH('x', NULL, struct clean_args, all, "remove ignored files, too"),
    CLI_SWITCH('X', NULL, struct clean_args, ignored,
               "remove only ignored files"),
    CLI_STRINGS('e', "exclude", "PATTERN", struct clean_args, exclude,
                "ignore files that match PATTERN, too, also with '-x'"),
    CLI_END,
};

static const char help[] =
    "Removes files that are not tracked, from the current folder downwards.\n"
    "What is ignored stays, and so do folders with nothing tracked in them,\n"
    "unless the options say otherwise; repositories in the work tree always\n"
    "stay. Each file is stored before it goes: 'dits undo' brings it back. "
    "What\n"
    "cannot be stored, as it cannot be read or is no file, is not removed.\n";

struct printer {
    struct event_printer json;
    struct cli *cli;
    bool dry_run;
};

static dits_error *print_path(const struct dits_path_event *event,
                              void *payload)
{
    struct printer *printer = payload;
    if (printer->cli->json)
        return event_print(event, &printer->json);
    fputs(printer->dry_run ? "Would remove " : "Removing ", printer->cli->out);
    TRY(path_print_here(printer->cli, event->path));
    fputc('\n', printer->cli->out);
    return NULL;
}

static void print_left(const char *path, const dits_error *why, void *payload)
{
    (void)path; /* the message names it */
    (void)payload;
    report_error(stderr, "dits", why, false);
}

static dits_error *run(struct cli *cli, const void *data)
{
    static const struct event_words words = {0};
    const struct clean_args *args = data;
    const struct dits_paths paths = cli_paths(&args->paths);
    struct printer printer = {
        .json = {.cli = cli, .words = &words},
        .cli = cli,
        .dry_run = args->dry_run,
    };
    const struct dits_clean_options clean = {
        .scope = args->all       ? DITS_CLEAN_ALL
                 : args->ignored ? DITS_CLEAN_IGNORED
                                 : DITS_CLEAN_UNTRACKED,
        .folders = args->folders,
        .force = args->force,
        .dry_run = args->dry_run,
        .exclude = cli_paths(&args->exclude),
        .on_path = cli->quiet && !cli->json ? NULL : print_path,
        .on_left = print_left,
        .payload = &printer,
    };
    struct dits_clean_result result = {0};
    if (args->all && args->ignored)
        return cli_usage(cli, "'-x' and '-X' exclude each other");
    TRY(dits_clean(cli->repo, &paths, &clean, &result));
    if (result.paths_left > 0)
        cli->status = CLI_FAILED;
    return NULL;
}

const struct cli_command cmd_clean = {
    .name = "clean",
    .summary = "remove files that are not tracked",
    .help = help,
    .group = CLI_GROUP_WORK,
    .flags = CLI_NEEDS_REPO | CLI_NEEDS_FILES | CLI_CHANGES | CLI_JSON,
    .options = options,
    .args_size = sizeof(struct clean_args),
    .run = run,
};
